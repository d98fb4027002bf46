"""How fast one endpoint may be asked: every attempt shares its pace, so that one refusal slows them all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Literal

LONGEST_PAUSE = 120.0
STEP_DOWN = 0.5
STEP_UP = 0.5
Went = Literal["well", "badly", "refused"]


class Pace:
    """Bounds requests under way, halves the bound at a refusal and lets it grow again with each answer.

    After a refusal nobody asks before the pause that it named is over. Requests that were out already when the bound
    was halved say nothing new when they are refused, too: only one that was asked under the new bound halves it again.
    """

    def __init__(self, most: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most = float(most)
        self._allowed = float(most)
        self._under_way = 0
        self._round = 0
        self._resume_at = 0.0
        self._monotonic = monotonic
        self._turn = asyncio.Condition()
        self._waiting = 0

    @property
    def allowed(self) -> int:
        """How many requests may be under way now."""
        return max(1, int(self._allowed))

    async def enter(self) -> int:
        """Waits for a place, and for the end of a pause; gives the round that the request belongs to."""
        if self._waiting or not self._has_place():  # mostly there is room, and no lock needed to see it
            await self._wait()
        self._under_way += 1
        return self._round

    def _has_place(self) -> bool:
        return self._resume_at <= self._monotonic() and self._under_way < self.allowed

    async def _wait(self) -> None:
        self._waiting += 1
        try:
            async with self._turn:
                while not self._has_place():
                    wait = self._resume_at - self._monotonic()
                    if wait > 0:
                        await self._sleep(wait)
                    else:
                        await self._turn.wait()
        finally:
            self._waiting -= 1

    async def leave(self, entered: int, went: Went, pause: float = 0.0) -> None:
        """Gives the place of a request of that round back, and says how it went."""
        self._under_way -= 1
        if went == "refused":
            self._resume_at = max(self._resume_at, self._monotonic() + min(pause, LONGEST_PAUSE))
            if entered == self._round:
                self._allowed = max(1.0, self._allowed * STEP_DOWN)
                self._round += 1
        elif went == "well":
            self._allowed = min(self._most, self._allowed + STEP_UP / self._allowed)
        if self._waiting:
            async with self._turn:
                self._turn.notify_all()

    async def _sleep(self, seconds: float) -> None:
        """Sleeps without holding the condition."""
        self._turn.release()
        try:
            await asyncio.sleep(seconds)
        finally:
            await self._turn.acquire()
