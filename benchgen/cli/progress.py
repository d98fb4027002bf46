"""A run's progress on the terminal: a bar with the last outcomes, plain lines for pipes, or the events as JSON."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from benchgen import codec
from benchgen.records.attempt import Attempt
from benchgen.records.events import AttemptFinished, Event, LimitReached, ProviderRetry
from benchgen.records.run import RunConfig, planned_total
from benchgen.records.status import status_of

MARKS = {
    "passed": ("✓", "green"),
    "failed": ("✕", "red"),
    "timeout": ("⏱", "red"),
    "error": ("!", "magenta"),
    "api_error": ("⚡", "yellow"),
    "canceled": ("⊘", "bright_black"),
    "skipped": ("⊘", "bright_black"),
}
DISPLAYS = ("auto", "rich", "plain", "json", "none")


class Display(Protocol):
    """Shows events while its block lasts."""

    def __enter__(self) -> Display: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def show(self, event: Event) -> None:
        """Takes one event of the run."""
        ...

    def say(self, message: str) -> None:
        """One line for people, beside the progress."""
        ...


def make_display(name: str, config: RunConfig, done: int) -> Display:
    """The display of that name; `auto` is `rich` on a terminal, else `plain`. `done` attempts are over already."""
    if name == "auto":
        name = "rich" if sys.stderr.isatty() else "plain"
    if name == "rich":
        return RichDisplay(config, done)
    return {"plain": PlainDisplay, "json": JsonDisplay}.get(name, SilentDisplay)(config, done)


class SilentDisplay:
    """Shows nothing but what must be said."""

    def __init__(self, config: RunConfig, done: int) -> None:
        self.total = planned_total(config)
        self.done = done

    def __enter__(self) -> SilentDisplay:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def show(self, event: Event) -> None:
        return None

    def say(self, message: str) -> None:
        click.echo(f"benchgen: {message}", err=True)


class JsonDisplay(SilentDisplay):
    """Every event as one JSON line on stdout, as it stands in the log."""

    def show(self, event: Event) -> None:
        click.echo(codec.event_line(event), nl=False)
        sys.stdout.flush()


class PlainDisplay(SilentDisplay):
    """One line for each finished attempt."""

    def show(self, event: Event) -> None:
        if isinstance(event, AttemptFinished):
            self.done += 1
            click.echo(f"[{self.done}/{self.total}] {_outcome_line(event.outcome)}", err=True)
        elif note := _note(event):
            click.echo(note, err=True)


class RichDisplay(SilentDisplay):
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

    def __enter__(self) -> RichDisplay:
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
                self._console.print(_outcome_line(event.outcome), style=colour, markup=False, soft_wrap=True)
        elif note := _note(event):
            self._console.print(note, markup=False, soft_wrap=True)

    def say(self, message: str) -> None:
        self._console.print(message, markup=False, soft_wrap=True)


def line_of(event: Event) -> str | None:
    """What an event is to people, on one line; None for the many that are nothing."""
    return _outcome_line(event.outcome) if isinstance(event, AttemptFinished) else _note(event)


def _outcome_line(outcome: Attempt) -> str:
    status = status_of(outcome.category)
    mark, _ = MARKS[status]
    why = f" · {outcome.message}" if outcome.category else ""
    return printable(f"{mark} {status} {outcome.task} · {outcome.model} · {outcome.duration_seconds:.1f} s{why}")


def _note(event: Event) -> str | None:
    if isinstance(event, ProviderRetry):
        return printable(f"↻ {event.provider}: {event.reason}; again in {event.wait_seconds:.0f} s")
    if isinstance(event, LimitReached):
        return printable(event.message)
    return None


def printable(text: str) -> str:
    """Text of a model or a file on one line without control characters: a terminal obeys those."""
    return "".join(char if char.isprintable() else " " for char in text)
