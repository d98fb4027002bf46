"""The one list of pages: every page once, each found alone as it is in the list, equal keys meaning equal bytes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from factories import at, attempt, attempt_events, make_run, make_runs, model_spec, run_config, task_card
from fake_renderer import FakeRenderer

from benchgen import paths
from benchgen.catalog.tasks import Catalog
from benchgen.pages.listing import Site
from benchgen.pages.open_run import OpenRun
from benchgen.panels import attempts, links
from benchgen.records.events import StepRecorded
from benchgen.records.run import folder_of
from benchgen.store.annotations import annotate
from benchgen.store.log import append
from benchgen.store.runs import Results


def site_of(root: Path, **options) -> Site:
    return Site(Results(root), FakeRenderer(), **options)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    list(make_runs(tmp_path, 2, outcomes=[None, "tests_failed", "api_error"]))
    return tmp_path


def test_every_path_stands_in_the_list_once(root):
    found = [page.path for page in site_of(root).all()]
    assert len(found) == len(set(found)) == len({path.lower() for path in found})


def test_the_list_holds_the_pages_of_the_design(root):
    found = {page.path for page in site_of(root).all()}
    run_id = Results(root).list()[0]
    assert found >= {
        "index.html",
        "live/index.html",
        "history/index.html",
        "task/index.html",
        "compare/index.html",
        "methods/index.html",
        "404.html",
        "robots.txt",
        ".nojekyll",
        "data/index.json",
        "data/runs.json",
        "data/leaderboard.json",
        f"data/runs/{run_id}.json",
        f"run/{run_id}/index.html",
        links.task("task_0"),
        links.model("acme/fast"),
        links.badge("acme/fast"),
        links.attempt(run_id, paths.attempt_id("task_0", "acme/fast", 0)),
    }


def test_finding_a_page_gives_what_the_list_has(root):
    site = site_of(root)
    for page in list(site.all()):
        alone = site.find(page.path)
        assert alone is not None, page.path
        assert (alone.path, alone.key, alone.render()) == (page.path, page.key, page.render())


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing.html",
        "run/run_x/index.html",
        "run/../index.html",
        "task/none/index.html",
        "compare/a..b/index.html",
        "data/runs/none.json",
        "data/runs/../../x.json",
        "assets/none.css",
        "badge/none.svg",
    ],
)
def test_a_path_outside_the_list_finds_nothing(root, path):
    assert site_of(root).find(path) is None


@pytest.mark.parametrize(
    "rest", ["a/none.html", "attempts-1.html", "attempts-2.html", "attempts-02.html", "files/x/y.txt"]
)
def test_a_path_below_a_run_that_is_not_in_the_list_finds_nothing(root, rest):
    run_id = Results(root).list()[0]
    assert site_of(root).find(f"run/{run_id}/{rest}") is None


def test_a_live_site_compares_any_two_runs(root):
    newer, older = Results(root).list()
    path = links.compare(newer, older)
    assert site_of(root).find(path) is None
    assert site_of(root, live=True).find(path) is not None


def test_pairs_that_were_asked_for_have_a_page(root):
    newer, older = Results(root).list()
    found = {page.path for page in site_of(root, pairs=[(newer, older)]).all()}
    assert links.compare(newer, older) in found


def test_an_attempt_changes_its_key_with_its_neighbours_only(tmp_path):
    config = run_config(tasks=4)
    make_run(tmp_path, config, finished=False, upto=2)
    before = {page.path: page.key for page in site_of(tmp_path).all()}
    shutil.rmtree(tmp_path / config.run_id)
    make_run(tmp_path, config, finished=False, upto=3)
    after = {page.path: page.key for page in site_of(tmp_path).all()}
    changed = {path for path in before if before[path] != after[path] and "/a/" in path}
    assert changed == {links.attempt(config.run_id, paths.attempt_id("task_1", "acme/fast", 0))}


def test_a_failed_attempt_leads_to_the_next_that_failed(tmp_path):
    config = run_config(tasks=4)
    make_run(tmp_path, config, ["tests_failed", None, None, "no_diff"])
    run = OpenRun(Results(tmp_path), config.run_id)
    found = [run.around(row).next_failure for row in run.ordered()]
    assert found == [paths.attempt_id("task_3", "acme/fast", 0), None, None, None]


def test_a_mark_changes_the_page_of_its_attempt(root):
    run_id = Results(root).list()[0]
    attempt = paths.attempt_id("task_1", "acme/fast", 0)
    before = {page.path: page.key for page in site_of(root).all()}
    annotate(root, run_id, marks={attempt: "look at this"})
    after = {page.path: page.key for page in site_of(root).all()}
    assert {path for path in before if before[path] != after[path]} == {
        links.attempt(run_id, attempt),
        links.run(run_id),
    }


def test_another_look_changes_every_key_but_those_of_plain_data(root):
    site, other = site_of(root), Site(Results(root), FakeRenderer("fake-2"))
    keys = {page.path: page.key for page in other.all()}
    same = {page.path for page in site.all() if keys[page.path] == page.key}
    assert all(path.endswith((".json", ".txt", ".css", ".nojekyll", "jump.js")) for path in same)


def test_an_open_run_takes_new_attempts_without_being_opened_again(tmp_path):
    config = run_config(tasks=3)
    make_run(tmp_path, config, finished=False, upto=1)
    site = site_of(tmp_path)
    path = links.attempt(config.run_id, paths.attempt_id("task_1", "acme/fast", 0))
    assert site.find(path) is None
    shutil.rmtree(tmp_path / config.run_id)
    make_run(tmp_path, config, finished=False, upto=2)
    assert site.find(path) is not None


def test_an_unreadable_run_is_listed_with_its_reason_and_the_others_are_there(root):
    broken, fine = Results(root).list()
    (root / broken / paths.CONFIG).write_text("{")
    site = site_of(root)
    index = site.find("index.html")
    assert index is not None
    assert "unreadable" in index.render().decode() and broken in index.render().decode()
    assert site.find(links.run(broken)) is None
    assert site.find(links.run(fine)) is not None


def test_no_page_says_where_on_this_machine_the_results_lie(root):
    run_id = Results(root).list()[0]
    (root / run_id / paths.CONFIG).write_text("{")
    assert [page.path for page in site_of(root).all() if str(root).encode() in page.render()] == []


def test_runs_whose_names_differ_by_case_alone_do_not_share_a_page(tmp_path):
    make_run(tmp_path, run_config(run_id="Run-A"))
    make_run(tmp_path, run_config(run_id="run-a", created_at=at(9)))
    found = [page.path.lower() for page in site_of(tmp_path).all()]
    assert len(found) == len(set(found))


def test_a_long_log_is_published_as_text_beside_its_page(tmp_path):
    config = run_config(tasks=1)
    make_run(tmp_path, config, artifacts={paths.STDERR: b"<script>x</script>\n" * 2000})
    folder = paths.attempt_folder(paths.attempt_id("task_0", "acme/fast", 0))
    path = f"run/{config.run_id}/files/{folder}/{paths.STDERR}.txt"
    page = site_of(tmp_path).find(path)
    assert page is not None
    assert page.render() == b"<script>x</script>\n" * 2000


def test_a_picture_keeps_its_name_and_a_page_among_the_files_does_not_get_out(tmp_path):
    config = run_config(tasks=1)
    make_run(tmp_path, config, artifacts={"shot.png": b"\x89PNG", "evil.html": b"<script>"})
    found = [page.path for page in site_of(tmp_path).all() if "/files/" in page.path]
    assert [path.rpartition("/")[2] for path in found] == ["shot.png"]


def test_tasks_of_the_catalog_have_pages_without_any_run(tmp_path):
    catalog = Catalog(Path(__file__).parent.parent / "tasks")
    site = site_of(tmp_path, catalog=catalog)
    first = catalog.tasks()[0]
    page = site.find(links.task(first.task_id))
    assert page is not None
    assert "instructions" in page.render().decode()


def test_rows_of_a_dataset_have_no_pages_of_their_own(tmp_path):
    config = run_config(kind="dataset", tasks={"row-1": task_card("row-1")}, models=[model_spec()])
    make_run(tmp_path, config, artifacts=False)
    assert not [page.path for page in site_of(tmp_path).all() if "/a/" in page.path or page.path.startswith("task/row")]


def test_the_steps_of_an_episode_and_their_screenshots_are_on_its_page(tmp_path):
    config = run_config(kind="agent", tasks=1)
    folder = make_run(tmp_path, config, artifacts=False, finished=False, upto=0)
    outcome = attempt("task_0", folder=folder_of(config, paths.attempt_id("task_0", "acme/fast", 0)))
    shots = folder / outcome.folder / "screenshots"
    shots.mkdir(parents=True)
    (shots / "step_000.png").write_bytes(b"\x89PNG")
    steps = [
        StepRecorded(
            attempt=outcome.attempt, step=0, action={"type": "click", "x": 3}, screenshot="screenshots/step_000.png"
        ),
        StepRecorded(attempt=outcome.attempt, step=1, action={"type": "done"}, screenshot="../../config.json.png"),
    ]
    append(folder, [*attempt_events(outcome)[:1], *steps, *attempt_events(outcome)[1:]], sync=False)
    site = site_of(tmp_path)
    page = site.find(links.attempt(config.run_id, outcome.attempt))
    assert page is not None and "x 3" in page.render().decode()
    found = {page.path: page for page in site.all() if "/files/" in page.path}
    assert [path.rpartition("/")[2] for path in found] == ["step_000.png"]
    assert all(site.find(path).render() == b"\x89PNG" for path in found)


def test_the_index_of_attempts_tells_of_every_page_what_its_lines_show(tmp_path, monkeypatch):
    monkeypatch.setattr(attempts, "PAGE", 3)
    monkeypatch.setattr(attempts, "PART", 4)
    make_run(tmp_path, run_config(tasks=3, models=["acme/one", "acme/two"]), [None, "tests_failed"])
    site, run_id = site_of(tmp_path), Results(tmp_path).list()[0]
    scripts = [page for page in site.all() if page.path.startswith(f"run/{run_id}/attempts-") and ".js" in page.path]
    assert [page.path for page in scripts] == [links.attempt_index(run_id, 1), links.attempt_index(run_id, 2)]
    for page in scripts:
        alone = site.find(page.path)
        assert alone is not None
        assert (alone.key, alone.render()) == (page.key, page.render())
    told = [json.loads(page.render().partition(b".push(")[2].rpartition(b")")[0]) for page in scripts]
    assert [len(one["href"]) for one in told] == [4, 2]
    assert {site.find(f"run/{run_id}/{href}") is not None for one in told for href in one["href"]} == {True}
    assert {word for one in told for word, _ in one["statuses"]} == {"passed", "failed"}
    assert site.find(links.attempt_index(run_id, 3)) is None


def test_a_run_of_one_page_has_no_index_of_its_attempts(tmp_path):
    make_run(tmp_path, run_config(tasks=3, models=["acme/one", "acme/two"]), [None, "tests_failed"])
    assert not any("attempts-" in page.path for page in site_of(tmp_path).all())
