"""The run's one way to its log: events go down in order, and only what is down counts, here and for who listens."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from benchgen.clock import Clock
from benchgen.fold import Fold
from benchgen.records.events import Event
from benchgen.redact import Redactor
from benchgen.runner.code import RunStopped
from benchgen.store.writer import Closed, Writer

Listener = Callable[[Event], None]


class Journal:
    """Records events through the one writer of the run; the fold and the listener see them once they are durable."""

    def __init__(self, folder: Path, fold: Fold, clock: Clock, redactor: Redactor, listener: Listener) -> None:
        self.fold = fold
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        # Who waits for each event that was handed on, in that order: a batch wakes the loop once, not once an event.
        self._waiting: deque[asyncio.Future[None] | None] = deque()
        self._writer = Writer(
            folder, clock=clock, redactor=redactor, on_written=self._written, on_fault=self._not_written
        )

    async def record(self, event: Event, row: bytes | None = None) -> None:
        """Returns once the event is on disk for good, and before it the line of `results.jsonl` that it announces.

        RunStopped when it cannot be.
        """
        await self.hand_on(event, row)

    def hand_on(self, event: Event, row: bytes | None = None) -> asyncio.Future[None]:
        """The same for who has other things to do meanwhile: the future is done when the event is on disk."""
        return self.hand_on_all((event,), row)

    def hand_on_all(self, events: tuple[Event, ...], row: bytes | None = None) -> asyncio.Future[None]:
        """The same for several that go down together: the future is done when the last one is."""
        waiter: asyncio.Future[None] = self._loop.create_future()
        self._submit(events, row, waiter)
        return waiter

    def note(self, event: Event) -> None:
        """An event that may be lost in a crash (where an attempt is, a retry): written in order, not waited for."""
        self._submit((event,), None, None)

    async def close(self) -> None:
        """Writes what is left and lets go of the log."""
        await asyncio.to_thread(self._writer.close)

    def _submit(self, events: tuple[Event, ...], row: bytes | None, waiter: asyncio.Future[None] | None) -> None:
        try:
            self._writer.hand_on(events, row, sync=waiter is not None)
        except Closed as fault:
            raise RunStopped(str(self._writer.fault or fault)) from fault
        self._waiting.extend(None for _ in events[1:])
        self._waiting.append(waiter)

    def _not_written(self, fault: Exception) -> None:
        """In the writer's thread, as is the next one."""
        self._loop.call_soon_threadsafe(self._fail, fault)

    def _written(self, events: list[Event]) -> None:
        self._loop.call_soon_threadsafe(self._take, events)

    def _take(self, events: list[Event]) -> None:
        for event in events:
            self.fold.apply(event)
            waiter = self._waiting.popleft()
            if waiter is not None and not waiter.done():
                waiter.set_result(None)
        for event in events:
            with suppress(BrokenPipeError):  # who watched has left, as `head` does; the run goes on
                self._listener(event)

    def _fail(self, fault: BaseException) -> None:
        """After a failure nothing more is written: whoever waits learns of it."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if waiter is not None and not waiter.done():
                waiter.set_exception(RunStopped(str(fault)))
