"""The tracker: what other harnesses report, from threads and processes, is a run like any other."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass

import pytest
import toys

from benchgen import paths
from benchgen.errors import Locked, UsageError
from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer
from benchgen.store.locks import runner_lock
from benchgen.store.runs import Results
from benchgen.tracker import Result, Task, Tokens, Tracker

PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class ForeignTask:
    """What openadapt's harness passes: objects with attributes."""

    task_id: str
    instruction: str
    domain: str | None = None
    time_limit_steps: int = 15


@dataclass
class ForeignObservation:
    screenshot: bytes | None = None


@dataclass
class ForeignAction:
    type: str
    x: float | None = None
    text: str | None = None


@dataclass
class ForeignResult:
    task_id: str
    success: bool
    score: float
    num_steps: int = 0
    error: str | None = None
    reason: str | None = None
    error_type: str | None = None
    total_time_seconds: float = 2.5


@pytest.fixture
def run(tmp_path):
    """One run with every kind of end, reported as openadapt's own tracker would be."""
    with Tracker("waa", "vendor/agent", total_tasks=4, root=tmp_path) as tracker:
        for number, (success, error_type) in enumerate(
            [(True, None), (False, None), (False, "agent"), (False, "infrastructure")]
        ):
            tracker.start_task(ForeignTask(f"task/{number}", f"Do {number}", "office"), worker=f"vm-{number % 2}")
            for step in range(number + 1):
                action = ForeignAction("click", x=3.5)
                tracker.record_step(step, ForeignObservation(PNG), action, "because", correct=step == 0)
            tracker.record_answer(Tokens(100, 10, cost_usd=0.25), provider="vendor")
            error = "it broke" if error_type else None
            tracker.finish_task(
                ForeignResult(f"task/{number}", success, float(success), error=error, error_type=error_type)
            )
        tracker.record_machine("vm-0", hours=0.5, cost_usd=0.1)
    return Results(tmp_path), tracker


def test_a_run_has_seed_004s_summary(run):
    _, tracker = run
    summary = json.loads((tracker.folder / paths.SUMMARY).read_text())
    wanted = {
        "kind": "agent",
        "num_tasks": 4,
        "num_success": 1,
        "success_rate": pytest.approx(1 / 3),
        "avg_steps": 2.0,
        "avg_time_seconds": 2.5,
        "num_infrastructure_failures": 1,
        "cost_usd": pytest.approx(1.1),
    }
    assert {name: summary[name] for name in wanted} == wanted
    assert [task["error_type"] for task in summary["tasks"]] == [None, None, "agent", "infrastructure"]


def test_domains_steps_and_first_actions_are_counted(run):
    results, tracker = run
    (model,) = results.digest(tracker.run_id).models
    assert (model.first_action_accuracy, model.avg_steps_to_success, model.avg_steps_to_failure) == (1.0, 1.0, 2.5)
    card = results.load(tracker.run_id).config.tasks["task/0"]
    assert (card.title, card.domain) == ("Do 0", "office")


def test_its_files_lie_where_openadapts_viewers_look(run):
    _, tracker = run
    folders = sorted((tracker.folder / "tasks").iterdir())
    execution = json.loads((folders[1] / "execution.json").read_text())
    assert execution["task_id"] == "task/1" and len(execution["steps"]) == 2
    assert execution["steps"][1]["screenshot_path"] == "screenshots/step_001.png"
    assert (folders[1] / "screenshots" / "step_001.png").read_bytes() == PNG
    assert json.loads((folders[0] / "task.json").read_text())["instruction"] == "Do 0"


def test_its_page_shows_steps_with_their_screenshots(run):
    results, tracker = run
    site = Site(results, Renderer())
    attempt = results.load(tracker.run_id).rows[0].attempt
    page = site.find(f"run/{tracker.run_id}/a/{paths.slug(attempt)}.html").render().decode()
    assert "because" in page and "screenshots/step_000.png" in page
    shots = [one.path for one in site.all() if one.path.endswith(".png")]
    assert len(shots) == 1 + 2 + 3 + 4


def test_the_live_file_is_complete_at_the_end(run):
    results, _ = run
    live = json.loads((results.root / paths.LIVE).read_text())
    assert (live["status"], live["total_tasks"], live["tasks_completed"]) == ("complete", 4, 4)


