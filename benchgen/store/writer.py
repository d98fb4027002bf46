"""The one writer of a run: takes all that is queued, makes it durable in one go, says so, and begins again."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue

from benchgen import paths
from benchgen.clock import Clock
from benchgen.errors import BenchgenError
from benchgen.record import Record
from benchgen.records.events import Event
from benchgen.redact import Redactor
from benchgen.store.files import disk_full_named, write_all
from benchgen.store.log import OpenLog

UNSYNCED_SECONDS = 1.0
Listener = Callable[[list[Event]], None]


class Closed(BenchgenError):
    """An event came after the writer was told to end."""

    code = "closed"


class Order(Record):
    """Events to write together, and the line of `results.jsonl` that must be down before them."""

    events: tuple[Event, ...]
    row: bytes | None = None
    sync: bool = True
    done: Future[Event] | None = None


def _nobody(events: list[Event]) -> None:
    """Who listens when nobody does."""


def _nothing(fault: Exception) -> None:
    """Nor to faults."""


class Writer:
    """Appends to one run's log from a thread of its own, so that no event loop waits for a disk.

    There is no timer and no batch size: while one batch is being synced the next one gathers. `on_written` is called
    from the writer's thread with each batch, in the order of `seq`, before the futures of its events are done. After a
    failure nothing more is written: every later event gets the same error, by its future or by `on_fault`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock = Clock(),
        redactor: Redactor = Redactor(),
        on_written: Listener = _nobody,
        on_fault: Callable[[Exception], None] = _nothing,
    ) -> None:
        self.folder = folder
        self.fault: Exception | None = None
        self._clock = clock
        self._redactor = redactor
        self._on_written, self._on_fault = on_written, on_fault
        self._orders: SimpleQueue[Sequence[Order] | None] = SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._results: int | None = None
        self._log: OpenLog | None = None
        self._synced = time.monotonic()
        self._thread = threading.Thread(target=self._work, name=f"writer of {folder.name}", daemon=True)
        self._thread.start()

    def submit(self, event: Event, *, row: bytes | None = None, sync: bool = True) -> Future[Event]:
        """Queues an event, with the line of `results.jsonl` that it announces. The future gives it as it was written.

        `sync` False is for what may be lost in a power cut: it is written at once, and synced with the next batch that
        must be, or after a second.
        """
        done: Future[Event] = Future()
        done.set_running_or_notify_cancel()  # who stops waiting does not take the event back
        self.hand_on((Order((event,), row, sync, done),))
        return done

    def hand_on(self, orders: Sequence[Order]) -> None:
        """The same for many at once, by who listens to `on_written` and `on_fault`: they are written in one go."""
        with self._closing:
            if self._closed:
                raise Closed("the run's log is closed", where=str(self.folder))
            self._orders.put(orders)

    def close(self) -> None:
        """Writes what is queued, syncs, and ends. May be called twice."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._orders.put(None)
        self._thread.join()

    def _work(self) -> None:
        try:
            is_open = True
            while is_open:
                batch = self._next_batch()
                is_open = None not in batch
                self._handle([order for orders in batch if orders is not None for order in orders])
        finally:
            self._refuse_the_rest()
            if self._results is not None:
                os.close(self._results)
            if self._log is not None:
                self._log.close()

    def _refuse_the_rest(self) -> None:
        """Nobody may wait for ever for a thread that has ended, whatever ended it."""
        with self._closing:
            self._closed = True
        while not self._orders.empty():
            for order in self._orders.get() or ():
                self._refuse(order)

    def _refuse(self, order: Order) -> None:
        fault = self.fault or Closed("the run's log is closed", where=str(self.folder))
        if order.done is not None:
            order.done.set_exception(fault)
        else:
            self._on_fault(fault)

    def _next_batch(self) -> list[Sequence[Order] | None]:
        """Waits for orders, then takes all that are there."""
        batch = [self._orders.get()]
        while not self._orders.empty():
            batch.append(self._orders.get())
        return batch

    def _handle(self, orders: Sequence[Order]) -> None:
        """Writes a batch, then tells the listener and the futures; an error goes to the futures, and stays."""
        if self.fault is None and orders:
            try:
                written = self._write(orders)
            except (BenchgenError, OSError) as fault:
                self.fault = fault
            else:
                try:
                    self._on_written(written)
                finally:
                    self._say_done(orders, written)
                return
        for order in orders:
            self._refuse(order)

    def _say_done(self, orders: Sequence[Order], written: Sequence[Event]) -> None:
        at = 0
        for order in orders:
            at += len(order.events)
            if order.done is not None:
                order.done.set_result(written[at - 1])

    def _write(self, orders: Sequence[Order]) -> list[Event]:
        rows = b"".join([order.row for order in orders if order.row is not None])
        if rows:
            self._write_rows(self._redactor.bytes(rows))
        sync = any(order.sync for order in orders) or time.monotonic() - self._synced > UNSYNCED_SECONDS
        events = [event for order in orders for event in order.events]
        if self._log is None:
            self._log = OpenLog(self.folder, self._clock, self._redactor)
        written = self._log.append(events, sync=sync)
        if sync:
            self._synced = time.monotonic()
        return written

    def _write_rows(self, rows: bytes) -> None:
        """Rows are down before the events that announce them."""
        if self._results is None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
            self._results = os.open(self.folder / paths.RESULTS, flags, 0o644)
        with disk_full_named(self.folder):
            end = os.fstat(self._results).st_size
            try:
                write_all(self._results, rows)
                os.fdatasync(self._results)
            except OSError:
                os.ftruncate(self._results, end)
                raise
