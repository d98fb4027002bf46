"""Results of other harnesses as run folders of ours: the same pages, figures and comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchgen import __version__, paths
from benchgen import clock as clocks
from benchgen.clock import Clock
from benchgen.errors import UsageError
from benchgen.formats import openadapt
from benchgen.formats.openadapt import Episode, Execution, ForeignRun, StepEntry
from benchgen.records.attempt import Attempt
from benchgen.records.events import AttemptFinished, AttemptStarted, Event, RunFinished, RunStarted, StepRecorded
from benchgen.records.run import FORMAT, ModelSpec, RunConfig, Settings, folder_of
from benchgen.records.status import Category
from benchgen.records.task import TaskCard
from benchgen.redact import Redactor
from benchgen.store import log
from benchgen.store.attempts import save_file
from benchgen.store.create import queue_run
from benchgen.store.derived import finish

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Target:
    """The run that an import becomes."""

    folder: Path
    config: RunConfig
    redactor: Redactor


def import_folder(source: Path, root: Path, *, redactor: Redactor = Redactor()) -> Path:
    """A result folder as a run below `root`; the run's folder. UsageError where nobody knows what it is."""
    if not openadapt.is_openadapt(source):
        raise UsageError(
            "no results that benchgen can read",
            where=str(source),
            hint="a folder with tasks/*/execution.json, as openadapt-evals and benchgen.tracker write it",
        )
    found = openadapt.read_folder(source)
    config = _config(found, source, root)
    folder = queue_run(root, config, (), redactor=redactor)
    target = _Target(folder, config, redactor)
    log.append(folder, list(_events(found, target)), redactor=redactor)
    finish(root, folder, Clock(), redactor)
    return folder


def _config(found: ForeignRun, source: Path, root: Path) -> RunConfig:
    about = found.metadata
    model = about.model_id or next((e.execution.model_id for e in found.episodes if e.execution), UNKNOWN)
    run_id = _run_id(about.run_name or source.name, source, root)
    return RunConfig(
        run_id=run_id,
        run_name=about.run_name or run_id,
        benchmark_name=about.benchmark_name or source.name,
        kind="agent",
        created_at=_created(found),
        tasks={one.task.task_id: _card(one) for one in found.episodes},
        models=(ModelSpec(model, "harness"),),
        samples=1,
        workers=1,
        settings=Settings(),
        command=("benchgen", "import", source.name),
        versions={"benchgen": __version__},
        total=len(found.episodes),
    )


def _run_id(name: str, source: Path, root: Path) -> str:
    """The run's own name where it is plain and free; else with six hex digits of where it came from."""
    if paths.is_run_id(name) and not (root / name).exists():
        return name
    return f"{paths.file_name(name)[:100]}-{paths.six(str(source.resolve()))}"


def _created(found: ForeignRun) -> str:
    try:
        return clocks.spell(clocks.read(found.metadata.created_at))
    except ValueError:
        return clocks.spell(min(_times(found), default=0.0))


def _times(found: ForeignRun) -> Iterator[float]:
    for episode in found.episodes:
        if episode.execution:
            yield from (step.timestamp for step in episode.execution.steps if step.timestamp)


def _card(episode: Episode) -> TaskCard:
    return TaskCard(episode.task.instruction, "", "", "", episode.task.domain or "", (), (), "")


def _events(found: ForeignRun, target: _Target) -> Iterator[Event]:
    """The log that the harness would have written; times are its own where it says them."""
    config = target.config
    now = clocks.read(config.created_at)
    yield RunStarted(at=config.created_at, run_id=config.run_id, format=FORMAT)
    for episode in found.episodes:
        execution = episode.execution
        taken = (execution.total_time_seconds or 0.0) if execution else 0.0
        said = [step.timestamp for step in execution.steps if step.timestamp] if execution else []
        now = max(now, min(said, default=now))
        yield from _episode(episode, target, now, taken)
        now = max(now + taken, max(said, default=now))
    yield RunFinished(at=clocks.spell(now), status="completed", exit_code=0)


def _episode(episode: Episode, target: _Target, began: float, taken: float) -> Iterator[Event]:
    model, task = target.config.models[0].model_id, episode.task.task_id
    attempt = paths.attempt_id(task, model, 0)
    folder = folder_of(target.config, attempt)
    for name in (paths.TASK, paths.EXECUTION):
        path = episode.folder / name
        if path.is_file():
            save_file(target.folder, f"{folder}/{name}", path.read_bytes(), redactor=target.redactor)
    yield AttemptStarted(at=clocks.spell(began), attempt=attempt, task=task, model=model, sample=0)
    execution = episode.execution
    for step in execution.steps if execution else ():
        yield _step(step, episode, target, attempt)
    ended = clocks.spell(began + taken)
    outcome = Attempt(
        attempt=attempt,
        task=task,
        model=model,
        sample=0,
        category=_category(execution),
        started_at=clocks.spell(began),
        finished_at=ended,
        duration_seconds=taken,
        folder=folder,
        score=execution.score if execution else None,
        message=_message(execution)[:500],
        steps=_steps(execution),
        first_action_correct=_first(execution),
        error_type=execution.error_type if execution else None,
    )
    yield AttemptFinished(at=ended, attempt=attempt, outcome=outcome)


def _category(execution: Execution | None) -> Category | None:
    if execution is None:
        return "harness"
    return openadapt.category_of(execution.success, execution.error, execution.error_type)


def _message(execution: Execution | None) -> str:
    return (execution.error or execution.reason or "") if execution else "no result seen"


def _steps(execution: Execution | None) -> int | None:
    if execution is None:
        return None
    return len(execution.steps) if execution.num_steps is None else execution.num_steps


def _first(execution: Execution | None) -> bool | None:
    steps = execution.steps if execution else ()
    return next((step.correct for step in steps if step.step_idx == 0), None)


def _step(step: StepEntry, episode: Episode, target: _Target, attempt: str) -> StepRecorded:
    picture = openadapt.screenshot_of(episode, step)
    name = None
    if picture is not None:
        name = f"{folder_of(target.config, attempt)}/{paths.SCREENSHOTS}/{paths.file_name(picture.name)}"
        save_file(target.folder, name, picture.read_bytes())
    return StepRecorded(
        at=clocks.spell(step.timestamp) if step.timestamp else target.config.created_at,
        attempt=attempt,
        step=step.step_idx,
        action={key: value for key, value in step.action.items() if value is not None},
        reasoning=step.reasoning,
        screenshot=name,
        correct=step.correct,
    )
