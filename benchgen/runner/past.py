"""What a run's log says of its earlier starts: what is done, paid for, spent in time, and broken off in a retry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchgen import clock, paths
from benchgen.fold import Fold
from benchgen.records.events import (
    AnswerReceived,
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


@dataclass(frozen=True, slots=True)
class Past:
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
    fold, sessions = Fold(config), _Sessions()
    paid: dict[tuple[str, int], AnswerReceived] = {}
    retries: dict[str, Todo] = {}
    for event, line in LogReader(folder / paths.EVENTS).poll():
        fold.apply(event, line)
        sessions.take(event)
        if isinstance(event, AnswerReceived):
            paid[event.attempt, event.turn] = event
        elif isinstance(event, AttemptStarted) and event.replaces:
            item = Planned(event.attempt, event.task, event.model, event.sample)
            retries[event.attempt] = Todo(item, event.replaces)
    left = tuple(todo for attempt, todo in retries.items() if not fold.is_finished(attempt))
    return Past(fold, paid, sessions.seconds(), left)


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
