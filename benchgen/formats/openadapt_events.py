"""What the files of another harness add to a run's log: pure, from what is seen now and what the log says already."""

from __future__ import annotations

from collections.abc import Iterator

from benchgen import clock as clocks
from benchgen import paths
from benchgen.formats.openadapt import Execution, StepEntry, TaskFile, category_of
from benchgen.formats.openadapt_files import NOTHING_BESIDE, Beside, report_of, spent
from benchgen.record import Record
from benchgen.records.attempt import Attempt
from benchgen.records.events import AttemptFinished, AttemptStarted, Event, Progress, RunFinished, StepRecorded
from benchgen.records.run import RunConfig
from benchgen.records.state import RunState
from benchgen.records.status import RunStatus
from benchgen.records.task import TaskCard

NO_RESULT = "no result seen"
OVERWRITTEN = "finished, but its result was overwritten before it could be read"
LONGEST_MESSAGE = 500


class SeenTask(Record):
    """One task as it is seen: running, finished (`execution`), or `lost` without a result. Times count from the epoch.

    `folder` is where its files lie below the run's, empty where it has none.
    """

    task: TaskFile
    begun: float
    steps: tuple[StepEntry, ...] = ()
    execution: Execution | None = None
    ended: float | None = None
    folder: str = ""
    lost: str = ""


class Sighting(Record):
    """A run as its harness's files show it at one moment, its tasks in the order in which they began."""

    tasks: tuple[SeenTask, ...]
    changed: float
    total: int | None = None
    detail: str = ""
    ended: RunStatus | None = None
    error: str | None = None
    beside: Beside = NOTHING_BESIDE


def card_of(task: TaskFile) -> TaskCard:
    """What a task is; a domain that is `unknown` is none."""
    domain = task.domain if task.domain != "unknown" else None
    return TaskCard(task.instruction or "", "", "", "", domain or "", (), (), "")


def attempt_of(config: RunConfig, task_id: str) -> str:
    """The id of a task's attempt: these harnesses run each task once, by one model."""
    return paths.attempt_id(task_id, config.models[0].model_id, 0)


def news(seen: Sighting, state: RunState) -> Iterator[Event]:
    """The events that are not in the log yet."""
    if (seen.total, seen.detail) != _said(state) and (seen.total is not None or seen.detail):
        yield Progress(at=clocks.spell(seen.changed), done=None, total=seen.total, detail=seen.detail)
    if seen.beside.costs is not None:
        yield from spent(seen.beside.costs, state, clocks.spell(seen.changed))
    finished = {row.attempt for row in state.rows}
    for task in seen.tasks:
        if attempt_of(state.config, task.task.task_id) not in finished:
            yield from _news_of(task, state)
    if seen.ended and state.status != seen.ended:
        exit_code = 0 if seen.ended == "completed" else 1
        report = report_of(seen.beside.metrics) if seen.beside.metrics else None
        at = max((task.ended for task in seen.tasks if task.ended), default=seen.changed)  # a copied file is younger
        yield RunFinished(at=clocks.spell(at), status=seen.ended, exit_code=exit_code, error=seen.error, report=report)


def _said(state: RunState) -> tuple[int | None, str]:
    return (state.progress.total, state.progress.detail) if state.progress else (None, "")


def _news_of(seen: SeenTask, state: RunState) -> Iterator[Event]:
    task_id, model = seen.task.task_id, state.config.models[0].model_id
    attempt = attempt_of(state.config, task_id)
    running, began = state.running.get(attempt), clocks.spell(seen.begun)
    if running is None:
        yield AttemptStarted(
            at=began, attempt=attempt, task=task_id, model=model, sample=0, card=card_of(seen.task), folder=seen.folder
        )
    known = {step.step: step for step in running.steps} if running else {}
    for entry in seen.execution.steps if seen.execution else seen.steps:
        step, before = step_of(entry, attempt, seen), known.get(entry.step_idx)
        if before is None or _says_more(step, before):
            yield step
    if seen.execution or seen.lost:
        outcome = outcome_of(seen, attempt, model, running.started_at if running else began)
        yield AttemptFinished(at=outcome.finished_at, attempt=attempt, outcome=outcome)


def step_of(entry: StepEntry, attempt: str, seen: SeenTask) -> StepRecorded:
    """A step as the log has it; what is null in an action says nothing."""
    shown = entry.screenshot_path if seen.folder else None
    return StepRecorded(
        at=clocks.spell(entry.timestamp or seen.ended or seen.begun),
        attempt=attempt,
        step=entry.step_idx,
        action={key: value for key, value in entry.action.items() if value is not None},
        reasoning=entry.reasoning,
        screenshot=f"{seen.folder}/{shown}" if shown else None,
        correct=entry.correct,
    )


def _says_more(step: StepRecorded, before: StepRecorded) -> bool:
    """Whether anything is new in a step that is on record; its time alone is not."""
    fresh = (
        {**before.action, **step.action} != dict(before.action),
        step.reasoning not in (None, before.reasoning),
        step.screenshot not in (None, before.screenshot),
        step.correct not in (None, before.correct),
    )
    return any(fresh)


def outcome_of(seen: SeenTask, attempt: str, model: str, began: str) -> Attempt:
    """How a task ended, in our words."""
    execution = seen.execution
    ended = max(clocks.spell(seen.ended or seen.begun), began)
    taken = execution.total_time_seconds if execution else None
    steps = execution.steps if execution else seen.steps
    return Attempt(
        attempt=attempt,
        task=seen.task.task_id,
        model=model,
        sample=0,
        category=category_of(execution.success, execution.error, execution.error_type) if execution else "harness",
        started_at=began,
        finished_at=ended,
        duration_seconds=clocks.between(began, ended) if taken is None else max(0.0, taken),
        folder=seen.folder,
        score=execution.score if execution else None,
        message=((execution.error or execution.reason or "") if execution else seen.lost)[:LONGEST_MESSAGE],
        steps=execution.num_steps if execution and execution.num_steps is not None else len(steps) or None,
        first_action_correct=next((step.correct for step in steps if step.step_idx == 0), None),
        error_type=execution.error_type if execution else None,
    )
