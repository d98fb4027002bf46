"""`benchmark_live.json` as other harnesses write it: not atomically, so that a read may find nothing, or half of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchgen import codec, paths
from benchgen.errors import BadFile
from benchgen.formats.openadapt import Execution, StepEntry
from benchgen.record import Record

LARGEST = 64 << 20
NOTHING = frozenset(("idle", "no_data"))


class LiveStep(Record):
    """One step so far; of `action` only what is not null says anything."""

    step_idx: int
    action: dict[str, Any] | None = None
    reasoning: str | None = None
    screenshot_url: str | None = None


class LiveResult(Record):
    """How the task ended: most results are overwritten before anybody reads them."""

    success: bool
    score: float | None = None
    num_steps: int | None = None
    total_time_seconds: float | None = None


class LiveTask(Record):
    """The task that runs, or the last one that ran."""

    task_id: str
    instruction: str | None = None
    domain: str | None = None
    steps: tuple[LiveStep, ...] = ()
    result: LiveResult | None = None


class LiveFile(Record):
    """The file, as far as it is read. `status` is idle, no_data, setup, running, complete or error."""

    status: str
    total_tasks: int | None = None
    tasks_completed: int | None = None
    current_task: LiveTask | None = None
    run_id: str | None = None
    model_id: str | None = None
    phase: str | None = None
    detail: str | None = None
    error: str | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether no run is going on, or none that anybody could name."""
        return self.status in NOTHING


def read_live(path: Path) -> LiveFile:
    """The file as it is now. BadFile when it is empty, half-written or something else: read again later."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadFile("larger than 64 MB", where=str(path))
        return codec.read(path.read_bytes(), LiveFile, where=str(path))
    except OSError as fault:
        raise BadFile(f"cannot be read: {fault.strerror}", where=str(path)) from fault


def live_path(given: Path) -> Path:
    """The live file that a path means: the file itself, or the one in a folder, under its name of today or of old."""
    if not given.is_dir():
        return given
    old = given / paths.OLD_LIVE
    return old if old.is_file() and not (given / paths.LIVE).exists() else given / paths.LIVE


def steps_of(task: LiveTask) -> tuple[StepEntry, ...]:
    """The steps of a running task in the words of `execution.json`."""
    return tuple(StepEntry(step.step_idx, step.action or {}, None, step.reasoning) for step in task.steps)


def execution_of(live: LiveFile) -> Execution | None:
    """The outcome that the file shows, where it shows one."""
    task = live.current_task
    if task is None or task.result is None:
        return None
    result = task.result
    return Execution(
        task_id=task.task_id,
        success=result.success,
        model_id=live.model_id or "unknown",
        score=result.score,
        num_steps=result.num_steps,
        total_time_seconds=result.total_time_seconds,
        steps=steps_of(task),
    )
