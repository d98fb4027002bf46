"""The current job panel: how far a run is, what runs now, what waits, and when it will end."""

from __future__ import annotations

from itertools import islice
from random import Random

from benchgen.clock import between, read, spell
from benchgen.numbers import eta as numbers
from benchgen.panels import costs, links, outcomes
from benchgen.record import Record
from benchgen.records.run import Planned
from benchgen.records.state import EngineProgress, Limit, RunState
from benchgen.records.status import Kind, RunStatus

MOST_RUNNING = 50
PACE_WINDOW = 500
"""The pace is that of the newest attempts: it follows a change, and its cost does not grow with the run."""


class RunningAttempt(Record):
    """An attempt under way; `phase` or `step` says where it is."""

    attempt: str
    task: str
    title: str
    domain: str
    model: str
    sample: int
    worker: str
    phase: str | None
    step: int | None
    started_at: str
    href: str | None


class Ending(Record):
    """When the run will end: instants, so that the page can tick; `level` is the share of runs within the range."""

    at: str
    low_at: str
    high_at: str
    level: float


class CurrentJob(Record):
    """A run in progress, or how it ended. `share` is None when nobody says how much there is to do.

    `is_dead`: it says running, but its process is gone, or, where another harness runs it, its files have not changed
    for too long (`is_followed`). `eta` is None before three attempts finished ("estimating").
    """

    run_id: str
    run_name: str
    benchmark_name: str
    kind: Kind
    href: str
    status: RunStatus
    is_dead: bool
    is_followed: bool
    is_mock: bool
    models: tuple[str, ...]
    tasks: int
    samples: int
    finished: int
    total: int
    share: float | None
    passed: int
    evaluated: int
    left_out: int
    started_at: str | None
    updated_at: str | None
    finished_at: str | None
    mean_seconds: float | None
    eta: Ending | None
    running: tuple[RunningAttempt, ...]
    running_count: int
    queue: tuple[Planned, ...]
    waiting: int
    detail: str
    limits: tuple[Limit, ...]
    provider_retries: int

    @property
    def is_running(self) -> bool:
        return self.status == "running" and not self.is_dead


def current_job(state: RunState, *, is_dead: bool = False) -> CurrentJob:
    """How far a run is at this event; `is_dead` comes from who can look at processes."""
    config, tally = state.config, outcomes.tally_of(state.sums_of())
    done, total = progress_of(state)
    waiting = max(0, total - done - len(state.running))
    return CurrentJob(
        run_id=config.run_id,
        run_name=config.run_name,
        benchmark_name=config.benchmark_name,
        kind=config.kind,
        href=links.run(config.run_id),
        status=state.status,
        is_dead=is_dead,
        is_followed=state.config.followed,
        is_mock=config.is_mock,
        models=tuple(model.model_id for model in config.models),
        tasks=len(config.tasks),
        samples=config.samples,
        finished=done,
        total=total,
        share=outcomes.ratio(done, total),
        passed=tally.passed,
        evaluated=tally.evaluated,
        left_out=tally.excluded,
        started_at=state.started_at,
        updated_at=state.updated_at,
        finished_at=state.finished_at,
        mean_seconds=outcomes.ratio(tally.seconds, tally.finished),
        eta=None if is_dead or not total else _ending(state, waiting),
        running=tuple(_running(state)),
        running_count=len(state.running),
        queue=() if state.finished_at else state.next_up,
        waiting=waiting,
        detail=state.progress.detail if state.progress else "",
        limits=costs.standing(state.limits),
        provider_retries=state.provider_retries,
    )


def progress_of(state: RunState) -> tuple[int, int]:
    """Done and total: an engine that reports no attempts says it itself; a total of 0 means that nobody knows."""
    said: EngineProgress | None = state.progress
    if state.finished == 0 and said and said.done is not None:
        return said.done, said.total or state.total
    return state.finished, state.total


def _running(state: RunState) -> list[RunningAttempt]:
    lines = []
    for one in islice(state.running.values(), MOST_RUNNING):
        card = state.config.tasks.get(one.task)
        lines.append(
            RunningAttempt(
                attempt=one.attempt,
                task=one.task,
                title=card.title if card else "",
                domain=card.domain if card else "",
                model=one.model,
                sample=one.sample,
                worker=one.worker,
                phase=one.phase,
                step=one.step,
                started_at=one.started_at,
                href=links.attempt(state.config.run_id, one.attempt) if state.config.kind == "agent" else None,
            )
        )
    return lines


def _ending(state: RunState, waiting: int) -> Ending | None:
    if state.status != "running" or not state.updated_at or not state.session_at:
        return None
    estimate = numbers.eta(_workload(state, waiting), Random(f"{state.config.run_id}:{state.seq}"))
    if estimate is None or estimate.high > numbers.FARTHEST:
        return None
    now = read(state.updated_at)
    return Ending(spell(now + estimate.seconds), spell(now + estimate.low), spell(now + estimate.high), estimate.level)


def _workload(state: RunState, waiting: int) -> numbers.Workload:
    """The newest attempts of this session, and the time in which they were done; a pause before a resume is none."""
    now, since = state.updated_at or "", state.session_at or ""
    newest = [row for row in state.rows[-PACE_WINDOW - 1 :] if row.finished_at >= since]
    if len(newest) > PACE_WINDOW:
        since = newest.pop(0).finished_at
    return numbers.Workload(
        finished=[row.seconds for row in newest],
        running=[between(one.started_at, now) for one in state.running.values()],
        waiting=waiting,
        workers=max(1, state.config.workers),
        elapsed=between(since, now),
    )
