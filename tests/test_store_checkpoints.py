"""Folds put down beside a site: the next build goes on from them, where log, plan and code are those of before."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import attempt, attempt_events, make_run, run_config

from benchgen import codec, paths
from benchgen.fold import Fold
from benchgen.record import field_names
from benchgen.store import checkpoints
from benchgen.store.checkpoints import Checkpoints, Prefix
from benchgen.store.log import append
from benchgen.store.runs import Results

CONFIG = run_config(tasks=9)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run whose fold was put down after eight attempts; then a ninth came."""
    monkeypatch.setattr(checkpoints, "FEWEST_ROWS", 1)
    made = make_run(tmp_path / "results", CONFIG, artifacts=False, finished=False, upto=8)
    put_down(results_of(made))
    append(made, attempt_events(attempt("task_8", artifacts=()), start=40.0), sync=False)
    return made


def results_of(folder: Path, code: str = "this code") -> Results:
    results = Results(folder.parent)
    results.checkpoints = Checkpoints(folder.parent.parent / "kept", code)
    return results


def put_down(results: Results) -> None:
    length = results.current(CONFIG.run_id).log.offset
    results.put_down({CONFIG.run_id: Prefix(length, *results.log_hashes(CONFIG.run_id, [length]))})


def kept_of(folder: Path) -> Path:
    (kept,) = (folder.parent.parent / "kept").iterdir()
    return kept


def told(results: Results) -> tuple[object, ...]:
    state = results.current(CONFIG.run_id).state()
    parts = [getattr(state, name) for name in field_names(state) if name != "rows"]
    return *parts, list(state.rows)


def taken(results: Results, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The events that are read to know the run."""
    found: list[int] = []
    take = Fold.take
    monkeypatch.setattr(Fold, "take", lambda *given: (found.append(given[1].seq), take(*given)))
    results.current(CONFIG.run_id)
    monkeypatch.undo()
    return found


def everything(folder: Path) -> list[int]:
    return list(range(1, 1 + (folder / paths.EVENTS).read_bytes().count(b"\n")))


def test_only_what_is_new_in_a_log_is_read(folder, monkeypatch):
    new = len(attempt_events(attempt("task_8", artifacts=()), start=40.0))
    assert taken(results_of(folder), monkeypatch) == everything(folder)[-new:]


def test_the_state_is_that_of_the_whole_log(folder):
    assert told(results_of(folder)) == told(Results(folder.parent))


def test_what_was_put_down_is_written_anew_when_the_log_has_grown(folder, monkeypatch):
    before = kept_of(folder).read_bytes()
    put_down(results_of(folder))
    assert kept_of(folder).read_bytes() != before
    assert taken(results_of(folder), monkeypatch) == []


def test_of_a_short_log_nothing_is_put_down(tmp_path):
    made = make_run(tmp_path / "results", CONFIG, artifacts=False)
    put_down(results_of(made))
    assert not (tmp_path / "kept").exists()


def test_a_fold_that_has_taken_other_events_than_the_log_vouches_for_is_not_put_down(folder, monkeypatch):
    results = results_of(folder)
    length = results.current(CONFIG.run_id).log.offset
    results.put_down({CONFIG.run_id: Prefix(length - 1, "")})
    assert taken(results_of(folder), monkeypatch)


@pytest.mark.parametrize("damage", ["gone", "cut", "of a format to come"])
def test_a_damaged_one_is_thrown_away(folder, damage, monkeypatch):
    kept = kept_of(folder)
    data = kept.read_bytes()
    kept.unlink()
    if damage != "gone":
        kept.write_bytes(data[:-9] if damage == "cut" else b'{"format":2}')
    assert taken(results_of(folder), monkeypatch) == everything(folder)


def test_one_of_other_code_is_thrown_away(folder, monkeypatch):
    assert taken(results_of(folder, "other code"), monkeypatch) == everything(folder)


def test_one_of_another_plan_is_thrown_away(folder, monkeypatch):
    plan = folder / paths.CONFIG
    plan.write_bytes(codec.file(run_config(tasks=8)))
    assert taken(results_of(folder), monkeypatch) == everything(folder)


@pytest.mark.parametrize("edit", ["changed", "cut"])
def test_one_of_another_log_is_thrown_away(folder, edit, monkeypatch):
    log = folder / paths.EVENTS
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:3] if edit == "cut" else [lines[0].replace(b"02:", b"03:"), *lines[1:]]))
    assert taken(results_of(folder), monkeypatch) == everything(folder)


def test_hashes_of_a_log_that_changed_are_made_anew(folder):
    results = results_of(folder)
    before = results.log_hashes(CONFIG.run_id, [100])
    log = folder / paths.EVENTS
    log.write_bytes(log.read_bytes().replace(b"02:", b"03:"))
    assert results.log_hashes(CONFIG.run_id, [100]) != before
