"""The workers of a run as its events come: who is there, what each has in hand, how long each was busy."""

from __future__ import annotations

from benchgen.records.checkpoint import Checkpoint
from benchgen.records.events import AttemptStarted, WorkerJoined, WorkerLeft
from benchgen.records.state import Worker

_NANO = 1_000_000_000


class Workforce:
    """The workers by name, in the order in which they came."""

    def __init__(self) -> None:
        self._workers: dict[str, _Worker] = {}

    def resume(self, checkpoint: Checkpoint) -> None:
        """Goes on from there."""
        for one in checkpoint.workers.values():
            worker = self._workers[one.worker] = _Worker(one.worker, one.host, one.joined_at)
            worker.turn(one.since, one.current, one.current_task)
            worker.left_at, worker.done, worker.busy = one.left_at, one.done, checkpoint.busy[one.worker]

    def join(self, event: WorkerJoined) -> None:
        """One comes, or comes back."""
        worker = self._workers.get(event.worker)
        if worker is None:
            self._workers[event.worker] = _Worker(event.worker, event.host, event.at)
            return
        worker.left_at = None
        worker.turn(event.at, None, None)

    def leave(self, event: WorkerLeft) -> None:
        """One goes."""
        worker = self._workers.get(event.worker)
        if worker is not None:
            worker.leave(event.at)

    def stop(self, at: str) -> None:
        """All have gone by then."""
        for worker in self._workers.values():
            worker.leave(worker.left_at or at)

    def begin(self, event: AttemptStarted) -> None:
        """One takes an attempt; whoever does so is there."""
        worker = self._workers.get(event.worker)
        if worker is None:
            worker = self._workers[event.worker] = _Worker(event.worker, None, event.at)
        worker.left_at = None
        worker.since, worker.current, worker.task = event.at, event.attempt, event.task  # often: no call for it

    def end(self, name: str, attempt: str, at: str, seconds: float) -> None:
        """One puts down an attempt that took so long. Quick rows are never said to start."""
        worker = self._workers.get(name)
        if worker is not None and (worker.current == attempt or worker.current is None):
            worker.since, worker.current, worker.task = at, None, None
            worker.done += 1
            worker.busy += round(seconds * _NANO)

    def busy(self) -> dict[str, int]:
        """For how many billionths of a second each was."""
        return {name: worker.busy for name, worker in self._workers.items()}

    def frozen(self) -> dict[str, Worker]:
        """As records that later events do not change."""
        return {name: worker.frozen() for name, worker in self._workers.items()}


class _Worker:
    """One of them; `since` is when its state began, `busy` whole billionths of a second."""

    __slots__ = ("busy", "current", "done", "host", "joined_at", "left_at", "name", "since", "task")

    def __init__(self, name: str, host: str | None, at: str) -> None:
        self.name, self.host = name, host
        self.joined_at = self.since = at
        self.current: str | None = None
        self.task: str | None = None
        self.left_at: str | None = None
        self.done = self.busy = 0

    def turn(self, at: str, current: str | None, task: str | None) -> None:
        self.since, self.current, self.task = at, current, task

    def leave(self, at: str) -> None:
        self.current = self.task = None
        self.left_at = at

    def frozen(self) -> Worker:
        return Worker(
            worker=self.name,
            host=self.host,
            joined_at=self.joined_at,
            since=self.since,
            current=self.current,
            current_task=self.task,
            done=self.done,
            busy_seconds=self.busy / _NANO,
            left_at=self.left_at,
        )
