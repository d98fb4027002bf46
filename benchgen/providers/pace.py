"""How fast one endpoint may be asked: every attempt shares its pace, so that one refusal slows them all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

LONGEST_PAUSE = 120.0
STEP_DOWN = 0.5
STEP_UP = 0.5


class Pace:
    """Bounds requests under way, halves the bound at each refusal and lets it grow again with success.

    After a refusal nobody asks before the pause that it named is over.
    """

    def __init__(self, most: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most = float(most)
        self._allowed = float(most)
        self._under_way = 0
        self._resume_at = 0.0
        self._monotonic = monotonic
        self._turn = asyncio.Condition()

    @property
    def allowed(self) -> int:
        """How many requests may be under way now."""
        return max(1, int(self._allowed))

    async def enter(self) -> None:
        """Waits for a place, and for the end of a pause."""
        async with self._turn:
            while True:
                wait = self._resume_at - self._monotonic()
                if wait <= 0 and self._under_way < self.allowed:
                    self._under_way += 1
                    return
                if wait > 0:
                    await self._sleep(wait)
                else:
                    await self._turn.wait()

    async def leave(self, *, refused: bool, pause: float = 0.0) -> None:
        """Gives the place back, and says how it went."""
        async with self._turn:
            self._under_way -= 1
            if refused:
                self._allowed = max(1.0, self._allowed * STEP_DOWN)
                self._resume_at = max(self._resume_at, self._monotonic() + min(pause, LONGEST_PAUSE))
            else:
                self._allowed = min(self._most, self._allowed + STEP_UP / self._allowed)
            self._turn.notify_all()

    async def _sleep(self, seconds: float) -> None:
        """Sleeps without holding the condition."""
        self._turn.release()
        try:
            await asyncio.sleep(seconds)
        finally:
            await self._turn.acquire()
