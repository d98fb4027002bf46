"""A run's progress: plain lines for pipes, the events as JSON, or a bar with the last outcomes on a terminal."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Protocol

import click

from benchgen import codec
from benchgen.cli.words import printable
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
            click.echo(f"[{self.done}/{self.total}] {outcome_line(event.outcome)}", err=True)
        elif note := _note(event):
            click.echo(note, err=True)


def line_of(event: Event) -> str | None:
    """What an event is to people, on one line; None for the many that are nothing."""
    return outcome_line(event.outcome) if isinstance(event, AttemptFinished) else _note(event)


def outcome_line(outcome: Attempt) -> str:
    """An outcome on one line: its mark and status, task and model, and why."""
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
