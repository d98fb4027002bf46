"""Time as a parameter: a wall clock for instants, a monotonic one for durations, and how an instant is spelled."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from benchgen.errors import NoInstant
from benchgen.record import Record

LONGEST = 40
"""Characters that are shown of what is no instant."""


class Clock(Record):
    """`now` gives seconds since the epoch, `monotonic` seconds since any fixed point."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic

    def stamp(self) -> str:
        """This instant as UTC with milliseconds, `2026-11-21T02:40:41.123Z`."""
        return spell(self.now())


def spell(seconds: float) -> str:
    """Seconds since the epoch as `2026-11-21T02:40:41.123Z`."""
    return spell_millis(round(seconds * 1000))


def spell_millis(millis: int) -> str:
    """Milliseconds since the epoch in the same way."""
    return f"{_second(millis // 1000)}.{millis % 1000:03d}Z"


@lru_cache(maxsize=64)  # thousands of instants are spelled in one second
def _second(whole: int) -> str:
    return datetime.fromtimestamp(whole, UTC).isoformat()[:19]


def read(instant: str) -> float:
    """Seconds since the epoch of an ISO 8601 instant, UTC where it names no offset. NoInstant when it is none."""
    try:
        moment = datetime.fromisoformat(instant)
    except ValueError as fault:
        raise NoInstant(f"{instant[:LONGEST]!r} is no instant") from fault
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def between(earlier: str, later: str) -> float:
    """Seconds from one instant to a later one, never below zero: a wall clock may have been set back in between."""
    return max(0.0, read(later) - read(earlier))
