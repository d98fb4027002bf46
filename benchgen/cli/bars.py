"""A run's progress as a bar on a terminal, for attempts and for rows. Imported only where there is a terminal."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from benchgen.cli.progress import MARKS, SilentDisplay, line_of, outcome_line
from benchgen.cli.rows_progress import Meter
from benchgen.records.events import AttemptFinished, Event
from benchgen.records.run import RunConfig
from benchgen.records.status import status_of


class _Bar(SilentDisplay):
    """A bar that moves while its block lasts; lines for people stand above it."""

    def __init__(self, config: RunConfig, done: int, *columns: ProgressColumn) -> None:
        super().__init__(config, done)
        self._progress = Progress(*columns, console=Console(stderr=True, highlight=False))

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def say(self, message: str, style: str | None = None) -> None:
        self._progress.console.print(message, style=style, markup=False, soft_wrap=True)


class AttemptsBar(_Bar):
    """A bar with counts and times, above it what was not passed."""

    def __init__(self, config: RunConfig, done: int) -> None:
        counts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        passed = TextColumn("{task.fields[passed]} passed")
        super().__init__(config, done, *counts, passed, TimeElapsedColumn(), TimeRemainingColumn())
        self._passed = 0
        self._bar = self._progress.add_task(config.run_id, total=self.total, completed=done, passed=0)

    def show(self, event: Event) -> None:
        if isinstance(event, AttemptFinished):
            passed = event.outcome.category is None
            self._passed += passed
            self._progress.update(self._bar, advance=1, passed=self._passed)
            if not passed:
                _, colour = MARKS[status_of(event.outcome.category)]
                self.say(outcome_line(event.outcome), colour)
        elif note := line_of(event):
            self.say(note)


class RowsBar(_Bar):
    """A bar with the words of the meter."""

    def __init__(self, config: RunConfig, done: int) -> None:
        super().__init__(config, done, BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
        self._meter = Meter(self.total, done)
        self._bar = self._progress.add_task("", total=self.total, completed=done)
        self._said = 0.0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._update()
        super().__exit__(kind, error, trace)

    def show(self, event: Event) -> None:
        if isinstance(event, AttemptFinished):
            self._meter.take(event.outcome)
            if time.monotonic() - self._said >= 0.2:
                self._said = time.monotonic()
                self._update()
        elif note := line_of(event):
            self.say(note)

    def _update(self) -> None:
        words = self._meter.line().partition(" · ")[2]
        self._progress.update(self._bar, completed=self._meter.done, description=words)
