"""Looks at the runs of other harnesses again and again, often while one of them may be going on."""

from __future__ import annotations

import asyncio
import logging

from benchgen.errors import BenchgenError
from benchgen.following.follower import Follower
from benchgen.server.broadcast import Broadcast

log = logging.getLogger(__name__)
OFTEN_SECONDS = 0.1
SELDOM_SECONDS = 1.0


class Following:
    """Appends to our logs about them, which the broadcast watches like any other; it is told only of new ones."""

    def __init__(self, follower: Follower, broadcast: Broadcast) -> None:
        self._follower, self._broadcast = follower, broadcast
        self._task: asyncio.Task[None] | None = None

    async def look(self) -> bool:
        """One look; whether a run came that was not there before. What cannot be read or written is logged."""
        try:
            return await asyncio.to_thread(self._follower.look)
        except (BenchgenError, OSError) as fault:
            log.warning("runs of other harnesses cannot be followed: %s", fault)
            return False

    def start(self) -> None:
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Ends the looking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            await asyncio.sleep(OFTEN_SECONDS if self._follower.is_busy() else SELDOM_SECONDS)
            if await self.look():
                await self._broadcast.look_around()
