"""Derived files: made from the log alone, the same each time, and at the root always of the newest."""

import json
import re

import pytest
from factories import (
    RUN_ID,
    START,
    Ticking,
    at,
    attempt_events,
    make_run,
    make_runs,
    outcomes_of,
    run_config,
    run_state,
)

from benchgen import paths
from benchgen.clock import Clock
from benchgen.errors import NotFound
from benchgen.record import replace
from benchgen.records.events import AttemptStarted, RunFinished, RunResumed, StepRecorded
from benchgen.redact import Redactor
from benchgen.store.derived import finish, reindex, settle
from benchgen.store.locks import runner_lock
from benchgen.store.log import append
from benchgen.store.runs import Results
from benchgen.store.trackers import write_live, write_tracker

DERIVED = (paths.SUMMARY, paths.TRACKER, paths.META, paths.DIGEST)
DAMAGE = {"gone": None, "empty": b"", "cut": b'{"schema_version": 1, "ki', "corrupt": b"\0" * 100, "other": b"[]\n"}


def read(path):
    return json.loads(path.read_text())


def contents(folder):
    return {name: (folder / name).read_bytes() for name in DERIVED}


def live(root):
    return read(root / paths.LIVE)


@pytest.fixture
def finished(tmp_path):
    folder = make_run(tmp_path, run_config(tasks=3), [None, "tests_failed", "api_error"])
    finish(tmp_path, folder, Ticking().clock())
    return folder


@pytest.mark.parametrize("name", DERIVED)
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_made_again_byte_for_byte(tmp_path, finished, name, damage):
    before = contents(finished)
    (finished / name).unlink()
    if damage is not None:
        (finished / name).write_bytes(damage)
    assert reindex(tmp_path) == []
    assert contents(finished) == before


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("name", [paths.LATEST_SUMMARY, "task_0_latest.json"])
def test_damaged_files_at_the_root_are_made_again(tmp_path, finished, name, damage):
    before = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(damage or b"")
    reindex(tmp_path)
    assert (tmp_path / name).read_bytes() == before


def test_the_same_run_elsewhere_gives_the_same_bytes(tmp_path):
    found = []
    for place in ("one", "two"):
        root = tmp_path / place / "benchmark_results"
        folder = make_run(root)
        finish(root, folder, Clock())
        found.append(contents(folder))
    assert found[0] == found[1]


def test_no_derived_file_names_a_place_on_this_machine(tmp_path, finished):
    for path in (*finished.rglob("*.json"), *tmp_path.glob("*.json")):
        assert str(tmp_path) not in path.read_text()


def test_meta_tells_how_the_process_went(tmp_path):
    folder = make_run(tmp_path, finished=False)
    append(folder, [RunFinished(at=at(60), status="failed", exit_code=1, error="disk full")])
    finish(tmp_path, folder, Clock())
    assert read(folder / paths.META) == {
        "run_id": RUN_ID,
        "status": "failed",
        "created_at": START,
        "started_at": START,
        "finished_at": at(60),
        "exit_code": 1,
        "error": "disk full",
        "schema_version": 1,
    }


def test_a_tracker_has_no_rows_and_stands_at_the_logs_last_event(tmp_path):
    state = run_state(run_config(tasks=3))
    write_tracker(tmp_path, state)
    tracker = read(tmp_path / paths.TRACKER)
    assert "rows" not in tracker
    assert (tracker["seq"], tracker["finished"], tracker["recent"][0]["status"]) == (state.seq, 3, "passed")
    assert tracker["tallies"][0]["tally"]["passed"] == 1


def test_secrets_do_not_come_back_through_a_state_in_memory(tmp_path):
    state = run_state(run_config(run_name="canary-4f1d"))
    redactor = Redactor({"KEY": "canary-4f1d"})
    write_tracker(tmp_path, state, redactor)
    write_live(tmp_path, state, Clock(), redactor)
    assert not any(b"canary" in path.read_bytes() for path in tmp_path.iterdir())


def test_the_latest_summary_is_a_copy_of_the_newest_finished_run(tmp_path):
    old, new = make_runs(tmp_path, 2)
    finish(tmp_path, new, Clock())
    finish(tmp_path, old, Clock())
    summaries = [(folder / paths.SUMMARY).read_bytes() for folder in (old, new)]
    latest = (tmp_path / paths.LATEST_SUMMARY).read_bytes()
    assert latest in summaries
    assert read(tmp_path / paths.LATEST_SUMMARY)["finished_at"] == max(json.loads(s)["finished_at"] for s in summaries)


def test_the_latest_of_a_task_is_its_newest_outcome(tmp_path):
    folder = make_run(tmp_path, run_config(samples=2), ["tests_failed", "tests_failed", None, None])
    finish(tmp_path, folder, Clock())
    latest = read(tmp_path / "task_0_latest.json")
    assert (latest["status"], latest["sample_index"], latest["run_id"]) == ("passed", 1, RUN_ID)


def test_only_answers_that_somebody_may_still_need_are_left(tmp_path):
    folder = make_run(tmp_path)
    kept = folder / paths.ANSWERS / "a"
    kept.mkdir(parents=True)
    finish(tmp_path, folder, Clock())
    assert kept.exists()
    kept.rmdir()
    finish(tmp_path, folder, Clock())
    assert not kept.parent.exists()


