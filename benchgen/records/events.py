"""The events of a run's log, one record each; `seq` counts from 1 without a gap, `at` is UTC with milliseconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchgen.record import Record, tag_of
from benchgen.records.attempt import Attempt, Usage
from benchgen.records.report import EngineReport
from benchgen.records.run import Budget
from benchgen.records.status import Category, RunStatus
from benchgen.records.task import TaskCard


class Event(Record, kw_only=True, tag_field="type"):
    """What every event has, beside the `type` that its line says. A writer leaves `seq` at 0: the log numbers it."""

    seq: int = 0
    at: str = ""


class RunQueued(Event, kw_only=True, tag="run_queued"):
    run_id: str
    format: int


class RunStarted(Event, kw_only=True, tag="run_started"):
    run_id: str
    format: int
    pid: int | None = None
    sandbox: str = ""


class RunResumed(Event, kw_only=True, tag="run_resumed"):
    """The run goes on, from here within `budget` where one is given."""

    run_id: str
    format: int
    pid: int | None = None
    sandbox: str = ""
    budget: Budget | None = None


class WorkerJoined(Event, kw_only=True, tag="worker_joined"):
    worker: str
    host: str | None = None


class WorkerLeft(Event, kw_only=True, tag="worker_left"):
    worker: str
    reason: str = ""


class AttemptStarted(Event, kw_only=True, tag="attempt_started"):
    """`card` says what the task is and `folder` where its files lie, where the run's plan could not know it."""

    attempt: str
    task: str
    model: str
    sample: int
    worker: str = ""
    replaces: str | None = None
    card: TaskCard | None = None
    folder: str = ""


class AttemptPhase(Event, kw_only=True, tag="attempt_phase"):
    """Where a running attempt is: a phase of a code attempt, or the step of an episode."""

    attempt: str
    phase: str
    step: int | None = None


class StepRecorded(Event, kw_only=True, tag="step_recorded"):
    """One step of an episode; `screenshot` is a file's path inside the run folder."""

    attempt: str
    step: int
    action: Mapping[str, Any]
    reasoning: str | None = None
    screenshot: str | None = None
    correct: bool | None = None


RUNNING_TOTAL = "total"
"""The `price` of what a harness reports as a sum so far: how many answers that was for, it does not say."""


class AnswerReceived(Event, kw_only=True, tag="answer_received"):
    """An answer is saved and paid for; money is summed from here alone. `cost_nanousd` None: the price is unknown."""

    attempt: str
    turn: int
    answer_sha256: str
    provider: str
    model: str
    usage: Usage | None = None
    cost_nanousd: int | None = None
    price: str = "unknown"
    latency_seconds: float | None = None
    first_token_seconds: float | None = None
    from_cache: bool = False


class AttemptFinished(Event, kw_only=True, tag="attempt_finished"):
    attempt: str
    outcome: Attempt


class AttemptSuperseded(Event, kw_only=True, tag="attempt_superseded"):
    """A retried attempt no longer counts; both stay on record."""

    attempt: str
    by: str


class ProviderRetry(Event, kw_only=True, tag="provider_retry"):
    attempt: str
    provider: str
    reason: str
    wait_seconds: float
    number: int
    http_status: int | None = None


class Progress(Event, kw_only=True, tag="progress"):
    """Progress of an engine that reports no attempts; None where it cannot be told."""

    done: int | None = None
    total: int | None = None
    detail: str = ""


class Cost(Event, kw_only=True, tag="cost"):
    """Machine time used since the last event of the same machine; `hours` and `cost_nanousd` are increments."""

    machine: str
    kind: str
    hours: float
    cost_nanousd: int


class LimitReached(Event, kw_only=True, tag="limit_reached"):
    """A budget is at 80 % (`warning`) or used up."""

    limit: str
    message: str
    warning: bool = False


class RunFinished(Event, kw_only=True, tag="run_finished"):
    """How a run ended. `report` holds the metrics of an engine that scores by itself."""

    status: RunStatus
    exit_code: int
    error: str | None = None
    report: EngineReport | None = None


class UnknownEvent(Event, kw_only=True, tag=False):
    """An event type this benchgen does not know: counted and shown, never dropped in silence."""

    type: str


class Outline(Record, omit_defaults=True):
    """The few fields of an outcome that counting needs; the whole is read from its line when it is shown."""

    task: str
    model: str
    sample: int
    category: Category | None
    started_at: str
    finished_at: str
    duration_seconds: float
    worker: str = ""
    score: float | None = None
    message: str = ""
    usage: Usage | None = None
    turns: int = 1
    steps: int | None = None
    first_action_correct: bool | None = None
    api_latency_seconds: float | None = None
    first_token_seconds: float | None = None
    replaces: str | None = None
    from_cache: bool = False
    passed_at_turn: int | None = None
    is_scored: bool = True


class AttemptOutlined(Event, kw_only=True, tag="attempt_finished"):
    """An `attempt_finished` line as a reader of the log takes it."""

    attempt: str
    outcome: Outline


RECORDS: tuple[type[Event], ...] = (
    RunQueued,
    RunStarted,
    RunResumed,
    WorkerJoined,
    WorkerLeft,
    AttemptStarted,
    AttemptPhase,
    StepRecorded,
    AnswerReceived,
    AttemptFinished,
    AttemptSuperseded,
    ProviderRetry,
    Progress,
    Cost,
    LimitReached,
    RunFinished,
)
RECORD_OF: dict[str, type[Event]] = {tag_of(record): record for record in RECORDS}
