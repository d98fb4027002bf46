"""Runs that other harnesses left among our results are taken in once, and again when they change; nothing is written
in their folders, and a damaged one hides no other."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

import foreign_runs as foreign
import pytest
import toys
from server_room import serving, until
from test_importing import make_folder

from benchgen import paths
from benchgen.cli.taking import taker
from benchgen.errors import UsageError
from benchgen.following.follower import Follower
from benchgen.following.waiting import waiting
from benchgen.imports.folder import import_folder
from benchgen.imports.place import Place
from benchgen.panels.current_job import current_job
from benchgen.redact import Redactor
from benchgen.server.terms import Terms
from benchgen.store import guests
from benchgen.store.annotations import annotate, read_annotations
from benchgen.store.removal import remove_run
from benchgen.store.runs import Results

MAKERS = {foreign.CODE: foreign.code_run, foreign.ENGINE: foreign.engine_run, foreign.BATCH: foreign.batch_run}


def follower(root: Path) -> Follower:
    return Follower(root, take_in=taker(root, None))


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def inode(root: Path, run_id: str) -> int:
    return (guests.home_of(root, run_id) / paths.EVENTS).stat().st_ino


@pytest.mark.parametrize("run_id", MAKERS)
def test_a_run_that_lies_among_the_results_is_shown_and_its_folder_stays_as_it_is(tmp_path, run_id):
    folder = MAKERS[run_id](tmp_path)
    before = files_below(folder)
    assert follower(tmp_path).look()
    state = Results(tmp_path).load(run_id)
    assert (state.config.run_id, state.status, state.config.followed) == (run_id, "completed", True)
    assert files_below(folder) == before


def test_it_is_taken_in_once_by_this_process_and_by_the_next(tmp_path):
    foreign.code_run(tmp_path)
    one = follower(tmp_path)
    assert one.look()
    before = inode(tmp_path, foreign.CODE)
    assert not one.look()
    assert not follower(tmp_path).look()
    assert inode(tmp_path, foreign.CODE) == before


def test_it_is_taken_in_again_when_its_summary_changed_and_notes_on_it_stay(tmp_path):
    foreign.code_run(tmp_path)
    one = follower(tmp_path)
    one.look()
    annotate(tmp_path, foreign.CODE, note="theirs")
    foreign.code_run(tmp_path, [foreign.attempt("a", status="passed")])
    assert one.look()
    results = Results(tmp_path)
    assert [row.task for row in results.load(foreign.CODE).rows] == ["a"]
    assert read_annotations(results.folder(foreign.CODE)).note == "theirs"


def test_a_run_without_a_summary_has_not_ended_and_waits(tmp_path):
    summary = foreign.batch_run(tmp_path) / paths.SUMMARY
    text = summary.read_text()
    summary.unlink()
    one = follower(tmp_path)
    assert not one.look()
    summary.write_text(text)
    assert one.look()
    assert Results(tmp_path).list() == [foreign.BATCH]


def batch_that_waits(root: Path) -> Path:
    folder = foreign.batch_run(root)
    (folder / paths.SUMMARY).unlink()
    return folder


@pytest.mark.parametrize("config", [None, {"model": "a/b"}])
def test_a_batch_without_a_summary_is_named_with_what_to_do_until_it_is_imported(tmp_path, config):
    root = tmp_path / paths.RESULTS_DIR
    folder = batch_that_waits(root)
    if config:
        foreign.write(folder / paths.CONFIG, config)
    told = toys.run("list", "runs", cwd=tmp_path).stderr
    assert "shown when it is there" in told and f"benchgen import {paths.RESULTS_DIR}/{foreign.BATCH}" in told
    assert "not valid" not in told and "! " not in told
    toys.run("build", cwd=tmp_path)
    page = tmp_path / paths.SITE_DIR / "index.html"
    assert "Not shown yet." in page.read_text() and foreign.BATCH in page.read_text()
    assert "Cannot be read." not in page.read_text()
    toys.run("import", f"{paths.RESULTS_DIR}/{foreign.BATCH}", cwd=tmp_path)
    toys.run("build", cwd=tmp_path)
    assert "Not shown yet." not in page.read_text()


def test_a_batch_that_was_imported_is_listed_once_when_its_summary_comes_later(tmp_path):
    folder = batch_that_waits(tmp_path)
    imported = import_folder(folder, Place(tmp_path))
    foreign.batch_run(tmp_path)
    one = follower(tmp_path)
    assert not one.look()
    assert Results(tmp_path).list() == [imported.name]
    remove_run(tmp_path, imported.name)
    assert one.look()
    assert Results(tmp_path).list() == [foreign.BATCH]


@pytest.mark.parametrize("make", [*MAKERS.values(), make_folder])
def test_a_run_that_was_shown_where_it_lies_and_is_imported_then_is_listed_once_with_its_notes(tmp_path, make):
    folder, one = make(tmp_path), follower(tmp_path)
    one.look()
    (shown,) = Results(tmp_path).list()
    annotate(tmp_path, shown, note="theirs")
    imported = import_folder(folder, Place(tmp_path))
    for follows in (one, follower(tmp_path)):
        follows.look()
        assert Results(tmp_path).list() == [imported.name]
    assert read_annotations(imported).note == "theirs"
    remove_run(tmp_path, imported.name)
    one.look()
    assert Results(tmp_path).list() == [shown]


def test_a_site_that_was_built_before_names_a_batch_that_came_since(tmp_path):
    foreign.code_run(tmp_path / paths.RESULTS_DIR)
    toys.run("build", cwd=tmp_path)
    batch_that_waits(tmp_path / paths.RESULTS_DIR)
    toys.run("build", cwd=tmp_path)
    assert "Not shown yet." in (tmp_path / paths.SITE_DIR / "index.html").read_text()


def test_what_waits_is_spelled_so_that_a_page_can_show_it(tmp_path):
    batch_that_waits(tmp_path).rename(tmp_path / "a\udcff<b>")
    assert waiting(tmp_path) == ("a__b_",)


def engine_that_goes_on(root: Path) -> Path:
    folder = foreign.engine_run(root)
    for name in (paths.SUMMARY, paths.META):
        (folder / name).unlink()
    foreign.write(folder / paths.COMMAND, "bench eval mmlu")
    return folder


def test_an_engine_s_run_without_a_summary_is_running_by_somebody_else(tmp_path):
    engine_that_goes_on(tmp_path)
    assert follower(tmp_path).look()
    found = Results(tmp_path).digests()
    assert not found.unreadable
    assert [(one.run_id, one.status, one.benchmark_name) for one in found.runs] == [(foreign.ENGINE, "running", "mmlu")]
    assert Results(tmp_path).load(foreign.ENGINE).config.followed


def test_nobody_knows_when_it_ends(tmp_path):
    engine_that_goes_on(tmp_path)
    follower(tmp_path).look()
    assert current_job(Results(tmp_path).load(foreign.ENGINE)).eta is None


def test_it_is_alive_while_its_files_change_and_stale_after(tmp_path):
    folder = engine_that_goes_on(tmp_path)
    for path in (folder, *folder.iterdir()):
        os.utime(path, (0, 0))
    one = follower(tmp_path)
    one.look()
    assert not Results(tmp_path).is_alive(foreign.ENGINE)
    foreign.write(folder / paths.STDOUT, "1/10")
    before = inode(tmp_path, foreign.ENGINE)
    assert not one.look()
    assert Results(tmp_path).is_alive(foreign.ENGINE)
    assert inode(tmp_path, foreign.ENGINE) == before


def test_its_output_says_how_far_it_has_come_and_says_it_once(tmp_path):
    folder = engine_that_goes_on(tmp_path)
    one, home = follower(tmp_path), guests.home_of(tmp_path, foreign.ENGINE)

    def says(text: str, by: Follower) -> tuple[int | None, ...]:
        with (folder / paths.STDOUT).open("a") as output:
            output.write(text)
        by.look()
        progress = Results(tmp_path).load(foreign.ENGINE).progress
        return (progress.done, progress.total) if progress else ()

    line = "Steps:  3/10  30% | Samples:   {}/ 10 | accuracy: 0.5\n"
    assert says("Running…\n", one) == ()
    assert says(line.format(2) + line.format(3)[:30], one) == (2, 10)
    assert says(line.format(3)[30:], one) == (3, 10)
    before = (home / paths.EVENTS).read_bytes()
    assert says("nothing new\n", follower(tmp_path)) == (3, 10)
    assert (home / paths.EVENTS).read_bytes() == before
    (folder / paths.STDOUT).write_text("")
    assert says(line.format(1), one) == (1, 10)


def test_a_secret_in_its_output_is_not_kept(tmp_path):
    folder = engine_that_goes_on(tmp_path)
    (folder / paths.STDOUT).write_text("Steps:  3/10  30% | Samples:   2/ 10 | key: canary-4f1d\n")
    Follower(tmp_path, redactor=Redactor({"KEY": "canary-4f1d"}), take_in=taker(tmp_path, None)).look()
    assert "[redacted KEY]" in Results(tmp_path).load(foreign.ENGINE).progress.detail


def test_its_summary_ends_it(tmp_path):
    engine_that_goes_on(tmp_path)
    one = follower(tmp_path)
    one.look()
    foreign.engine_run(tmp_path)
    assert one.look()
    state = Results(tmp_path).load(foreign.ENGINE)
    assert (state.status, state.report.metrics[0].value) == ("completed", 0.82)


def test_one_that_failed_without_a_summary_has_failed_and_has_no_number(tmp_path):
    folder = engine_that_goes_on(tmp_path)
    foreign.write(folder / paths.META, {"status": "failed", "started_at": "2025-11-02T08:00:00Z"})
    assert follower(tmp_path).look()
    assert not follower(tmp_path).look()
    state = Results(tmp_path).load(foreign.ENGINE)
    assert (state.status, state.report.metrics) == ("failed", ())


def test_a_damaged_run_is_said_once_and_hides_no_other(tmp_path, caplog):
    foreign.write(tmp_path / "broken" / paths.SUMMARY, '{"attempts": ')
    foreign.code_run(tmp_path)
    one = follower(tmp_path)
    with caplog.at_level(logging.WARNING):
        one.look()
        (tmp_path / "another").mkdir()
        one.look()
    assert [record.message.count("broken/summary.json: not valid JSON") for record in caplog.records] == [1]
    assert Results(tmp_path).list() == [foreign.CODE]


def test_a_summary_that_was_damaged_leaves_what_was_seen_before(tmp_path):
    folder = foreign.code_run(tmp_path)
    one = follower(tmp_path)
    one.look()
    (folder / paths.SUMMARY).write_text('{"attempts": ')
    assert not one.look()
    assert len(Results(tmp_path).load(foreign.CODE).rows) == len(foreign.ENDS)


def test_a_folder_that_is_gone_takes_its_run_with_it(tmp_path):
    folder = foreign.batch_run(tmp_path)
    follower(tmp_path).look()
    folder.rename(tmp_path.parent / f"{tmp_path.name}-gone")
    assert Results(tmp_path).list() == []


def test_its_files_are_read_from_the_copies(tmp_path):
    foreign.code_run(tmp_path)
    foreign.batch_run(tmp_path)
    follower(tmp_path).look()
    results = Results(tmp_path)
    name = f"python_tool_weather_cli__{foreign.GEMINI.replace('/', '_')}__sample00"
    assert results.texts(foreign.CODE, name, [paths.RESPONSE], 100)[paths.RESPONSE].head == "a diff"
    assert results.artifact(foreign.BATCH, paths.RESULTS).parent == guests.home_of(tmp_path, foreign.BATCH)


def test_its_folder_is_theirs_to_delete(tmp_path):
    folder = foreign.code_run(tmp_path)
    follower(tmp_path).look()
    with pytest.raises(UsageError, match="delete its folder"):
        remove_run(tmp_path, foreign.CODE)
    assert folder.is_dir() and Results(tmp_path).list() == [foreign.CODE]


def test_a_link_to_a_run_elsewhere_is_not_followed(tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "link").symlink_to(foreign.code_run(tmp_path / "theirs"))
    assert not follower(tmp_path / "ours").look()
    assert Results(tmp_path / "ours").list() == []


def test_build_shows_each_with_the_pages_of_its_kind(tmp_path):
    root = tmp_path / paths.RESULTS_DIR
    for make in MAKERS.values():
        make(root)
    toys.run("build", cwd=tmp_path)
    site = tmp_path / paths.SITE_DIR / "run"
    assert "What the engine reported" in (site / foreign.ENGINE / "index.html").read_text()
    assert "Does 1 fit?" in (site / foreign.BATCH / "rows-1.html").read_text()
    assert any("3 passed in 0.1s" in page.read_text() for page in (site / foreign.CODE).rglob("*.html"))


def test_serve_shows_one_that_comes_while_it_runs(tmp_path):
    with serving(tmp_path, terms=Terms(take_in=taker(tmp_path, None))) as server:
        foreign.code_run(tmp_path)
        until(lambda: foreign.CODE in json.dumps(server.json("/api/benchmark/runs")))
        assert server.get(f"/run/{foreign.CODE}/index.html").status_code == 200
