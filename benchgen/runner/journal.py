"""The run's one way to its log: events go down in order, and only what is down counts, here and for who listens."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from benchgen.clock import Clock
from benchgen.fold import Fold
from benchgen.records.events import Event
from benchgen.redact import Redactor
from benchgen.runner.code import RunStopped
from benchgen.store.writer import Closed, Order, Writer

Listener = Callable[[Event], None]


Waiter = Callable[[Exception | None], None]
"""Who is told that events are on disk for good, or why they are not."""


class Journal:
    """Records events through the one writer of the run; the fold and the listener see them once they are durable.

    What comes in one turn of the loop is handed to the writer together, and what the writer has written comes back
    together: neither thread is woken for a single event of many.
    """

    def __init__(self, folder: Path, fold: Fold, clock: Clock, redactor: Redactor, listener: Listener) -> None:
        self.fold = fold
        self._listener = listener
        self._loop = asyncio.get_running_loop()
        self._gathered: list[Order] = []
        self._waiting: deque[tuple[int, Waiter | None]] = deque()  # how many events, and who waits for them
        self._fault: RunStopped | None = None
        self._writer = Writer(
            folder, clock=clock, redactor=redactor, on_written=self._written, on_fault=self._not_written
        )

    async def record(self, event: Event, row: bytes | None = None) -> None:
        """Returns once the event is on disk for good, and before it the line of `results.jsonl` that it announces.

        RunStopped when it cannot be.
        """
        done: asyncio.Future[None] = self._loop.create_future()
        self.hand_on((event,), row, partial(_settle, done))
        await done

    def hand_on(self, events: tuple[Event, ...], row: bytes | None, waiter: Waiter) -> None:
        """The same for several that go down together, and for who has other things to do until it is told."""
        self._submit(Order(events, row), waiter)

    def note(self, event: Event) -> None:
        """An event that may be lost in a crash (where an attempt is, a retry): written in order, not waited for."""
        self._submit(Order((event,), sync=False), None)

    async def close(self) -> None:
        """Writes what is left and lets go of the log."""
        self._send()
        await asyncio.to_thread(self._writer.close)

    def _submit(self, order: Order, waiter: Waiter | None) -> None:
        if self._fault is not None:
            raise self._fault
        if not self._gathered:
            self._loop.call_soon(self._send)
        self._gathered.append(order)
        self._waiting.append((len(order.events), waiter))

    def _send(self) -> None:
        if not self._gathered:
            return
        orders, self._gathered = self._gathered, []
        try:
            self._writer.hand_on(orders)
        except Closed as fault:
            self._fail(self._writer.fault or fault)

    def _not_written(self, fault: Exception) -> None:
        """In the writer's thread, as is the next one."""
        self._loop.call_soon_threadsafe(self._fail, fault)

    def _written(self, events: list[Event]) -> None:
        self._loop.call_soon_threadsafe(self._take, events)

    def _take(self, events: list[Event]) -> None:
        for event in events:
            self.fold.apply(event)
        told = 0
        while self._waiting and told < len(events):  # none waits any more where a later failure was heard of first
            count, waiter = self._waiting.popleft()
            told += count
            if waiter is not None:
                waiter(None)
        for event in events:
            with suppress(OSError):  # who watched has left, as `head` does, or has a full disk; the run goes on
                self._listener(event)

    def _fail(self, fault: Exception) -> None:
        """After a failure nothing more is written: whoever waits learns of it, and whoever comes later."""
        self._fault = self._fault or RunStopped(str(fault))
        while self._waiting:
            _, waiter = self._waiting.popleft()
            if waiter is not None:
                waiter(self._fault)


def _settle(done: asyncio.Future[None], fault: Exception | None) -> None:
    if done.done():
        return
    if fault is None:
        done.set_result(None)
    else:
        done.set_exception(fault)
