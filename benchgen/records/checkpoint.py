"""A fold put down, so that another can go on from there without the events before."""

from __future__ import annotations

from collections.abc import Mapping

from benchgen.record import Record
from benchgen.records.events import Outline, RunFinished
from benchgen.records.run import Budget
from benchgen.records.state import EngineProgress, Limit, MachineCost, Running, Spending, Worker
from benchgen.records.status import RunStatus


class OutcomeColumns(Record):
    """Outcomes in the order in which attempts ended, the parts of `AttemptRow` column by column."""

    attempts: tuple[str, ...] = ()
    outlines: tuple[Outline, ...] = ()
    costs: tuple[int | None, ...] = ()
    offsets: tuple[int, ...] = ()
    lengths: tuple[int, ...] = ()


class Checkpoint(Record):
    """What `RunState` says under the same names, and what later events need besides; tallies come from the outcomes.

    Of the plan it has what may change: that the rest is the same is for those to know who go on from here.
    `ended_before` counts the outcomes before the run was last started, `paid` is what answers cost of attempts without
    an outcome, `answered` are those under way that no longer wait, `busy` is in billionths of a second.
    """

    budget: Budget
    status: RunStatus
    seq: int
    queued_at: str | None
    started_at: str | None
    updated_at: str
    pid: int | None
    sandbox: str
    resumes: int
    total: int
    spending: Mapping[str, Spending]
    machines: Mapping[str, MachineCost]
    running: Mapping[str, Running]
    workers: Mapping[str, Worker]
    superseded: Mapping[str, str]
    limits: tuple[Limit, ...]
    progress: EngineProgress | None
    provider_retries: int
    unknown_events: Mapping[str, int]
    session_at: str | None
    log_bytes: int
    dropped_requests: int
    ended: RunFinished | None
    ended_before: int
    outcomes: OutcomeColumns
    paid: Mapping[str, int | None]
    answered: tuple[str, ...]
    busy: Mapping[str, int]
