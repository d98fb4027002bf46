"""A live file of another harness: the last good state of it, and what it shows of a run that has no folder."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from benchgen import clock as clocks
from benchgen.errors import BadFile
from benchgen.formats.openadapt import TaskFile
from benchgen.formats.openadapt_events import (
    NO_RESULT,
    OVERWRITTEN,
    SeenTask,
    Sighting,
    attempt_of,
)
from benchgen.formats.openadapt_files import NOTHING_BESIDE, Beside
from benchgen.formats.openadapt_live import LiveFile, execution_of, live_path, read_live, steps_of
from benchgen.records.state import RunState

TICK = 0.05
"""Two writes within this time may leave one and the same stamp."""


class LiveSource:
    """One live file. `look` says whether it changed; what was last read whole stays `said` until something new is."""

    def __init__(self, given: Path) -> None:
        self._given = given
        self._stamp: tuple[int, int, int] | None = None
        self.said: LiveFile | None = None
        self.changed = 0.0
        self.run_id: str | None = None

    @property
    def path(self) -> Path:
        return live_path(self._given)

    def look(self) -> bool:
        """Reads the file where it changed; an empty or half-written one is read again at the next look."""
        path = self.path
        try:
            status = path.stat()
        except OSError:
            return False
        stamp = (status.st_ino, status.st_size, status.st_mtime_ns)
        if stamp == self._stamp:
            return False
        try:
            self.said = read_live(path)
        except BadFile:
            return False
        is_settled = time.time() - status.st_mtime > TICK
        self._stamp = stamp if is_settled else None
        self.changed = status.st_mtime
        return True


def sight_live(said: LiveFile, changed: float, state: RunState, beside: Beside = NOTHING_BESIDE) -> Sighting:
    """What the file alone shows of a run. `finish_task` is overwritten at once: most results are never seen in it."""
    is_over = said.status in ("complete", "error")
    tasks = [*_vanished(said, changed, state, is_over=is_over), *_current(said, changed)]
    if said.status == "complete":
        tasks += _never_seen(said, changed, state, tasks)
    failed = said.status == "error"
    return Sighting(
        tasks=tuple(tasks),
        changed=changed,
        total=said.total_tasks or None,
        detail=": ".join(part for part in (said.phase, said.detail) if part) or beside.message,
        ended=("failed" if failed else "completed") if is_over else None,
        error=(said.error or said.detail or "the harness reports an error") if failed else None,
        beside=beside,
    )


def is_another_run(said: LiveFile, state: RunState) -> bool:
    """Whether the file has gone on to another run than this one without saying that this one ended."""
    if said.run_id and said.run_id != state.config.run_id:
        return True
    return (said.tasks_completed or 0) < _completed(state)


def _completed(state: RunState) -> int:
    return sum(row.message != NO_RESULT for row in state.rows)


def _current(said: LiveFile, changed: float) -> Iterator[SeenTask]:
    task = said.current_task
    if task is not None:
        described = TaskFile(task.task_id, task.instruction or "", task.domain)
        yield SeenTask(described, changed, steps_of(task), execution_of(said), changed)


def _vanished(said: LiveFile, changed: float, state: RunState, *, is_over: bool) -> Iterator[SeenTask]:
    """Tasks that were running and are so no more. As many as the count went up did finish; of the rest nobody knows."""
    current = attempt_of(state.config, said.current_task.task_id) if said.current_task else None
    uncounted = (said.tasks_completed or 0) - _completed(state)
    for running in state.running.values():
        if running.attempt == current and not is_over:
            continue
        card = state.config.tasks.get(running.task)
        task = TaskFile(running.task, card.title if card else "", card.domain if card else None)
        lost = OVERWRITTEN if uncounted > 0 else NO_RESULT
        uncounted -= 1
        yield SeenTask(task, clocks.read(running.started_at), ended=changed, lost=lost)


def _never_seen(said: LiveFile, changed: float, state: RunState, seen: list[SeenTask]) -> Iterator[SeenTask]:
    """The rest of a complete run: tasks that came and went between two looks, or never came."""
    known = len(state.rows) + len(seen)
    total = said.total_tasks or 0
    uncounted = (said.tasks_completed or 0) - _completed(state) - sum(one.lost != NO_RESULT for one in seen)
    for number in range(known + 1, total + 1):
        lost = OVERWRITTEN if uncounted > 0 else NO_RESULT
        uncounted -= 1
        yield SeenTask(TaskFile(f"unseen-{number}-of-{total}"), changed, ended=changed, lost=lost)