def test_what_is_reported_may_be_mappings_and_what_is_left_is_its_harness_s_to_go_on_with(tmp_path):
    with Tracker("desk", "m", total_tasks=2, root=tmp_path / paths.RESULTS_DIR) as tracker:
        tracker.start_task({"task_id": "a", "domain": "web"})
        tracker.record_step(0, {"screenshot": PNG}, {"type": "click"}, "")
        tracker.record_answer({"input": 3, "output": 2})
        tracker.finish_task({"success": False, "error": "no VM", "error_type": "infrastructure"})
    (row,) = Results(tracker.folder.parent).load(tracker.folder.name).rows
    assert (row.category, row.message, row.input_tokens, row.steps) == ("harness", "no VM", 3, 1)
    assert "resume" not in toys.run("show", "latest", cwd=tmp_path).stderr
    assert "another harness ran this" in toys.run("resume", "latest", cwd=tmp_path).stderr


def test_threads_have_tasks_of_their_own(tmp_path):
    tracker = Tracker("threads", total_tasks=40, root=tmp_path)

    def work(worker: int) -> None:
        for number in range(10):
            tracker.start_task(f"t{worker}-{number}", worker=f"w{worker}")
            tracker.record_step(0, action="look")
            tracker.finish_task(True)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tracker.finish()
    state = Results(tmp_path).load(tracker.run_id)
    assert (state.finished, state.status, set(state.workers)) == (40, "completed", {"w0", "w1", "w2", "w3"})
    assert all(row.steps == 1 for row in state.rows)


_CHILD = """
import sys
from benchgen.tracker import Result, Tracker
tracker = Tracker.attach(sys.argv[1])
for number in range(10):
    tracker.start_task(f"{sys.argv[2]}-{number}", worker=sys.argv[2])
    tracker.finish_task(Result(False, reason="no"))
tracker.finish()
"""


def test_processes_report_to_one_run(tmp_path):
    tracker = Tracker("processes", total_tasks=20, root=tmp_path)
    words = [sys.executable, "-c", _CHILD, str(tracker.folder)]
    children = [subprocess.Popen([*words, name]) for name in ("a", "b")]
    assert [child.wait(60) for child in children] == [0, 0]
    with pytest.raises(Locked), runner_lock(tracker.folder):
        pass  # pragma: no cover
    tracker.finish()
    state = Results(tmp_path).load(tracker.run_id)
    assert (state.finished, state.status, state.seq) == (20, "completed", 2 + 2 * (1 + 20 + 1) + 1)


def test_a_harness_that_breaks_leaves_a_failed_run_that_says_why(tmp_path):
    with pytest.raises(ZeroDivisionError), Tracker("breaks", total_tasks=2, root=tmp_path) as tracker:
        tracker.start_task(Task("a", domain="d"))
        1 / 0  # noqa: B018
    state = Results(tmp_path).load(tracker.run_id)
    assert (state.status, state.finished, state.error) == ("failed", 0, "ZeroDivisionError: division by zero")


def test_ids_that_look_alike_have_folders_of_their_own(tmp_path):
    with Tracker("alike", root=tmp_path) as tracker:
        for task in ("a/b", "a_b", "../../etc"):
            tracker.start_task(task)
            tracker.finish_task(Result(True))
    assert len(list((tracker.folder / "tasks").iterdir())) == 3
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {tracker.run_id}


@pytest.mark.parametrize("step", ["record_step", "finish_task"])
def test_nothing_is_reported_of_no_task(tmp_path, step):
    tracker = Tracker("none", root=tmp_path)
    with pytest.raises(UsageError, match="no task is under way"):
        getattr(tracker, step)(0)
    tracker.finish()


class Scalar:
    """A number or truth as numpy hands it out."""

    shape = ()

    def __init__(self, value: object) -> None:
        self._value = value

    def item(self) -> object:
        return self._value

    def __float__(self) -> float:
        return float(self._value)


