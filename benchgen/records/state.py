"""What a log means at one moment: the state that the fold hands out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import overload

from benchgen.record import Record, field
from benchgen.records.attempt import Attempt
from benchgen.records.events import Outline, StepRecorded
from benchgen.records.report import EngineReport
from benchgen.records.run import Planned, RunConfig
from benchgen.records.status import AttemptStatus, Category, RunStatus, excluded, is_evaluated, status_of


class Line(Record):
    """Where a line lies in `events.jsonl`: byte offset and length, the newline included."""

    offset: int = 0
    length: int = 0


class AttemptRow(Record):
    """A finished attempt, slim. `cost_nanousd` sums its answers; None when one of them has no known price.

    Hundreds of thousands of them are made at once: it holds its parts as they were read.
    """

    attempt: str
    outline: Outline | Attempt
    cost_nanousd: int | None
    offset: int
    length: int

    @property
    def line(self) -> Line:
        return Line(self.offset, self.length)

    @property
    def task(self) -> str:
        return self.outline.task

    @property
    def model(self) -> str:
        return self.outline.model

    @property
    def sample(self) -> int:
        return self.outline.sample

    @property
    def category(self) -> Category | None:
        return self.outline.category

    @property
    def started_at(self) -> str:
        return self.outline.started_at

    @property
    def finished_at(self) -> str:
        return self.outline.finished_at

    @property
    def seconds(self) -> float:
        return self.outline.duration_seconds

    @property
    def is_timed(self) -> bool:
        """Whether its time is one of the model's: it ended by the model's doing, and its harness measured it."""
        return is_evaluated(self.outline.category) and self.outline.duration_seconds > 0

    @property
    def worker(self) -> str:
        return self.outline.worker

    @property
    def score(self) -> float | None:
        return self.outline.score

    @property
    def message(self) -> str:
        return self.outline.message

    @property
    def input_tokens(self) -> int | None:
        return self.outline.usage.input if self.outline.usage else None

    @property
    def output_tokens(self) -> int | None:
        return self.outline.usage.output if self.outline.usage else None

    @property
    def steps(self) -> int:
        """Steps of an episode; the turns of a kind without steps."""
        return self.outline.turns if self.outline.steps is None else self.outline.steps

    @property
    def first_action_correct(self) -> bool | None:
        return self.outline.first_action_correct

    @property
    def api_latency_seconds(self) -> float | None:
        return self.outline.api_latency_seconds

    @property
    def replaces(self) -> str | None:
        return self.outline.replaces

    @property
    def status(self) -> AttemptStatus:
        return status_of(self.outline.category)

    @property
    def evaluated(self) -> bool:
        one = self.outline
        return one.is_scored and (one.category is None or is_evaluated(one.category))


class Rows(Sequence[AttemptRow]):
    """An unchanging prefix of an append-only list: taking one costs nothing, later appends are not seen."""

    __slots__ = ("_length", "_rows")

    def __init__(self, rows: Sequence[AttemptRow]) -> None:
        self._rows = rows
        self._length = len(rows)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> AttemptRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[AttemptRow]: ...
    def __getitem__(self, index: int | slice) -> AttemptRow | list[AttemptRow]:
        if isinstance(index, slice):
            return [self._rows[i] for i in range(*index.indices(self._length))]
        if not -self._length <= index < self._length:
            raise IndexError(index)
        return self._rows[index % self._length]

    def __iter__(self) -> Iterator[AttemptRow]:
        return islice(self._rows, self._length)


class Tally(Record):
    """Counts of one task by one model. `evaluated` = passed + the model's failures; the rest is in `categories`.

    `seconds` sums finished attempts, `score` those that have one, steps and first actions the evaluated ones; each
    `*_count` says how many that were. `passed_later` counts failures that a later turn, told what failed, made good.
    """

    finished: int = 0
    passed: int = 0
    evaluated: int = 0
    categories: Mapping[Category, int] = field(default_factory=dict)
    seconds: float = 0.0
    steps: int = 0
    steps_count: int = 0
    steps_passed: int = 0
    steps_passed_count: int = 0
    first_actions: int = 0
    first_actions_correct: int = 0
    score: float = 0.0
    score_count: int = 0
    passed_later: int = 0

    @property
    def excluded(self) -> int:
        """Attempts left out of the rate, for what went wrong was not the model's doing."""
        return excluded(self.categories)


