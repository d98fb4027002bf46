"""A run's progress as a bar on a terminal, for attempts and for rows. Imported only where there is a terminal."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from benchgen.cli.progress import MARKS, SilentDisplay, line_of, outcome_line
from benchgen.cli.rows_progress import Meter
from benchgen.records.events import AttemptFinished, Event
from benchgen.records.run import RunConfig
from benchgen.records.status import status_of


class AttemptsBar(SilentDisplay):
    """A bar with counts and times, above it what was not passed."""

    def __init__(self, config: RunConfig, done: int) -> None:
        super().__init__(config, done)
        self._passed = 0
        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[passed]} passed"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
        )
        self._bar = self._progress.add_task(config.run_id, total=self.total, completed=done, passed=0)

    def __enter__(self) -> AttemptsBar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, event: Event) -> None:
        if isinstance(event, AttemptFinished):
            passed = event.outcome.category is None
            self._passed += passed
            self._progress.update(self._bar, advance=1, passed=self._passed)
            if not passed:
                _, colour = MARKS[status_of(event.outcome.category)]
                self._console.print(outcome_line(event.outcome), style=colour, markup=False, soft_wrap=True)
        elif note := line_of(event):
            self._console.print(note, markup=False, soft_wrap=True)

    def say(self, message: str) -> None:
        self._console.print(message, markup=False, soft_wrap=True)


class RowsBar(SilentDisplay):
    """A bar with the words of the meter."""

    def __init__(self, config: RunConfig, done: int) -> None:
        super().__init__(config, done)
        self._meter = Meter(self.total, done)
        self._console = Console(stderr=True, highlight=False)
        self._progress = Progress(
            BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), console=self._console
        )
        self._bar = self._progress.add_task("", total=self.total, completed=done)
        self._said = 0.0

    def __enter__(self) -> RowsBar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.update(self._bar, completed=self._meter.done, description=self._words())
        self._progress.stop()

    def show(self, event: Event) -> None:
        if isinstance(event, AttemptFinished):
            self._meter.take(event.outcome)
            if time.monotonic() - self._said >= 0.2:
                self._said = time.monotonic()
                self._progress.update(self._bar, completed=self._meter.done, description=self._words())
        elif note := line_of(event):
            self._console.print(note, markup=False, soft_wrap=True)

    def say(self, message: str) -> None:
        self._console.print(message, markup=False, soft_wrap=True)

    def _words(self) -> str:
        return self._meter.line().partition(" · ")[2]