def test_reindexing_lists_what_cannot_be_read_and_makes_the_rest(tmp_path):
    good, bad = make_runs(tmp_path, 2)
    (bad / paths.CONFIG).write_bytes(b"{")
    (broken,) = reindex(tmp_path)
    assert broken.run_id == bad.name
    assert "config.json" in broken.reason
    assert (good / paths.SUMMARY).exists()


def test_reindexing_leaves_a_living_runs_files_alone(tmp_path):
    folder = make_run(tmp_path, finished=False)
    with runner_lock(folder):
        reindex(tmp_path)
        assert not (folder / paths.TRACKER).exists()
    reindex(tmp_path)
    assert (folder / paths.TRACKER).exists()


def test_a_run_that_was_killed_has_a_valid_summary_after_reindexing(tmp_path):
    folder = make_run(tmp_path, upto=1, finished=False)
    reindex(tmp_path)
    summary = read(folder / paths.SUMMARY)
    assert summary["status"] == "running"
    assert summary["notes"] == ["the run is running: 1 of 2 attempts have an outcome"]


def test_a_run_resumed_and_ended_again_has_a_new_summary(tmp_path):
    config = run_config()
    folder = make_run(tmp_path, config, upto=1, finished=False)
    append(folder, [RunFinished(at=at(9), status="canceled", exit_code=130)])
    finish(tmp_path, folder, Clock())
    rest = attempt_events(outcomes_of(config)[1], start=20)
    append(folder, [RunResumed(run_id=RUN_ID, format=1), *rest, RunFinished(status="completed", exit_code=0)])
    finish(tmp_path, folder, Clock())
    assert read(folder / paths.SUMMARY)["num_success"] == 2
    assert Results(tmp_path).digest(RUN_ID).status == "completed"


def test_nothing_running_is_idle_and_nothing_else(tmp_path):
    write_live(tmp_path, None, Clock())
    assert live(tmp_path) == {"status": "idle"}


def test_the_live_file_of_an_ended_run_is_complete(tmp_path, finished):
    found = live(tmp_path)
    assert (found["status"], found["total_tasks"], found["tasks_completed"]) == ("complete", 3, 3)
    assert found["current_task"]["result"] == {
        "success": False,
        "score": None,
        "num_steps": 1,
        "total_time_seconds": 3.0,
    }


def test_the_live_file_shows_the_steps_of_the_running_task(tmp_path):
    folder = make_run(tmp_path, run_config(kind="agent", tasks=4), upto=3, finished=False, artifacts=False)
    start = AttemptStarted(at=at(30), attempt="a", task="task_3", model="acme/fast", sample=0)
    action = {"type": "click", "x": 3, "y": 4, "target_node_id": None, "text": None, "key": None}
    step = StepRecorded(at=at(36), attempt="a", step=0, action=action, reasoning="why", screenshot="tasks/a/step.png")
    append(folder, [start, step])
    write_live(tmp_path, Results(tmp_path).load(RUN_ID), Ticking().clock())
    found = live(tmp_path)
    assert found["status"] == "running"
    assert found["current_task"] == {
        "task_id": "task_3",
        "instruction": "The task task_3",
        "domain": "graphs",
        "steps": [
            {"step_idx": 0, "action": action, "reasoning": "why", "screenshot_url": f"{RUN_ID}/tasks/a/step.png"}
        ],
        "result": None,
    }
    assert found["eta_seconds"] == pytest.approx(36 / 3)


def test_no_time_is_promised_before_three_outcomes(tmp_path):
    make_run(tmp_path, run_config(tasks=9), upto=2, finished=False)
    write_live(tmp_path, Results(tmp_path).load(RUN_ID), Clock())
    assert live(tmp_path)["eta_seconds"] is None


def test_an_older_run_leaves_the_live_file_to_a_newer_one_that_is_going_on(tmp_path):
    old, new = (make_run(tmp_path, run_config(run_id=name), finished=False) for name in ("old", "new"))
    results = Results(tmp_path)
    older, newer = results.load("old"), replace(results.load("new"), started_at=at(60))
    with runner_lock(old):
        with runner_lock(new):
            write_live(tmp_path, newer, Clock())
            write_live(tmp_path, older, Clock())
            assert live(tmp_path)["run_id"] == "new"
        write_live(tmp_path, older, Clock())
        assert live(tmp_path)["run_id"] == "old"


def test_half_a_live_file_is_overwritten(tmp_path):
    (tmp_path / paths.LIVE).write_bytes(b'{"status":"runn')
    write_live(tmp_path, run_state(), Clock())
    assert live(tmp_path)["status"] == "complete"


def test_a_folder_that_is_not_there_is_named_and_not_made(tmp_path):
    with pytest.raises(NotFound, match="no such folder of results") as refused:
        reindex(tmp_path / "nowhere")
    assert refused.value.where == str(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_an_index_made_anew_holds_no_secret_either(tmp_path):
    old = make_run(tmp_path, outcomes=["tests_failed"])
    log = old / paths.EVENTS  # as an older benchgen wrote it, or a hand
    log.write_bytes(re.sub(rb'"message":"[^"]*"', b'"message":"hunter-two"', log.read_bytes()))
    (tmp_path / paths.HISTORY).write_bytes(b"no index at all")
    settle(tmp_path, old, Redactor({"KEY": "hunter-two"}))
    assert b"hunter-two" not in (tmp_path / paths.HISTORY).read_bytes()
    assert b"[redacted KEY]" in (tmp_path / paths.HISTORY).read_bytes()
