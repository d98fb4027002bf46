"""`tracker.json`: a run's state without its rows, for whoever wants to know how it stands and cannot fold."""

from __future__ import annotations

from benchgen.record import Record
from benchgen.records.report import EngineReport
from benchgen.records.run import FORMAT, Planned
from benchgen.records.state import (
    EngineProgress,
    Limit,
    MachineCost,
    Running,
    RunState,
    Spending,
    Tally,
    Worker,
)
from benchgen.records.status import AttemptStatus, Kind, RunStatus

MOST_TALLIES = 1000


class TaskCount(Record):
    """The tally of one task by one model."""

    task: str
    model: str
    tally: Tally


class RecentAttempt(Record):
    """One of the last outcomes, the newest first."""

    attempt: str
    status: AttemptStatus
    score: float | None
    seconds: float
    finished_at: str
    message: str


class Snapshot(Record):
    """The fold of `events.jsonl` at event `seq`; the per-task tallies of very large runs are left out."""

    run_id: str
    run_name: str
    benchmark_name: str
    kind: Kind
    status: RunStatus
    seq: int
    queued_at: str | None
    started_at: str | None
    updated_at: str | None
    finished_at: str | None
    exit_code: int | None
    error: str | None
    sandbox: str
    resumes: int
    total: int
    finished: int
    provider_retries: int
    superseded: int
    running: tuple[Running, ...]
    workers: tuple[Worker, ...]
    next_up: tuple[Planned, ...]
    recent: tuple[RecentAttempt, ...]
    spending: tuple[Spending, ...]
    machines: tuple[MachineCost, ...]
    limits: tuple[Limit, ...]
    progress: EngineProgress | None
    report: EngineReport | None
    tallies: tuple[TaskCount, ...]
    format: int = FORMAT


def snapshot_of(state: RunState) -> Snapshot:
    """Pure: the same log gives the same bytes."""
    config = state.config
    tallies = state.tallies if len(state.tallies) <= MOST_TALLIES else {}
    return Snapshot(
        run_id=config.run_id,
        run_name=config.run_name,
        benchmark_name=config.benchmark_name,
        kind=config.kind,
        status=state.status,
        seq=state.seq,
        queued_at=state.queued_at,
        started_at=state.started_at,
        updated_at=state.updated_at,
        finished_at=state.finished_at,
        exit_code=state.exit_code,
        error=state.error,
        sandbox=state.sandbox,
        resumes=state.resumes,
        total=state.total,
        finished=state.finished,
        provider_retries=state.provider_retries,
        superseded=len(state.superseded),
        running=tuple(state.running.values()),
        workers=tuple(state.workers.values()),
        next_up=state.next_up,
        recent=tuple(
            RecentAttempt(row.attempt, row.status, row.score, row.seconds, row.finished_at, row.message)
            for row in state.recent
        ),
        spending=tuple(state.spending.values()),
        machines=tuple(state.machines.values()),
        limits=state.limits,
        progress=state.progress,
        report=state.report,
        tallies=tuple(TaskCount(task, model, tally) for (task, model), tally in tallies.items()),
    )
