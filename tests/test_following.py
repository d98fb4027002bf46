"""Runs of other harnesses are shown as they go on: every outcome, nothing written in their folders, stale said."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from harness import Harness

from benchgen import paths
from benchgen.errors import NotFound, UsageError
from benchgen.following.follower import Follower
from benchgen.panels import costs
from benchgen.records.state import RunState
from benchgen.store import guests
from benchgen.store.annotations import annotate
from benchgen.store.removal import remove_run
from benchgen.store.runs import Results


def told(root: Path, run_id: str = "waa_eval_1") -> RunState:
    return Results(root).load(run_id)


def outcomes(state: RunState) -> dict[str, str]:
    return {row.task: row.status for row in state.rows}


def only(root: Path) -> str:
    (run_id,) = Results(root).list()
    return run_id


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_that_grows_is_followed_without_a_live_file(tmp_path):
    harness, follower = Harness(tmp_path), Follower(tmp_path)
    harness.start("open_1")
    harness.step(0)
    assert follower.look()
    (running,) = told(tmp_path).running.values()
    assert (running.task, running.step) == ("open_1", 0)
    harness.finish()
    harness.end()
    assert not follower.look()
    state = told(tmp_path)
    assert (state.status, outcomes(state)) == ("completed", {"open_1": "passed"})


def test_nothing_is_written_in_the_folder_of_another_harness(tmp_path):
    harness, follower = Harness(tmp_path), Follower(tmp_path)
    harness.start("open_1")
    harness.finish()
    harness.end()
    before = files_below(harness.folder)
    follower.look()
    annotate(tmp_path, "waa_eval_1", note="theirs")
    assert files_below(harness.folder) == before


def test_every_outcome_is_seen_though_the_live_file_shows_none(tmp_path):
    live = tmp_path / paths.LIVE
    harness = Harness(tmp_path / paths.RESULTS_DIR, live, total=20)
    root = tmp_path / "ours"
    root.mkdir()
    follower = Follower(root, [live])
    harness.start("task_0")
    follower.look()
    for number in range(20):
        if number:
            harness.start(f"task_{number}")
        harness.step(0)
        harness.finish(success=number % 3 > 0, error="VM gone" if number == 6 else None, error_type=None)
    harness.end()
    follower.look()
    state = told(root)
    assert len(state.rows) == state.total == 20
    assert sum(row.category is None for row in state.rows) == 13
    assert state.status == "completed"


def test_steps_of_the_running_task_carry_action_reasoning_and_screenshot(tmp_path):
    live = tmp_path / paths.LIVE
    harness, follower = Harness(tmp_path, live), Follower(tmp_path, [live])
    harness.start("open_1")
    follower.look()
    harness.step(0)
    harness.step(1, "type")
    follower.look()
    (running,) = told(tmp_path).running.values()
    assert [(step.action["type"], step.reasoning) for step in running.steps] == [
        ("click", "I see it"),
        ("type", "I see it"),
    ]
    assert running.steps[1].screenshot == "tasks/open_1/screenshots/step_001.png"
    assert Results(tmp_path).artifact("waa_eval_1", running.steps[1].screenshot or "").is_file()


@pytest.mark.parametrize("part", [0, 1, 40, -2])
def test_an_empty_or_half_written_live_file_changes_nothing(tmp_path, part):
    live = tmp_path / paths.LIVE
    harness, follower = Harness(tmp_path, live), Follower(tmp_path, [live])
    harness.start("open_1")
    follower.look()
    whole = live.read_bytes()
    live.write_bytes(whole[:part])
    before = told(tmp_path).seq
    follower.look()
    assert (told(tmp_path).status, told(tmp_path).seq) == ("running", before)
    live.write_bytes(whole)
    harness.step(0)
    follower.look()
    assert next(iter(told(tmp_path).running.values())).step == 0


def test_a_half_written_execution_is_read_again(tmp_path):
    harness, follower = Harness(tmp_path), Follower(tmp_path)
    harness.start("open_1")
    harness.finish()
    path = harness.folder / "tasks" / "open_1" / "execution.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:50])
    follower.look()
    assert outcomes(told(tmp_path)) == {}
    path.write_bytes(whole)
    follower.look()
    assert outcomes(told(tmp_path)) == {"open_1": "passed"}


def live_only(tmp_path: Path, total: int = 3) -> tuple[Harness, Follower, Path]:
    """A harness that keeps no traces: its folder is out of reach."""
    live, root = tmp_path / "live" / paths.LIVE, tmp_path / "ours"
    live.parent.mkdir()
    root.mkdir()
    return Harness(tmp_path / "elsewhere", live, total=total), Follower(root, [live]), root


def test_a_task_that_vanished_without_a_result_is_an_error_and_in_no_rate(tmp_path):
    harness, follower, root = live_only(tmp_path)
    harness.start("open_1")
    follower.look()
    harness.start("open_2")
    follower.look()
    (row,) = told(root, only(root)).rows
    assert (row.task, row.status, row.message, row.evaluated) == ("open_1", "error", "no result seen", False)


def test_a_complete_run_with_fewer_tasks_has_errors_for_the_rest(tmp_path):
    harness, follower, root = live_only(tmp_path, total=4)
    harness.start("open_1")
    harness.finish()
    follower.look()
    harness.say({"status": "complete", "total_tasks": 4, "tasks_completed": 1})
    follower.look()
    state = told(root, only(root))
    assert (state.status, state.finished, state.total) == ("completed", 4, 4)
    assert [row.status for row in state.rows] == ["passed", "error", "error", "error"]
    assert {row.message for row in state.rows[1:]} == {"no result seen"}


def test_a_result_that_was_overwritten_is_told_from_one_that_never_came(tmp_path):
    harness, follower, root = live_only(tmp_path)
    harness.start("open_1")
    follower.look()
    harness.finish()
    harness.start("open_2")
    follower.look()
    (row,) = told(root, only(root)).rows
    assert row.message == "finished, but its result was overwritten before it could be read"


def test_a_live_file_begun_anew_is_another_run(tmp_path):
    harness, follower, root = live_only(tmp_path)
    harness.start("open_1")
    harness.finish()
    follower.look()
    first = only(root)
    harness.say({"status": "idle"})
    follower.look()
    assert told(root, first).status == "failed"
    harness.done = 0
    harness.start("open_1")
    os.utime(harness.live or "", (time.time() + 5, time.time() + 5))
    assert follower.look()
    assert len(Results(root).list()) == 2


@pytest.mark.parametrize("said", [{"status": "no_data"}, {"status": "idle"}, {"status": "complete", "total_tasks": 3}])
def test_a_live_file_that_tells_of_nothing_makes_no_run(tmp_path, said):
    harness, follower, root = live_only(tmp_path)
    harness.say(said)
    follower.look()
    assert Results(root).list() == []


def test_a_run_that_is_being_set_up_waits_and_says_what_for(tmp_path):
    harness, follower, root = live_only(tmp_path)
    harness.say({"status": "setup", "phase": "vm", "detail": "starting Windows"})
    follower.look()
    state = told(root, only(root))
    assert (state.status, state.progress and state.progress.detail) == ("queued", "vm: starting Windows")
    harness.start("open_1")
    follower.look()
    assert told(root, only(root)).status == "running"


def test_an_error_of_the_harness_fails_the_run(tmp_path):
    harness, follower, root = live_only(tmp_path)
    harness.start("open_1")
    follower.look()
    harness.say({"status": "error", "detail": "the VM is gone"})
    follower.look()
    state = told(root, only(root))
    assert (state.status, state.error, outcomes(state)) == ("failed", "the VM is gone", {"open_1": "error"})


def test_the_old_name_of_the_live_file_is_found_in_a_folder(tmp_path):
    harness, _, root = live_only(tmp_path)
    harness.live = tmp_path / "live" / paths.OLD_LIVE
    (tmp_path / "live" / paths.LIVE).unlink()
    harness.start("open_1")
    Follower(root, [tmp_path / "live"]).look()
    assert told(root, only(root)).status == "running"


def test_a_run_whose_files_no_longer_change_is_stale_until_they_do(tmp_path):
    harness, follower = Harness(tmp_path), Follower(tmp_path)
    harness.start("open_1")
    follower.look()
    assert Results(tmp_path).is_alive("waa_eval_1")
    later = time.time() + 3600
    assert not Results(tmp_path, _at(later)).is_alive("waa_eval_1")
    harness.step(0)
    os.utime(harness.folder / "tasks" / "open_1" / "screenshots" / "step_000.png", (later, later))
    os.utime(harness.folder / "tasks" / "open_1" / "screenshots", (later, later))
    follower.look()
    assert Results(tmp_path, _at(later)).is_alive("waa_eval_1")


def _at(seconds):
    from benchgen.clock import Clock

    return Clock(now=lambda: seconds)


def test_a_server_that_comes_back_goes_on_where_another_stopped(tmp_path):
    harness, follower, root = live_only(tmp_path)
    harness.start("open_1")
    follower.look()
    harness.finish()
    harness.start("open_2")
    Follower(root, [harness.live or Path()]).look()
    state = told(root, only(root))
    assert (list(outcomes(state)), [one.task for one in state.running.values()]) == (["open_1"], ["open_2"])


def test_a_folder_that_is_used_again_is_a_new_run(tmp_path):
    harness, follower = Harness(tmp_path), Follower(tmp_path)
    harness.start("open_1")
    harness.finish()
    harness.end()
    follower.look()
    past = time.time() - 600
    for path in [*harness.folder.rglob("*")]:
        os.utime(path, (past, past))
    execution = harness.folder / "tasks" / "open_1" / "execution.json"
    execution.write_text(execution.read_text().replace('"timestamp": 1', '"timestamp": 0'))
    os.utime(execution, (past, past))
    again = Harness(tmp_path)
    again.start("open_2")
    follower.look()
    state = told(tmp_path)
    assert (state.status, outcomes(state), [one.task for one in state.running.values()]) == ("running", {}, ["open_2"])


def test_a_run_that_is_on_record_whole_is_not_read_again(tmp_path):
    harness = Harness(tmp_path)
    harness.start("open_1")
    harness.finish()
    harness.end()
    Follower(tmp_path).look()
    before = files_below(tmp_path / paths.FOLLOWED)
    assert not Follower(tmp_path).look()
    assert files_below(tmp_path / paths.FOLLOWED) == before


def test_links_and_strangers_in_a_results_folder_are_no_runs(tmp_path):
    Harness(tmp_path / "elsewhere")
    root = tmp_path / "ours"
    (root / "notes").mkdir(parents=True)
    (root / "linked").symlink_to(tmp_path / "elsewhere" / "waa_eval_1")
    assert not Follower(root).look()
    assert Results(root).list() == []
    assert not (root / paths.FOLLOWED).exists()


def test_a_screenshot_that_is_a_link_is_shown_to_nobody(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"key")
    harness, follower = Harness(tmp_path / "ours"), Follower(tmp_path / "ours")
    harness.start("open_1")
    (harness.folder / "tasks" / "open_1" / "screenshots" / "step_000.png").symlink_to(secret)
    follower.look()
    (running,) = told(tmp_path / "ours").running.values()
    assert running.steps == ()


def test_a_run_of_another_harness_cannot_be_removed_with_its_files(tmp_path):
    Harness(tmp_path).start("open_1")
    Follower(tmp_path).look()
    with pytest.raises(UsageError):
        remove_run(tmp_path, "waa_eval_1")
    assert Results(tmp_path).list() == ["waa_eval_1"]


def test_costs_beside_the_live_file_are_counted_once(tmp_path):
    live = tmp_path / paths.LIVE
    harness, follower = Harness(tmp_path, live), Follower(tmp_path, [live])
    call = {"model": "gpt-5.1", "input_tokens": 1000, "output_tokens": 50, "cost_usd": 0.25}
    machine = {"instance_type": "D4", "hourly_rate_usd": 0.2, "hours_elapsed": 0.5, "cost_usd": 0.1}
    harness.start("open_1")
    for share in (1, 2):
        said = {"azure_vm": {**machine, "cost_usd": 0.1 * share}, "api_calls": {"openai": {**call, "cost_usd": share}}}
        (tmp_path / paths.COSTS).write_text(json.dumps(said))
        follower.look()
        follower.look()
    state = told(tmp_path)
    assert (state.spending["gpt-5.1"].cost_nanousd, state.spending["gpt-5.1"].input_tokens) == (2_000_000_000, 1000)
    assert state.machines["D4"].cost_nanousd == 200_000_000
    (provider,) = costs.costs(state).providers
    assert provider.models[0].answers is None


def test_the_harnesss_own_metrics_are_kept_as_its_own(tmp_path):
    harness, follower = Harness(tmp_path), Follower(tmp_path)
    harness.start("open_1")
    harness.finish()
    said = {"episode_success_metrics": {"first_action_accuracy": 0.82, "avg_steps_to_failure": None}}
    (harness.folder / paths.METRICS).write_text(json.dumps(said))
    (harness.folder / paths.PROGRESS).write_text(json.dumps({"message": "nearly there", "tasks_total": 9}))
    harness.end()
    follower.look()
    state = told(tmp_path)
    assert state.report is not None and state.report.metrics[0].value == 0.82
    assert (state.total, state.progress and state.progress.detail) == (9, "nearly there")


@pytest.mark.parametrize("said", ["", "[", '{"gpu_time": {"a": {"cost_usd": "much"}}}', '{"api_calls": 3}'])
def test_a_costs_file_that_says_nothing_sensible_hides_no_outcome(tmp_path, said):
    harness, follower = Harness(tmp_path), Follower(tmp_path)
    harness.start("open_1")
    harness.finish()
    (harness.folder / paths.COSTS).write_text(said)
    follower.look()
    assert outcomes(told(tmp_path)) == {"open_1": "passed"}


@pytest.mark.parametrize("named", ["/", "..", "../elsewhere", "/etc", "a/b", "elsewhere"])
def test_an_origin_that_came_with_foreign_results_opens_no_other_folder(tmp_path, named):
    root = tmp_path / "ours"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "key.txt").write_text("key")
    Harness(root).start("open_1")
    Follower(root).look()
    guests.write_origin(guests.home_of(root, "waa_eval_1"), guests.Origin(folder=named))
    results = Results(root)
    assert results.list() == []
    with pytest.raises(NotFound):
        results.artifact("waa_eval_1", "key.txt")


def test_of_a_run_folder_elsewhere_nothing_but_episodes_is_shown(tmp_path):
    live, root = tmp_path / "theirs" / paths.LIVE, tmp_path / "ours"
    root.mkdir()
    live.parent.mkdir()
    harness = Harness(tmp_path / "theirs" / paths.RESULTS_DIR, live)
    (harness.folder / "key.txt").write_text("key")
    harness.start("open_1")
    harness.step(0)
    Follower(root, [live]).look()
    results = Results(root)
    assert results.artifact("waa_eval_1", "tasks/open_1/screenshots/step_000.png").is_file()
    with pytest.raises(NotFound):
        results.artifact("waa_eval_1", "key.txt")


def test_a_folder_whose_name_cannot_be_an_id_gets_one_that_can(tmp_path):
    Harness(tmp_path, name="my run, 2").start("open_1")
    Follower(tmp_path).look()
    (run_id,) = Results(tmp_path).list()
    assert paths.is_run_id(run_id)
    assert Results(tmp_path).folder(run_id) == tmp_path / "my run, 2"


@pytest.mark.parametrize("timestamp", [1e18, 1e300, -1e18, 1.7e12])
def test_a_time_that_no_clock_can_tell_in_a_run_of_another_harness_hides_no_other(tmp_path, timestamp):
    broken, whole = Harness(tmp_path, name="broken"), Harness(tmp_path, name="whole")
    for harness in (broken, whole):
        harness.start("open_1")
        harness.step(0)
        harness.finish()
    execution = broken.folder / "tasks" / "open_1" / "execution.json"
    said = json.loads(execution.read_text())
    said["steps"][0]["timestamp"] = timestamp
    execution.write_text(json.dumps(said))
    follower = Follower(tmp_path)
    follower.look()
    follower.look()
    assert "whole" in Results(tmp_path).list()
