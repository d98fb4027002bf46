"""Pages that compare runs: found by their path, with answers read from the runs' folders, and never too large."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import row_runs
from factories import at, make_run, make_runs, model_spec, run_config
from fake_renderer import FakeRenderer

from benchgen import paths
from benchgen.imports.files import import_files
from benchgen.imports.place import Place
from benchgen.pages.listing import Site
from benchgen.panels import links
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

HOSTILE = b"</code><script>alert(1)</script>\n+return 1\n"


def site_of(root: Path, **options) -> Site:
    return Site(Results(root), FakeRenderer(), **options)


def run(root: Path, number: int, outcomes, answer: bytes = b"", **changes) -> str:
    run_id = f"run_{number}..x"
    config = run_config(run_id=run_id, created_at=at(3600.0 * number), **changes)
    make_run(root, config, outcomes, artifacts={paths.PATCH: answer} if answer else False)
    return run_id


@pytest.fixture
def root(tmp_path: Path) -> Path:
    run(tmp_path, 1, "tests_failed", b"-pass\n+return 0\n")
    run(tmp_path, 2, None, HOSTILE)
    run(tmp_path, 3, None, b"-pass\n")
    run(tmp_path, 4, "tests_failed", b"-pass\n")
    return tmp_path


def html(root: Path, *run_ids: str) -> str:
    page = Site(Results(root), Renderer(), live=True).find(links.compare(*run_ids))
    assert page is not None
    return page.render().decode()


def test_a_live_site_compares_up_to_four_runs_whatever_dots_their_ids_hold(root):
    site = site_of(root, live=True)
    ids = [f"run_{number}..x" for number in (4, 2, 1, 3)]
    assert site.find(links.compare(*ids)).path == links.compare(*ids)
    assert site.find(links.compare(*ids, "run_5..x")) is None
    assert site.find(links.compare(ids[0], ids[0])) is None


def test_a_run_leads_to_what_changed_since_the_run_before(tmp_path):
    first, second = make_runs(tmp_path, 2)
    page = Site(Results(tmp_path), Renderer()).find(links.run(second.name)).render().decode()
    assert f'compare/{first.name}..{second.name}/index.html" title="{first.name}">since' in page


def test_four_runs_that_were_asked_for_have_a_page_and_a_table(root):
    ids = tuple(f"run_{number}..x" for number in (1, 2, 3, 4))
    found = {page.path: page for page in site_of(root, pairs=[ids]).all()}
    assert links.compare(*ids) in found
    table = list(csv.DictReader(io.StringIO(found[links.compare_csv(*ids)].render().decode())))
    assert table[0]["change"] == "B fixed, C fixed"


def test_answers_stand_side_by_side_and_nothing_in_them_runs(root):
    page = html(root, "run_1..x", "run_2..x")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<mark>" in page


def test_the_attempt_that_failed_stands_beside_the_one_that_passed(tmp_path):
    one = run_config(run_id="a", tasks=1, samples=2)
    make_run(tmp_path, one, {"task_0__acme/fast__sample01": "tests_failed"}, artifacts=True)
    make_run(tmp_path, run_config(run_id="b", tasks=1, samples=2), None, artifacts=True)
    folder = next(path for path in (tmp_path / "a").iterdir() if path.name.endswith("sample01"))
    (folder / paths.PATCH).write_text("+the one that failed\n")
    assert "the one that failed" in html(tmp_path, "a", "b")


def test_a_run_that_kept_no_texts_is_compared_without_them(tmp_path):
    run(tmp_path, 1, "tests_failed")
    run(tmp_path, 2, None)
    assert "Answers side by side" not in html(tmp_path, "run_1..x", "run_2..x")


def test_answers_to_rows_of_a_dataset_stand_side_by_side(tmp_path):
    rows = [{"id": f"r{n}", "prompt": str(n), "expected": str(n)} for n in range(3)]
    row_runs.make_run(tmp_path, rows, {"test/a": lambda asked: asked}, "run_a")
    row_runs.make_run(tmp_path, rows, {"test/a": lambda asked: "wrong words"}, "run_b")
    page = html(tmp_path, "run_a", "run_b")
    assert "wrong words" in page


def test_a_page_stays_below_a_megabyte_whatever_the_models_wrote(tmp_path):
    words = b"".join(b"<&'\"> %d <&'\"> <&'\"> <&'\">\n" % number for number in range(2000))
    tasks = [f"task_with_a_rather_long_name_{number}" for number in range(500)]
    for number, outcome in enumerate(("tests_failed", None, "tests_failed", None)):
        config = run_config(run_id=f"run_{number}", tasks=tasks)
        folder = make_run(tmp_path, config, outcome, artifacts=False)
        for task in tasks[:40]:
            attempt = folder / paths.attempt_folder(paths.attempt_id(task, "acme/fast", 0))
            attempt.mkdir()
            (attempt / paths.PATCH).write_bytes(words.replace(b"%", b"abcd"[number : number + 1]))
    page = html(tmp_path, *(f"run_{number}" for number in range(4)))
    assert "Answers side by side" in page
    assert len(page.encode()) < 1_000_000


def test_a_comparison_keeps_its_key_until_one_of_its_runs_changes(tmp_path):
    list(make_runs(tmp_path, 2, outcomes=[None, "tests_failed"]))
    a, b = reversed(Results(tmp_path).list())
    path = links.compare(a, b)
    before = site_of(tmp_path).find(path).key
    make_run(tmp_path, run_config(run_id="another", benchmark_name="other"))
    assert site_of(tmp_path).find(path).key == before


def test_ids_that_are_too_long_for_a_file_name_together_have_a_short_one(tmp_path):
    ids = [f"{letter * 120}" for letter in "ab"]
    for number, run_id in enumerate(ids):
        make_run(tmp_path, run_config(run_id=run_id, created_at=at(number)), artifacts=False)
    path = links.compare(*ids)
    assert max(len(part) for part in path.split("/")) < 255
    assert site_of(tmp_path).find(path) is not None


def test_what_a_built_in_model_copied_from_the_solution_is_not_given_away(tmp_path):
    for number, outcome in enumerate(("tests_failed", None)):
        knowing = [model_spec("builtin/reference", provider="builtin", is_mock=True)]
        run(tmp_path, number, outcome, b"+the solution %d\n" % number, models=knowing)
    ids = ("run_0..x", "run_1..x")
    kept, given = (
        Site(Results(tmp_path), Renderer(), solutions=solutions).find(links.compare(*ids)).render().decode()
        for solutions in (False, True)
    )
    assert "the solution" not in kept
    assert "the solution <mark>" in given


def test_runs_of_an_engine_show_its_metrics_and_answers(tmp_path):
    logs = Path(__file__).parent / "inspect_logs"
    import_files([logs / "newer.eval", logs / "two-epochs.eval"], Place(tmp_path))
    one, two = Results(tmp_path).list()
    page = html(tmp_path, two, one)
    assert "What the engines reported" in page
    assert f"run/{one}/a/" in page
