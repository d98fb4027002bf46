"""Scales of charts: from a value to its place, and where the labels of an axis stand."""

from __future__ import annotations

import math
from collections.abc import Iterable

from benchgen.record import Record
from benchgen.render.filters import duration

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
MOST_TICKS = 7


class Tick(Record):
    """A label of an axis and its place."""

    at: float
    label: str


class Scale(Record):
    """A straight line from `low`..`high` to `start`..`end`; one value alone stands at the start."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value."""
        width = self.high - self.low
        return trimmed(self.start + (self.end - self.start) * (value - self.low) / width if width else self.start)


def trimmed(place: float) -> float:
    """A place without digits that nobody can see."""
    return round(place, 2)


def percent_ticks(height: float) -> tuple[Tick, ...]:
    """0, 50 and 100 percent from the bottom to the top of an axis."""
    return tuple(Tick(trimmed(height * (1 - share / 100)), str(share)) for share in (0, 50, 100))


def time_ticks(seconds: float) -> tuple[Tick, ...]:
    """Round moments of a length of time, at most seven of them."""
    step = next((one for one in _STEPS if seconds / one < MOST_TICKS), 86400 * math.ceil(seconds / 86400 / MOST_TICKS))
    count = math.floor(seconds / step)
    return tuple(Tick(trimmed(100 * step * n / seconds), duration(step * n) if n else "0") for n in range(count + 1))


def path(points: Iterable[tuple[float, float]]) -> str:
    """Points as an SVG list of them."""
    return " ".join(f"{trimmed(x):g},{trimmed(y):g}" for x, y in points)
