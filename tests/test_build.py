"""Building: only what changed is written, twice gives the same bytes, and a tree built in steps equals a clean one."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from factories import at, attempt, attempt_events, make_run, make_runs, run_config
from fake_renderer import FakeRenderer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from row_runs import make_run as make_rows
from site_links import broken_links

from benchgen import codec, paths
from benchgen.build import FOLDS, MANIFEST, RunEntry, build, read_manifest
from benchgen.errors import BenchgenError
from benchgen.pages.listing import Site
from benchgen.pages.page import Page
from benchgen.pages.writing import UNFINISHED
from benchgen.panels import attempts, links
from benchgen.record import replace
from benchgen.records.events import AttemptSuperseded, RunFinished
from benchgen.records.run import RunConfig, planned
from benchgen.store import checkpoints
from benchgen.store.annotations import annotate
from benchgen.store.derived import settle
from benchgen.store.log import append
from benchgen.store.runs import Results


def make_site(root: Path, renderer: FakeRenderer | None = None) -> Site:
    return Site(Results(root), renderer or FakeRenderer())


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    results = tmp_path / "results"
    list(make_runs(results, 2, outcomes=[None, "tests_failed"]))
    return results


def test_a_build_writes_every_page_of_the_list(root, tmp_path):
    report = build(make_site(root), tmp_path / "site")
    assert set(tree(tmp_path / "site")) == {page.path for page in make_site(root).all()}
    assert report.written == report.total == len(tree(tmp_path / "site"))


def test_a_second_build_renders_nothing_and_touches_nothing(root, tmp_path):
    build(make_site(root), tmp_path / "site")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*")}
    renderer = FakeRenderer()
    report = build(make_site(root, renderer), tmp_path / "site")
    assert (report.written, report.removed, renderer.rendered) == (0, 0, [])
    assert times == {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*")}


def test_two_builds_from_the_same_results_are_equal_byte_for_byte(root, tmp_path):
    build(make_site(root), tmp_path / "one")
    build(make_site(root), tmp_path / "two")
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_one_more_attempt_changes_seven_pages_at_most(tmp_path):
    root, config = tmp_path / "results", run_config(tasks=9)
    make_run(root, config, finished=False, upto=5)
    build(make_site(root), tmp_path / "site")
    before = tree(tmp_path / "site")
    outcome = attempt("task_5", started=30.0, artifacts=())
    append(root / config.run_id, attempt_events(outcome, start=30.0), sync=False)
    build(make_site(root), tmp_path / "site")
    after = tree(tmp_path / "site")
    changed = {path for path in after if path.endswith(".html") and before.get(path) != after[path]}
    assert 3 <= len(changed) <= 7


def test_a_run_that_did_not_change_is_left_unread(root, tmp_path):
    build(make_site(root), tmp_path / "site")
    make_run(root, run_config(run_id="run_20261122T000000Z_abcdef", created_at=at(90_000), benchmark_name="other"))
    assert build(make_site(root), tmp_path / "site").skipped_runs == 2


def test_a_digest_that_was_made_anew_from_the_same_log_is_seen(root, tmp_path):
    run_id = Results(root).list()[0]
    digest = Results(root).digest(run_id)
    build(make_site(root), tmp_path / "site")
    (root / run_id / paths.DIGEST).write_bytes(codec.file(replace(digest, note="made anew")))
    build(make_site(root), tmp_path / "site")
    assert b"made anew" in (tmp_path / "site" / links.run_data(run_id)).read_bytes()


def test_pages_of_a_removed_run_are_removed_and_foreign_files_stay(root, tmp_path):
    site = tmp_path / "site"
    build(make_site(root), site)
    gone = Results(root).list()[0]
    (site / "CNAME").write_text("bench.example.org")
    shutil.rmtree(root / gone)
    report = build(make_site(root), site)
    assert report.removed > 0
    assert not (site / "run" / gone).exists()
    assert (site / "CNAME").exists()


def test_a_page_that_somebody_deleted_comes_back(root, tmp_path):
    build(make_site(root), tmp_path / "site")
    (tmp_path / "site" / "index.html").unlink()
    assert build(make_site(root), tmp_path / "site").written == 1


def test_a_damaged_manifest_means_a_full_build(root, tmp_path):
    build(make_site(root), tmp_path / "site")
    (tmp_path / "site" / MANIFEST).write_text("{]")
    report = build(make_site(root), tmp_path / "site")
    assert report.written == report.total


def test_a_run_that_breaks_while_it_is_read_is_reported_and_tried_again(root, tmp_path):
    run_id = Results(root).list()[0]
    log = root / run_id / paths.EVENTS
    Results(root).digest(run_id)
    content = log.read_bytes()
    site = make_site(root)
    site.across()
    log.write_bytes(content[:200] + b"}{" + content[202:])
    report = build(site, tmp_path / "site")
    assert [one.run_id for one in report.failed] in ([run_id], [])
    log.write_bytes(content)
    assert build(make_site(root), tmp_path / "site").failed == ()
    assert (tmp_path / "site" / "run" / run_id / "index.html").exists()


def test_no_page_is_written_outside_the_site(root, tmp_path):
    class Evil(Site):
        def shared(self):
            yield Page("../evil.html", "key", lambda: b"")

    with pytest.raises(BenchgenError, match="may not be written"):
        build(Evil(Results(root), FakeRenderer()), tmp_path / "site")
    assert not (tmp_path / "evil.html").exists()


def test_every_internal_link_resolves(root, tmp_path):
    make_run(root, run_config(run_id="run_20261122T000000Z_abcdef", tasks=3, samples=2, models=["a/b", "c/d"]), upto=7)
    build(make_site(root), tmp_path / "site")
    assert broken_links(tmp_path / "site") == []


def test_the_link_checker_sees_what_would_break(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "index.html").write_text('<a href="/x.html">1</a><a href="a/b.html#no">2</a><a href="c.html">3</a>')
    (tmp_path / "a" / "b.html").write_text('<p id="yes"><a href="../../x">4</a><a href="../index.html">5</a>')
    assert [one.link for one in broken_links(tmp_path)] == ["../../x", "/x.html", "a/b.html#no", "c.html"]


EDITS = st.lists(st.tuples(st.sampled_from(["add", "grow", "end", "note", "drop"]), st.integers(0, 3)), max_size=5)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EDITS)
def test_a_tree_built_in_steps_equals_a_clean_one(edits):
    with tempfile.TemporaryDirectory() as name, short_logs_kept():
        root, site = Path(name) / "results", Path(name) / "site"
        list(make_runs(root, 1, artifacts=False))
        build(make_site(root), site)
        for number, (edit, choice) in enumerate(edits):
            change(root, edit, choice, number)
            build(make_site(root), site)
        build(make_site(root), Path(name) / "clean")
        assert tree(site) == tree(Path(name) / "clean")
        assert broken_links(site) == []


def change(root: Path, edit: str, choice: int, number: int) -> None:
    """One edit of a results folder, whatever is in it."""
    runs = Results(root).list()
    if edit == "add" or not runs:
        run_id = f"run_20261201T0000{number:02d}Z_{number:06x}"
        config = run_config(run_id=run_id, created_at=at(1e5 + number), tasks=3)
        make_run(root, config, ["tests_failed", None], artifacts=False, finished=choice > 1, upto=choice or None)
        return
    run_id = runs[choice % len(runs)]
    if edit == "drop":
        shutil.rmtree(root / run_id)
    elif edit == "note":
        annotate(root, run_id, note=f"note {number}")
    elif edit == "end":
        append(root / run_id, [RunFinished(at=at(500), status="completed", exit_code=0)], sync=False)
    else:
        for item in Results(root).load(run_id).next_up[:1]:
            append(root / run_id, attempt_events(attempt(item.task, sample=item.sample), start=9.0), sync=False)


GROWTH = st.lists(st.tuples(st.sampled_from(["finish", "retry", "replace", "note"]), st.integers(0, 11)), max_size=9)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(GROWTH)
def test_a_run_that_grew_is_built_as_if_it_were_new(growth):
    with tempfile.TemporaryDirectory() as name, small_pages(), short_logs_kept():
        root, site, config = Path(name) / "results", Path(name) / "site", run_config(tasks=6, samples=2)
        make_run(root, config, artifacts=False, finished=False, upto=5)
        build(make_site(root), site)
        for edit, choice in growth:
            grow(root, config, edit, choice)
            build(make_site(root), site)
        build(make_site(root), Path(name) / "clean")
        assert tree(site) == tree(Path(name) / "clean")


@contextmanager
def small_pages() -> Iterator[None]:
    """Two attempts on a page of the table, four in a part of the index."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attempts, "PAGE", 2)
        patch.setattr(attempts, "PART", 4)
        yield


