"""Samples described: quantiles, ratios by geometric mean, histograms in log bins, the cost-accuracy frontier."""

from __future__ import annotations

import math
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import fmean, stdev

from benchgen.numbers.distributions import t_ppf
from benchgen.numbers.rates import LEVEL, Interval
from benchgen.record import Record

STEPS_PER_DECADE = 5
MOST_BINS = 60


class Summary(Record):
    """Times or costs in short; the quantiles are None when there are none."""

    count: int
    total: float
    median: float | None
    p90: float | None
    p99: float | None


class Ratio(Record):
    """How many times b is a, as the geometric mean over pairs in which both are above zero; the others are counted."""

    value: float | None
    interval: Interval | None
    pairs: int
    left_out: int


class Bin(Record):
    """Values from `low` up to, not including, `high`."""

    low: float
    high: float
    count: int


class Histogram(Record):
    """Adjoining bins of equal width on a log scale, empty ones included; values of zero and below are counted apart."""

    bins: tuple[Bin, ...]
    not_positive: int


class Offer(Record):
    """What a model costs and reaches; cost is None where it is unknown."""

    name: str
    cost: float | None
    accuracy: float | None


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of at least one value lies, linear between neighbours."""
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def summarise(values: Iterable[float]) -> Summary:
    """Count, total, median, 90th and 99th percentile."""
    known = sorted(values)
    if not known:
        return Summary(0, 0.0, None, None, None)
    return Summary(len(known), _sum(known), quantile(known, 0.5), quantile(known, 0.9), quantile(known, 0.99))


def _sum(values: Sequence[float]) -> float:
    try:
        return math.fsum(values)
    except OverflowError:  # of figures that no clock has measured
        return math.inf


def geometric_mean_ratio(pairs: Iterable[tuple[float, float]], level: float = LEVEL) -> Ratio:
    """How many times b is a over (a, b) pairs; the t-interval of the mean log ratio from two pairs on."""
    every = list(pairs)
    logs = [math.log(b / a) for a, b in every if a > 0 and b > 0]
    left_out = len(every) - len(logs)
    if not logs:
        return Ratio(None, None, 0, left_out)
    mean = fmean(logs)
    interval = None
    if len(logs) > 1:
        half = t_ppf((1 + level) / 2, len(logs) - 1) * stdev(logs) / math.sqrt(len(logs))
        interval = Interval(math.exp(mean - half), math.exp(mean + half), level, "t of logs")
    return Ratio(math.exp(mean), interval, len(logs), left_out)


def log_histogram(values: Iterable[float], steps_per_decade: int = STEPS_PER_DECADE) -> Histogram:
    """Count values in bins 10^(k / steps); a range too wide for 60 bins takes fewer steps a decade."""
    every = sorted(values)
    positive = every[bisect_right(every, 0) :]
    if not positive:
        return Histogram((), len(every))
    steps = steps_per_decade
    while True:
        first, last = _bin_of(positive[0], steps), _bin_of(positive[-1], steps)
        if last - first < MOST_BINS or steps == 1:
            break
        steps -= 1
    edges = [_edge(k, steps) for k in range(first, last + 2)]
    below = [0, *(bisect_left(positive, edge) for edge in edges[1:-1]), len(positive)]
    bins = tuple(map(Bin, edges, edges[1:], (after - before for before, after in pairwise(below))))
    return Histogram(bins, len(every) - len(positive))


def pareto_frontier(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """The offers that no other beats in cost or accuracy without losing in the other, cheapest first.

    An unknown cost or accuracy keeps an offer out: unknown is not free. Exact ties stay together.
    """
    known = [offer for offer in offers if offer.cost is not None and offer.accuracy is not None]
    known.sort(key=lambda offer: (offer.cost or 0.0, -(offer.accuracy or 0.0), offer.name))
    frontier: list[Offer] = []
    for offer in known:
        if not frontier or _beats(offer, frontier[-1]):
            frontier.append(offer)
    return tuple(frontier)


def _beats(offer: Offer, dearest: Offer) -> bool:
    tie = (offer.cost, offer.accuracy) == (dearest.cost, dearest.accuracy)
    return tie or (offer.accuracy or 0.0) > (dearest.accuracy or 0.0)


def _edge(k: int, steps: int) -> float:
    """A power of ten; the largest number of all where there is none so large."""
    return float(10 ** (k / steps)) if k <= steps * sys.float_info.max_10_exp else sys.float_info.max


def _bin_of(value: float, steps: int) -> int:
    """The bin by its own edges, so that a value equal to an edge is never off by the rounding of a logarithm."""
    k = math.floor(math.log10(value) * steps)
    if value < _edge(k, steps):
        return k - 1
    return k + 1 if value >= _edge(k + 1, steps) else k
