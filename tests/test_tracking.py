"""The snapshots beside a run's log: what goes wrong with them is never the run's end."""

from __future__ import annotations

import json
import threading

import row_runs

from benchgen.errors import DiskFull
from benchgen.runner import tracking
from benchgen.store import following, trackers
from benchgen.store.runs import Results
from benchgen.tracker import Tracker


class Failing:
    """`write_tracker` on a disk that is full at first."""

    def __init__(self) -> None:
        self.calls = 0
        self.written = threading.Event()

    def __call__(self, *words: object) -> None:
        self.calls += 1
        if self.calls == 1:
            raise DiskFull("disk full", where="here")
        trackers.write_tracker(*words)
        self.written.set()


def test_a_run_ends_as_it_should_where_a_snapshot_could_not_be_written(tmp_path, monkeypatch):
    failing = Failing()
    monkeypatch.setattr(tracking, "write_tracker", failing)
    folder = row_runs.make_run(tmp_path, [{"id": "a", "prompt": "1"}], {"m": lambda asked: "2"})
    assert failing.calls >= 1
    assert Results(tmp_path).load(folder.name).status == "completed"


def test_the_snapshots_of_a_harness_go_on_after_one_that_could_not_be_written(tmp_path, monkeypatch):
    failing = Failing()
    monkeypatch.setattr(following, "write_tracker", failing)
    with Tracker("full", root=tmp_path) as tracker:
        for name in "abcdefgh":
            if failing.written.wait(1.0):
                break
            tracker.start_task(name)
        assert json.loads((tracker.folder / "tracker.json").read_text())["running"]
