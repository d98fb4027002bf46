"""The workers panel: who is busy with what, from attempt events alone."""

from __future__ import annotations

from typing import Literal

from benchgen.clock import between, read, spell
from benchgen.record import Record
from benchgen.records.state import RunState, Worker

WorkerStatus = Literal["running", "idle", "left"]


class WorkerLine(Record):
    """One worker. `since` is when its present state began; `ended_at` stops its clock when it left or the run ended."""

    worker: str
    host: str | None
    status: WorkerStatus
    current_task: str | None
    current_attempt: str | None
    done: int
    joined_at: str
    since: str
    busy_seconds: float
    ended_at: str | None

    def uptime_seconds(self, now: str) -> float:
        return between(self.joined_at, self.ended_at or now)

    @property
    def idle_from(self) -> str:
        """The instant whose distance from now is the idle time of a worker that is idle: when it joined, plus work."""
        return spell(read(self.joined_at) + self.busy_seconds)

    def idle_seconds(self, now: str) -> float:
        """Uptime not spent in attempts, the one under way included."""
        current = between(self.since, self.ended_at or now) if self.status == "running" else 0.0
        return max(0.0, self.uptime_seconds(now) - self.busy_seconds - current)


class Workers(Record):
    """All workers of a run; `total` leaves out those that left while it goes on."""

    run_id: str
    total: int
    active: int
    idle: int
    lines: tuple[WorkerLine, ...]


def workers(state: RunState, *, is_dead: bool = False) -> Workers:
    """The workers of a run, in the order of their names; those of a runner that is gone left with its last event."""
    is_gone = is_dead and not state.config.followed
    ended_at = state.finished_at or (state.updated_at if is_gone else None)
    # A row in hand is told of only when it takes long: a worker of rows that has not left has one.
    has_work = state.config.kind == "dataset" and not state.config.followed
    lines = tuple(_line(worker, ended_at, has_work) for _, worker in sorted(state.workers.items(), key=_by_number))
    active = sum(line.status == "running" for line in lines)
    present = sum(line.status != "left" for line in lines)
    return Workers(state.config.run_id, present, active, present - active, lines)


def _line(worker: Worker, run_ended_at: str | None, has_work: bool) -> WorkerLine:
    ended_at = worker.left_at or run_ended_at
    status: WorkerStatus = "left" if ended_at else "running" if worker.current or has_work else "idle"
    return WorkerLine(
        worker=worker.worker,
        host=worker.host,
        status=status,
        current_task=None if ended_at else worker.current_task,
        current_attempt=None if ended_at else worker.current,
        done=worker.done,
        joined_at=worker.joined_at,
        since=worker.since,
        busy_seconds=worker.busy_seconds,
        ended_at=ended_at,
    )


def _by_number(item: tuple[str, Worker]) -> tuple[str, int, str]:
    name = item[0]
    head = name.rstrip("0123456789")
    tail = name[len(head) :]
    return head, int(tail) if tail and len(tail) < 10 else 0, name
