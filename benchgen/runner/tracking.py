"""The snapshots beside the log, for whoever looks at files: at most four a second, never in the way of an attempt."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from benchgen.clock import Clock
from benchgen.runner.journal import Journal
from benchgen.store.trackers import write_live, write_tracker

INTERVAL = 0.25


class Tracking:
    """Writes `tracker.json` and `benchmark_live.json` while the block lasts, whenever the log has grown."""

    def __init__(self, root: Path, folder: Path, journal: Journal, clock: Clock) -> None:
        self._root = root
        self._folder = folder
        self._journal = journal
        self._clock = clock
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._follow())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A write under way is waited for: ended late, it would overwrite the run's last snapshot.
        self._ended.set()
        if self._task is not None:
            await self._task

    async def _follow(self) -> None:
        seen = -1
        while not self._ended.is_set():
            state = self._journal.fold.state()
            if state.seq != seen:
                seen = state.seq
                await asyncio.to_thread(write_tracker, self._folder, state)
                await asyncio.to_thread(write_live, self._root, state, self._clock)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), INTERVAL)
