"""Machines paid by the hour: what they cost while a run goes on, on record once a minute and at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import TracebackType

from benchgen.clock import Clock
from benchgen.numbers.money import SECONDS_PER_HOUR, cost_of_time
from benchgen.records.events import Cost
from benchgen.records.run import Machine
from benchgen.runner.journal import Journal

INTERVAL = 60.0


class Metering:
    """Charges each machine for the time that the block lasts; increments add up to the cost of the whole time."""

    def __init__(self, machines: Sequence[Machine], journal: Journal, clock: Clock, interval: float = INTERVAL) -> None:
        self._machines = machines
        self._journal = journal
        self._clock = clock
        self._interval = interval
        self._started = self._charged = clock.monotonic()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        if self._machines:
            self._started = self._charged = self._clock.monotonic()
            self._task = asyncio.create_task(self._tick())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if kind is None:
            for event in self._due():
                await self._journal.record(event)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self._interval)
            for event in self._due():
                self._journal.note(event)

    def _due(self) -> list[Cost]:
        """What is to be paid since the last time."""
        now = self._clock.monotonic()
        before, after = self._charged - self._started, now - self._started
        self._charged = now
        return [
            Cost(
                machine=machine.name,
                kind=machine.kind,
                hours=(after - before) / SECONDS_PER_HOUR,
                cost_nanousd=cost_of_time(after, machine.hourly_nanousd) - cost_of_time(before, machine.hourly_nanousd),
            )
            for machine in self._machines
        ]