class Spending(Record):
    """What one model's answers took. `answers_unpriced` > 0 makes `cost_nanousd` a lower bound.

    The `timed_*` are of answers whose tokens and time are both known: their ratio is a speed. `price` says where the
    newest answer's price comes from.
    """

    provider: str
    model: str
    answers: int = 0
    answers_unpriced: int = 0
    answers_without_usage: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    cost_nanousd: int = 0
    latency_seconds: float = 0.0
    timed_output_tokens: int = 0
    timed_seconds: float = 0.0
    price: str = "unknown"


class MachineCost(Record):
    """Machine time so far, in hours and nano-dollars."""

    machine: str
    kind: str
    hours: float
    cost_nanousd: int


class Running(Record):
    """An attempt under way; `steps` are those of an episode so far."""

    attempt: str
    task: str
    model: str
    sample: int
    worker: str
    started_at: str
    phase: str | None = None
    step: int | None = None
    steps: tuple[StepRecorded, ...] = ()


class Worker(Record):
    """One worker, from attempt events alone. `busy_seconds` sums ended attempts, `since` is when its state began."""

    worker: str
    host: str | None
    joined_at: str
    since: str
    current: str | None = None
    current_task: str | None = None
    done: int = 0
    busy_seconds: float = 0.0
    left_at: str | None = None


class Limit(Record):
    """A budget that was reached, or at 80 % (`warning`)."""

    limit: str
    message: str
    warning: bool
    at: str


class EngineProgress(Record):
    """Progress of an engine that reports no attempts; None where it cannot be told."""

    done: int | None
    total: int | None
    detail: str


class RunState(Record):
    """A run as its log says, at event `seq`. `total` counts planned attempts, `finished` outcomes that count.

    `session_at` is when it was last started or resumed: a pace measured from there holds no pause.
    `log_bytes` is the length of the log up to event `seq`, 0 where events came from elsewhere than a log.
    `session_finished` counts the outcomes since the run was last started or resumed.
    `sums` are the tallies of whole models, of a dataset alone: its `tallies` are made from its rows, one by one.
    `replaced_nanousd` is what attempts cost that a retry replaced, `open_nanousd` what answers of those without an
    outcome did: with the attempts that count they add up to all that answers cost. `dropped_requests` is how many
    attempts waited for an answer when the run was broken off: what those answers cost nobody knows.
    """

    config: RunConfig
    status: RunStatus
    seq: int
    queued_at: str | None
    started_at: str | None
    updated_at: str | None
    finished_at: str | None
    exit_code: int | None
    error: str | None
    pid: int | None
    sandbox: str
    resumes: int
    total: int
    finished: int
    tallies: Mapping[tuple[str, str], Tally]
    spending: Mapping[str, Spending]
    machines: Mapping[str, MachineCost]
    running: Mapping[str, Running]
    workers: Mapping[str, Worker]
    superseded: Mapping[str, str]
    recent: tuple[AttemptRow, ...]
    rows: Rows
    limits: tuple[Limit, ...]
    progress: EngineProgress | None
    provider_retries: int
    unknown_events: Mapping[str, int]
    next_up: tuple[Planned, ...]
    session_at: str | None = None
    report: EngineReport | None = None
    log_bytes: int = 0
    session_finished: int = 0
    replaced_nanousd: int = 0
    open_nanousd: int = 0
    dropped_requests: int = 0
    sums: Mapping[str, Tally] = field(default_factory=dict)

    def sums_of(self, model: str | None = None) -> list[Tally]:
        """Tallies that add up to those of a model, or of all."""
        if self.sums:
            return [tally for by, tally in self.sums.items() if model in (None, by)]
        return [tally for (_, by), tally in self.tallies.items() if model in (None, by)]

    def has_asked(self, model: str | None = None) -> bool:
        """Whether a model was asked, or any, as outcomes tell: an attempt that could not be run never asks."""
        sums = self.sums_of(model)
        return any(tally.finished > tally.categories.get("not_runnable", 0) for tally in sums)

    def counted_rows(self) -> Iterator[AttemptRow]:
        """The finished attempts that count: without those that a retry replaced."""
        replaced = self.superseded
        return (row for row in self.rows if row.attempt not in replaced) if replaced else iter(self.rows)
