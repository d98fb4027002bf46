"""Success over time: the cumulative rate with its band and a rolling rate, thinned to what a chart can show."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from benchgen.numbers.rates import LEVEL, wilson
from benchgen.record import Record

MOST_POINTS = 200
WINDOW = 20


class CumulativePoint(Record):
    """After `evaluated` attempts `passed` had passed; the band is Wilson's."""

    evaluated: int
    passed: int
    value: float
    low: float
    high: float


class RollingPoint(Record):
    """The share passed among the last `window` attempts that ended with number `evaluated`."""

    evaluated: int
    passed: int
    window: int
    value: float


def cumulative_rate(outcomes: Sequence[bool], level: float = LEVEL, most: int = MOST_POINTS) -> list[CumulativePoint]:
    """The rate after each evaluated attempt, oldest first, at no more than `most` of them.

    The band takes attempts as independent: it says how settled the curve is, `rates.rate` says how good the model is.
    """
    running = list(accumulate(outcomes, initial=0))
    points = []
    for count in thinned(len(outcomes), most):
        band = wilson(running[count] / count, count, level)
        points.append(CumulativePoint(count, running[count], running[count] / count, band.low, band.high))
    return points


def rolling_rate(outcomes: Sequence[bool], window: int = WINDOW, most: int = MOST_POINTS) -> list[RollingPoint]:
    """The rate over the last `window` attempts, from the first full window on, at no more than `most` of them."""
    running = list(accumulate(outcomes, initial=0))
    points = []
    for place in thinned(len(outcomes) - window + 1, most):
        end = place + window - 1
        passed = running[end] - running[end - window]
        points.append(RollingPoint(end, passed, window, passed / window))
    return points


def thinned(count: int, most: int = MOST_POINTS) -> list[int]:
    """At most `most` numbers of 1..count, evenly spread, the first and the last always among them."""
    if count <= most:
        return list(range(1, count + 1))
    if most < 2:
        return [count][:most]
    return [1 + step * (count - 1) // (most - 1) for step in range(most)]
