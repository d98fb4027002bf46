"""Values of a series of readings at the times between them."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal

from series.errors import OutsideError, QueryError, ReadingError

Method = Literal["linear", "previous", "monotone"]
Outside = Literal["nan", "hold", "error"]
Time = int | float


def interpolate(
    readings: Iterable[tuple[Time, float | None]],
    at: Iterable[Time],
    *,
    method: Method = "linear",
    outside: Outside = "nan",
    max_gap: float | None = None,
) -> list[float]:
    """Return the value of the series at each time in `at`."""
    series = _Series(_cleaned(readings), max_gap)
    return [series.value(time, method, outside) for time in _checked(at)]


def _cleaned(readings: Iterable[tuple[Time, float | None]]) -> list[tuple[Time, float]]:
    """The present readings in the order of their times; the last one given for a time counts."""
    latest: dict[Time, float] = {}
    for index, (time, given) in enumerate(readings):
        value = math.nan if given is None else float(given)
        if not _is_finite(time) or math.isinf(value):
            raise ReadingError(index)
        latest[time] = value
    return [(time, latest[time]) for time in sorted(latest) if not math.isnan(latest[time])]


def _checked(at: Iterable[Time]) -> list[Time]:
    times = list(at)
    for index, time in enumerate(times):
        if isinstance(time, float) and math.isnan(time):
            raise QueryError(index)
    return times


def _is_finite(time: Time) -> bool:
    return isinstance(time, int) or math.isfinite(time)


class _Series:
    """Readings in order, with the intervals that are too wide to look across."""

    def __init__(self, readings: Sequence[tuple[Time, float]], max_gap: float | None) -> None:
        self.times = [time for time, _ in readings]
        self.values = [value for _, value in readings]
        self.max_gap = max_gap

    def value(self, time: Time, method: Method, outside: Outside) -> float:
        place = bisect_left(self.times, time)
        if place < len(self.times) and self.times[place] == time:
            return self.values[place]
        if place in (0, len(self.times)):
            return self.beyond(place, time, outside)
        if not self.joined(place - 1):
            return math.nan
        if method == "previous":
            return self.values[place - 1]
        first, second = self.values[place - 1], self.values[place]
        share = (Fraction(time) - Fraction(self.times[place - 1])) / self.width(place - 1)
        if method == "linear":
            between = float(Fraction(first) * (1 - share) + Fraction(second) * share)
        else:
            between = self.cubic(place - 1, share)
        return min(max(between, min(first, second)), max(first, second))

    def beyond(self, place: int, time: Time, outside: Outside) -> float:
        if outside == "error":
            raise OutsideError(time)
        if outside == "nan" or not self.values:
            return math.nan
        return self.values[0] if place == 0 else self.values[-1]

    def width(self, interval: int) -> Fraction:
        """Exact, because times can be longer than a float's digits or further apart than its range."""
        return Fraction(self.times[interval + 1]) - Fraction(self.times[interval])

    def joined(self, interval: int) -> bool:
        if not 0 <= interval < len(self.times) - 1:
            return False
        return self.max_gap is None or self.width(interval) <= self.max_gap

    def slope(self, interval: int) -> Fraction:
        return (Fraction(self.values[interval + 1]) - Fraction(self.values[interval])) / self.width(interval)

    def slope_at(self, reading: int) -> Fraction:
        if not self.joined(reading - 1):
            return self.slope(reading)
        if not self.joined(reading):
            return self.slope(reading - 1)
        before, after = self.slope(reading - 1), self.slope(reading)
        return (before + after) / 2

    def cubic(self, interval: int, share: Fraction) -> float:
        rest = 1 - share
        bend = share * rest**2 * self.slope_at(interval) - share**2 * rest * self.slope_at(interval + 1)
        return float(
            Fraction(self.values[interval]) * (1 + 2 * share) * rest**2
            + Fraction(self.values[interval + 1]) * share**2 * (3 - 2 * share)
            + self.width(interval) * bend
        )