@contextmanager
def short_logs_kept() -> Iterator[None]:
    """The fold of every log is put down beside the site, and a build goes on from there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoints, "FEWEST_ROWS", 1)
        yield


def grow(root: Path, config: RunConfig, edit: str, choice: int) -> None:
    """One attempt more, wherever in the plan, or one in place of another, which is said before or after."""
    done = {row.attempt: row for row in Results(root).load(config.run_id).rows}
    if edit == "note":
        annotate(root, config.run_id, note=f"note {choice}")
        return
    open_ones = [plan for plan in planned(config) if plan.attempt not in done]
    old = list(done.values())[choice % len(done)]
    new = attempt(old.task, old.model, old.sample, again=1 + choice % 2, replaces=old.attempt, artifacts=())
    if edit == "replace":
        append(root / config.run_id, [AttemptSuperseded(at=at(30.0), attempt=old.attempt, by=new.attempt)], sync=False)
        return
    if edit == "finish" and open_ones:
        plan = open_ones[choice % len(open_ones)]
        new = attempt(plan.task, plan.model, plan.sample, artifacts=())
    append(root / config.run_id, attempt_events(new, start=30.0), sync=False)


def test_of_a_run_that_grew_only_what_may_have_changed_is_looked_at(tmp_path):
    root, config = tmp_path / "results", run_config(tasks=9)
    make_run(root, config, artifacts=False, finished=False, upto=8)
    with small_pages():
        entry = build_and_read(root, tmp_path / "site")
        append(root / config.run_id, attempt_events(attempt("task_8", artifacts=()), start=40.0), sync=False)
        listing = next(make_site(root).runs()).pages(entry.seen)
        listed = {page.path for page in listing.pages}
        kept = {path for path in entry.pages if path not in listed and listing.keeps(path)}
    assert set(entry.pages) - listed == kept
    assert links.attempt(config.run_id, "task_0__acme/fast__sample00") in kept
    assert links.attempt(config.run_id, "task_7__acme/fast__sample00") in listed


def test_the_fold_of_a_run_that_is_gone_goes_too(root, tmp_path):
    with short_logs_kept():
        build(make_site(root), tmp_path / "site")
        kept = {path.stem for path in (tmp_path / "site" / FOLDS).iterdir()}
        shutil.rmtree(root / min(kept))
        build(make_site(root), tmp_path / "site")
    assert {path.stem for path in (tmp_path / "site" / FOLDS).iterdir()} == kept - {min(kept)}


def test_a_log_whose_beginning_was_rewritten_is_looked_at_as_a_whole(tmp_path):
    root, config = tmp_path / "results", run_config(tasks=9)
    folder = make_run(root, config, artifacts=False, finished=False, upto=8)
    with small_pages():
        entry = build_and_read(root, tmp_path / "site")
        log = folder / paths.EVENTS
        log.write_bytes(log.read_bytes().replace(b'"output":', b'"output" :', 1))
        append(folder, attempt_events(attempt("task_8", artifacts=()), start=40.0), sync=False)
        listed = {page.path for page in next(make_site(root).runs()).pages(entry.seen).pages}
    assert listed >= set(entry.pages)


def build_and_read(root: Path, site: Path) -> RunEntry:
    build(make_site(root), site)
    (entry,) = read_manifest(site).runs.values()
    return entry


def test_a_reader_never_sees_half_a_file(root, tmp_path):
    build(make_site(root), tmp_path / "site")
    assert not [name for _, _, names in os.walk(tmp_path / "site") for name in names if name.endswith(".writing")]


class Styled(FakeRenderer):
    """Pages of runs refer to a script of their own, which `has_script` decides."""

    has_script = True

    def page(self, template: str, panel: object, *, page_path: str, live: bool) -> str:
        page = super().page(template, panel, page_path=page_path, live=live)
        depth = page_path.count("/") * "../"
        script = f'<script src="{depth}assets/run.js"></script></head>'
        return page.replace("<pre>", script + "<pre>") if self.has_script and template == "run" else page

    def assets(self, *, live: bool) -> dict[str, bytes]:
        return {**super().assets(live=live), "assets/run.js": b"1;\n", "assets/unused.js": b"2;\n"}


def test_a_site_has_the_static_files_that_its_pages_refer_to_and_no_other(root, tmp_path):
    build(make_site(root, Styled()), tmp_path / "site")
    assert {path.name for path in (tmp_path / "site" / "assets").iterdir()} == {"base.0123abcd.css", "run.js"}
    assert make_site(root, Styled()).find("assets/unused.js") is not None


def test_a_static_file_stays_while_an_unchanged_page_refers_to_it_and_goes_with_the_last(root, tmp_path):
    site, runs = tmp_path / "site", Results(root).list()
    build(make_site(root, Styled()), site)
    shutil.rmtree(root / runs[0])
    build(make_site(root, Styled()), site)
    assert (site / "assets" / "run.js").exists()
    shutil.rmtree(root / runs[1])
    build(make_site(root, Styled()), site)
    assert not (site / "assets" / "run.js").exists()


def test_a_static_file_that_an_earlier_build_left_is_removed(root, tmp_path):
    build(make_site(root, Styled()), tmp_path / "site")
    plainer = Styled("fake-2")
    plainer.has_script = False
    build(make_site(root, plainer), tmp_path / "site")
    assert [path.name for path in (tmp_path / "site" / "assets").iterdir()] == ["base.0123abcd.css"]


def test_a_run_whose_files_cannot_be_read_is_named_and_the_others_are_built(root, tmp_path):
    rows = make_rows(root, [{"id": "a", "prompt": "?"}], {"local/m": lambda said: "!"})
    (rows / paths.RESULTS).unlink()
    (rows / paths.RESULTS).mkdir()
    failed = build(make_site(root), tmp_path / "site").failed
    assert rows.name in [one.run_id for one in failed]
    assert "run/run_20261121T024041Z_000000/index.html" in tree(tmp_path / "site")


def test_annotations_that_are_a_folder_do_not_hide_their_run(root, tmp_path):
    run = next(root.iterdir())
    (run / paths.ANNOTATIONS).mkdir()
    assert not build(make_site(root), tmp_path / "site").failed
    assert f"run/{run.name}/index.html" in tree(tmp_path / "site")


def test_a_site_that_cannot_be_written_ends_the_build(root, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "run").write_text("a file where a folder should be")
    with pytest.raises(OSError, match="run"):
        build(make_site(root), tmp_path / "site")


def test_what_a_killed_build_left_half_written_goes_and_what_another_writes_stays(root, tmp_path):
    build(make_site(root), tmp_path / "site")
    gone, going = tmp_path / "site" / f".{2**22 + 1}{UNFINISHED}", tmp_path / "site" / f".{os.getppid()}{UNFINISHED}"
    gone.write_text("half")
    going.write_text("half")
    (root / "run_20261121T024041Z_000000" / paths.ANNOTATIONS).write_text('{"note": "more"}')
    build(make_site(root), tmp_path / "site")
    assert (gone.exists(), going.exists()) == (False, True)


INSTANTS = [
    (paths.CONFIG, '"created_at": "[^"]*"', '"created_at": "yesterday"', "created_at: 'yesterday' is no instant"),
    (paths.EVENTS, '"at":"[^"]*","type":"run_started"', '"at":"noon","type":"run_started"', "'noon' is no instant"),
    (paths.EVENTS, '"started_at":"[^"]*"', '"started_at":"noon"', "'noon' is no instant"),
    (paths.EVENTS, '"duration_seconds":[0-9.]+', '"duration_seconds":1.7e308', "too large to be added up"),
]


@pytest.mark.parametrize(("name", "pattern", "words", "reason"), INSTANTS)
def test_a_run_that_says_what_cannot_be_is_named_and_the_others_are_built(root, tmp_path, name, pattern, words, reason):
    first, second = sorted(path for path in root.iterdir() if path.is_dir())
    (second / paths.DIGEST).unlink(missing_ok=True)
    spoiled, count = re.subn(pattern, words, (second / name).read_text())
    assert count
    (second / name).write_text(spoiled)
    site = make_site(root)
    failed = build(site, tmp_path / "site").failed
    named = [one.reason for one in failed] + [one.reason for one in site.results.digests().unreadable]
    assert len(named) == 1
    assert reason in named[0]
    assert f"run/{first.name}/index.html" in tree(tmp_path / "site")


def test_a_digest_that_says_no_instant_is_made_anew_from_the_log(root, tmp_path):
    (run,) = (path for path in root.iterdir() if path.name == Results(root).list()[0])
    settle(root, run)
    digest = (run / paths.DIGEST).read_text()
    (run / paths.DIGEST).write_text(re.sub('"started_at":"[^"]*"', '"started_at":"noon"', digest))
    assert Results(root).digest(run.name).started_at == codec.digest(digest.encode(), where="").started_at
