"""The snapshots beside the log, for whoever looks at files: at most four a second, never in the way of an attempt."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from benchgen.clock import Clock
from benchgen.errors import BenchgenError
from benchgen.records.state import RunState
from benchgen.runner.journal import Journal
from benchgen.store.trackers import write_live, write_tracker

INTERVAL = 0.25
log = logging.getLogger(__name__)


class Tracking:
    """Writes `tracker.json` and `benchmark_live.json` while the block lasts, whenever the log has grown."""

    def __init__(self, root: Path, folder: Path, journal: Journal, clock: Clock) -> None:
        self._root = root
        self._folder = folder
        self._journal = journal
        self._clock = clock
        self._complaint = ""
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
            if state.seq != seen and await asyncio.to_thread(self._write, state):
                seen = state.seq
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), INTERVAL)

    def _write(self, state: RunState) -> bool:
        """Whether both are written. The log is the truth: a run does not end for want of its snapshots."""
        try:
            write_tracker(self._folder, state)
            write_live(self._root, state, self._clock)
        except (BenchgenError, OSError) as fault:
            if self._complaint != str(fault):  # four times a second it is the same one
                log.warning("the run's snapshots are behind: %s", fault)
            self._complaint = str(fault)
            return False
        return True
