"""Means over a window that moves along a stream of numbers."""

import math
from collections.abc import Iterable, Iterator

# Every finite float is a whole multiple of 2 ** -1074, so that sums in this unit are exact ints.
UNIT = 2**1074


def moving_average(
    values: Iterable[int | float | None], window: int, *, min_count: int | None = None
) -> Iterator[float | None]:
    """Yield, for each value, the mean of the values present among the last `window` ones."""
    least = window if min_count is None else min_count
    if window < 1 or not 1 <= least <= window:
        raise ValueError(f"window {window}, min_count {least}: 1 <= min_count <= window must hold")
    return _means(values, window, least)


def _means(values: Iterable[int | float | None], window: int, least: int) -> Iterator[float | None]:
    held: list[int | float | None] = []
    sums = _Sums()
    for value in values:
        held.append(value)
        sums.add(value, 1)
        if len(held) > window:
            sums.add(held[-window - 1], -1)
        yield sums.mean() if sums.present >= least else None


class _Sums:
    """The exact sum of the finite values in the window, and how many there are of each other kind."""

    def __init__(self) -> None:
        self.present = 0
        self.units = 0
        self.nans = 0
        self.above = 0
        self.below = 0

    def add(self, value: int | float | None, sign: int) -> None:
        if value is None:
            return
        self.present += sign
        if isinstance(value, float) and not math.isfinite(value):
            self.nans += sign * (value != value)
            self.above += sign * (value > 0)
            self.below += sign * (value < 0)
        else:
            numerator, denominator = value.as_integer_ratio()
            self.units += sign * numerator * (UNIT // denominator)

    def mean(self) -> float:
        if self.nans or (self.above and self.below):
            return math.nan
        if self.above or self.below:
            return math.inf if self.above else -math.inf
        return self.units / (self.present * UNIT)
