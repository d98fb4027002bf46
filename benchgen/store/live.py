"""`benchmark_live.json`: the run now going, in the words of seed 004's origin and a few of ours beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from benchgen import clock as clocks
from benchgen.clock import Clock
from benchgen.digest import models_of
from benchgen.record import Record
from benchgen.records.run import SCHEMA_VERSION, RunConfig
from benchgen.records.state import AttemptRow, Running, RunState
from benchgen.records.status import RunStatus

FEWEST_FINISHED = 3
LiveStatus = Literal["idle", "setup", "running", "complete", "error"]
_STATUS: Mapping[RunStatus, LiveStatus] = {
    "queued": "setup",
    "running": "running",
    "completed": "complete",
    "failed": "error",
    "canceled": "error",
}


class Idle(Record):
    """Nothing runs."""

    status: LiveStatus = "idle"


class LiveStep(Record):
    """One step of an episode; `screenshot_url` is relative to the results' root."""

    step_idx: int
    action: Mapping[str, Any]
    reasoning: str | None
    screenshot_url: str | None


class LiveResult(Record):
    """How the task ended."""

    success: bool
    score: float | None
    num_steps: int | None
    total_time_seconds: float


class LiveTask(Record):
    """The task that runs, or the last one that ran."""

    task_id: str
    instruction: str
    domain: str
    steps: tuple[LiveStep, ...]
    result: LiveResult | None


class Live(Record):
    """The tracker file; what follows `current_task` is ours."""

    status: LiveStatus
    total_tasks: int
    tasks_completed: int
    current_task: LiveTask | None
    schema_version: int
    run_id: str
    model_id: str | None
    started_at: str | None
    updated_at: str
    eta_seconds: float | None
    detail: str | None


def live_of(state: RunState, clock: Clock) -> Live:
    """How a run stands now."""
    models = models_of(state)
    return Live(
        status=_STATUS[state.status],
        total_tasks=state.total,
        tasks_completed=state.finished,
        current_task=_current(state),
        schema_version=SCHEMA_VERSION,
        run_id=state.config.run_id,
        model_id=models[0].model_id if len(models) == 1 else None,
        started_at=state.started_at,
        updated_at=clock.stamp(),
        eta_seconds=_eta(state),
        detail=state.error or (state.status if state.status in ("queued", "canceled") else None),
    )


def _current(state: RunState) -> LiveTask | None:
    newest = next(reversed(list(state.running.values())), None)
    if newest is not None:
        return _running(state.config, newest)
    return _ended(state.config, state.recent[0]) if state.recent else None


def _running(config: RunConfig, running: Running) -> LiveTask:
    steps = (LiveStep(step.step, step.action, step.reasoning, _url(config, step.screenshot)) for step in running.steps)
    return LiveTask(running.task, *_card(config, running.task), tuple(steps), None)


def _url(config: RunConfig, screenshot: str | None) -> str | None:
    return f"{config.run_id}/{screenshot}" if screenshot else None


def _ended(config: RunConfig, row: AttemptRow) -> LiveTask:
    result = LiveResult(row.category is None, row.score, row.steps, row.seconds)
    return LiveTask(row.task, *_card(config, row.task), (), result)


def _card(config: RunConfig, task: str) -> tuple[str, str]:
    card = config.tasks.get(task)
    return (card.title, card.domain) if card else ("", "")


def _eta(state: RunState) -> float | None:
    """Remaining times pace, the pace since the last start or resume; nothing before three outcomes."""
    begun = state.session_at
    if state.status != "running" or begun is None or state.updated_at is None:
        return None
    done = state.session_finished
    if done < FEWEST_FINISHED:
        return None
    return (state.total - state.finished) * clocks.between(begun, state.updated_at) / done
