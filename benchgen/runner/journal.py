"""The run's one way to its log: events go down in order, and only what is down counts, here and for who listens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from benchgen.clock import Clock
from benchgen.errors import BenchgenError
from benchgen.fold import Fold
from benchgen.records.events import Event
from benchgen.redact import Redactor
from benchgen.runner.code import RunStopped
from benchgen.store.writer import Writer

Listener = Callable[[Event], None]


class Journal:
    """Records events through the one writer of the run; the fold and the listener see them once they are durable."""

    def __init__(self, folder: Path, fold: Fold, clock: Clock, redactor: Redactor, listener: Listener) -> None:
        self.fold = fold
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._writer = Writer(folder, clock=clock, redactor=redactor, on_written=self._written)

    async def record(self, event: Event, row: bytes | None = None) -> None:
        """Returns once the event is on disk for good, and before it the line of `results.jsonl` that it announces.

        RunStopped when it cannot be.
        """
        try:
            await asyncio.wrap_future(self._writer.submit(event, row=row))
        except (BenchgenError, OSError) as fault:
            raise RunStopped(str(fault)) from fault

    def note(self, event: Event) -> None:
        """An event that may be lost in a crash (where an attempt is, a retry): written in order, not waited for."""
        self._writer.submit(event, sync=False)

    async def close(self) -> None:
        """Writes what is left and lets go of the log."""
        await asyncio.to_thread(self._writer.close)

    def _written(self, events: list[Event]) -> None:
        self._loop.call_soon_threadsafe(self._take, events)

    def _take(self, events: list[Event]) -> None:
        for event in events:
            self.fold.apply(event)
            self._listener(event)