def test_numbers_of_other_libraries_are_taken_and_what_is_no_number_is_unknown(tmp_path):
    with Tracker("scalars", "m", root=tmp_path) as tracker:
        tracker.start_task("a")
        tracker.record_step(Scalar(0), None, {"x": Scalar(3), "y": [float("nan"), object()]}, correct=Scalar(True))
        tracker.record_answer(Tokens(input=Scalar(10), output=2.0, cost_usd=float("nan")))
        tracker.finish_task(Result(Scalar(False), score=Scalar(0.5), total_time_seconds=float("nan")))
        tracker.record_machine("vm", Scalar(0.5), Scalar(1))
    results = Results(tmp_path)
    state = results.load(tracker.run_id)
    (row,) = state.rows
    outcome = results.outcome(tracker.run_id, row.line)
    assert (outcome.score, outcome.category, outcome.first_action_correct) == (0.5, "tests_failed", True)
    assert 0 <= outcome.duration_seconds < 60  # measured, where what was said is no number
    assert (row.input_tokens, row.output_tokens, row.cost_nanousd) == (10, 2, None)
    assert state.machines["vm"].cost_nanousd == 1_000_000_000


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (lambda tracker: tracker.finish_task(Result(True, score="high")), "score of finish_task"),
        (lambda tracker: tracker.finish_task(Result("yes")), "success of finish_task"),
        (lambda tracker: tracker.finish_task(Result(True, num_steps=1.5)), "num_steps of finish_task"),
        (lambda tracker: tracker.finish_task(Result(True, total_time_seconds=-1)), "total_time_seconds of finish_task"),
        (lambda tracker: tracker.record_step("first"), "step_idx of record_step"),
        (lambda tracker: tracker.record_step(-1), "step_idx of record_step"),
        (lambda tracker: tracker.record_step(0, correct="no"), "correct of record_step"),
        (lambda tracker: tracker.record_answer(Tokens(input="many")), "input of record_answer"),
        (lambda tracker: tracker.record_machine("vm", float("nan"), 1.0), "record_machine"),
    ],
)
def test_what_a_log_cannot_hold_is_refused_by_its_name_and_the_run_stays_whole(tmp_path, call, where):
    with Tracker("wrong", root=tmp_path) as tracker:
        tracker.start_task("a")
        with pytest.raises(UsageError) as caught:
            call(tracker)
        assert caught.value.where == where
        tracker.finish_task(True)
    assert Results(tmp_path).load(tracker.run_id).finished == 1


def test_tokens_that_nobody_counted_stay_unknown(tmp_path):
    with Tracker("uncounted", "m", root=tmp_path) as tracker:
        tracker.start_task("a")
        tracker.record_answer(Tokens(cost_usd=0.5))
        tracker.finish_task(True)
    (row,) = Results(tmp_path).load(tracker.run_id).rows
    assert (row.input_tokens, row.output_tokens, row.cost_nanousd) == (None, None, 500_000_000)


def test_a_task_that_begins_again_after_its_end_takes_the_place_of_what_came_before(tmp_path):
    tracker = Tracker("again", "m", total_tasks=1, root=tmp_path)
    tracker.start_task("a")
    tracker.finish_task(Result(False, error="the VM is gone", error_type="infrastructure"))
    other = Tracker.attach(tracker.folder)
    other.start_task("a")
    other.finish_task(True)
    other.finish()
    tracker.finish()
    state = Results(tmp_path).load(tracker.run_id)
    assert [row.attempt for row in state.rows] == ["a__m__sample00", "a__m__sample00__r1"]
    assert [row.category for row in state.counted_rows()] == [None]
    assert (state.finished, state.total) == (1, 1)
    executions = {
        path.parent.name: json.loads(path.read_text()) for path in tracker.folder.glob("tasks/*/execution.json")
    }
    assert sorted(said["success"] for said in executions.values()) == [False, True]


def test_a_harness_that_is_interrupted_leaves_a_canceled_run(tmp_path):
    with pytest.raises(KeyboardInterrupt), Tracker("stopped", root=tmp_path) as tracker:
        raise KeyboardInterrupt
    state = Results(tmp_path).load(tracker.run_id)
    assert (state.status, state.exit_code) == ("canceled", 130)


def test_a_run_never_lies_where_uploaded_datasets_do(tmp_path):
    with Tracker("named", root=tmp_path, run_name="datasets") as tracker:
        pass
    assert tracker.run_id.startswith("run_")
    assert not (tmp_path / "datasets").exists()
