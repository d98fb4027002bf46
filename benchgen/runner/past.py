"""What a run's log says of its earlier starts: what is done, paid for, spent in time, and broken off in a retry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchgen import clock, paths
from benchgen.fold import Fold
from benchgen.record import Record
from benchgen.records.events import (
    AnswerReceived,
    AttemptOutlined,
    AttemptStarted,
    AttemptSuperseded,
    Event,
    RunFinished,
    RunQueued,
    RunResumed,
    RunStarted,
)
from benchgen.records.run import Planned, RunConfig
from benchgen.runner.desk import Todo
from benchgen.store.log import LogReader

Paid = Mapping[tuple[str, int], AnswerReceived]


class Past(Record):
    """`seconds` is how long earlier starts ran, `retries` what they began to repeat and did not finish."""

    fold: Fold
    paid: Paid
    seconds: float
    retries: tuple[Todo, ...]

    def unsaid(self) -> list[AttemptSuperseded]:
        """The replacements that have an outcome, where a crash came before it was said that they replace another."""
        state = self.fold.state()
        replaced = [(row.replaces, row.attempt) for row in state.rows if row.replaces]
        return [AttemptSuperseded(attempt=old, by=new) for old, new in replaced if old not in state.superseded]


def read_past(folder: Path, config: RunConfig) -> Past:
    """The log of a run, read once."""
    reading = _Reading(Fold(config))
    LogReader(folder / paths.EVENTS).scan(reading.take)
    return reading.past()


def read_past_rows(folder: Path, config: RunConfig) -> Past:
    """The same for a run of many rows, of which sums and ids are enough: nothing of it was ever repeated."""
    reading = _Reading(Fold(config, keeps_rows=False))
    LogReader(folder / paths.EVENTS).scan(reading.take)
    return read_past(folder, config) if reading.has_retries else reading.past()


class _Reading:
    """A log as it is read. Answers whose attempt has its outcome are not held: nobody goes on from them."""

    def __init__(self, fold: Fold) -> None:
        self._fold, self._sessions = fold, _Sessions()
        self._paid: dict[tuple[str, int], AnswerReceived] = {}
        self._turns: dict[str, int] = {}
        self._retries: dict[str, Todo] = {}

    def take(self, event: Event, offset: int, length: int) -> None:
        """One event, and where it lies."""
        self._fold.take(event, offset, length)
        self._sessions.take(event)
        if isinstance(event, AnswerReceived):
            self._paid[event.attempt, event.turn] = event
            self._turns[event.attempt] = event.turn
        elif isinstance(event, AttemptOutlined):
            for turn in range(self._turns.pop(event.attempt, -1) + 1):
                self._paid.pop((event.attempt, turn), None)
        elif isinstance(event, AttemptStarted) and event.replaces:
            item = Planned(event.attempt, event.task, event.model, event.sample)
            self._retries[event.attempt] = Todo(item, event.replaces)

    @property
    def has_retries(self) -> bool:
        return bool(self._retries)

    def past(self) -> Past:
        """What it comes to."""
        left = tuple(todo for attempt, todo in self._retries.items() if not self._fold.is_finished(attempt))
        return Past(self._fold, self._paid, self._sessions.seconds(), left)


class _Sessions:
    """Sums the time from each start to the last thing that happened before the next one."""

    def __init__(self) -> None:
        self._before = 0.0
        self._since: str | None = None
        self._last = ""

    def take(self, event: Event) -> None:
        if isinstance(event, RunStarted | RunResumed):
            self._before = self.seconds()
            self._since = event.at
        if not isinstance(event, RunQueued | RunFinished):  # a dead run may be ended, on record, much later
            self._last = event.at

    def seconds(self) -> float:
        return self._before + (clock.between(self._since, self._last) if self._since else 0.0)
