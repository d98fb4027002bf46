"""A dataset run's progress on the terminal: rows, tokens a second, time to the first token, time still to go."""

from __future__ import annotations

import time
from types import TracebackType

import click

from benchgen.cli.progress import SilentDisplay, line_of
from benchgen.numbers.sentences import in_percent
from benchgen.records.attempt import Attempt
from benchgen.records.events import AttemptFinished, Event
from benchgen.records.run import RunConfig

EVERY = 5.0
FEWEST = 3


class Meter:
    """Counts what this start of a run has done; `line` says it in words."""

    def __init__(self, total: int, done: int) -> None:
        self.total, self.done, self._before = total, done, done
        self._started = time.monotonic()
        self._tokens = self._faults = self._right = self._scored = 0
        self._first_tokens, self._answers = 0.0, 0

    def take(self, outcome: Attempt) -> None:
        """Counts one row."""
        self.done += 1
        self._tokens += outcome.usage.output if outcome.usage else 0
        self._faults += outcome.category in ("api_error", "harness")
        if outcome.score is not None:
            self._scored += 1
            self._right += outcome.category is None
        if outcome.first_token_seconds is not None:
            self._answers += 1
            self._first_tokens += outcome.first_token_seconds

    def line(self) -> str:
        """`1,200/5,000 rows · 31.2 rows/s · 512 tokens/s · first token 0.21 s · 2 min left`."""
        taken = max(time.monotonic() - self._started, 1e-6)
        pace = (self.done - self._before) / taken
        parts = [f"{self.done:,}/{self.total:,} rows", f"{pace:.1f} rows/s", f"{self._tokens / taken:,.0f} tokens/s"]
        if self._answers:
            parts.append(f"first token {self._first_tokens / self._answers:.2f} s")
        if self._scored:
            parts.append(f"{in_percent(self._right / self._scored)} % right")
        if self._faults:
            parts.append(f"{self._faults:,} without an answer")
        left = self.total - self.done
        if left > 0 and self.done - self._before >= FEWEST:
            parts.append(f"{_spoken(left / pace)} left")
        return " · ".join(parts)


class PlainRows(SilentDisplay):
    """A line every few seconds and one at the end: rows are too many for a line each."""

    def __init__(self, config: RunConfig, done: int) -> None:
        super().__init__(config, done)
        self._meter = Meter(self.total, done)
        self._said = time.monotonic()

    def show(self, event: Event) -> None:
        if isinstance(event, AttemptFinished):
            self._meter.take(event.outcome)
            if time.monotonic() - self._said >= EVERY:
                self._said = time.monotonic()
                click.echo(self._meter.line(), err=True)
        elif note := line_of(event):
            click.echo(note, err=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        click.echo(self._meter.line(), err=True)


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
