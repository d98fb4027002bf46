"""How long a run still takes: the median and the 10-90 % range of simulated schedules."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from random import Random

from benchgen.numbers.describe import quantile
from benchgen.numbers.durations import SHORTEST, Law, seen
from benchgen.record import Record

FEWEST_FINISHED = 3
FARTHEST = 100 * 365 * 86_400.0
"""Seconds: a range that reaches farther tells nobody anything, and no clock may be able to tell its end."""
MOST_SCHEDULED = 200
MOST_DRAWS = 200
FEWEST_DRAWS = 60
MOST_STEPS = 30_000
WARM_UP = 20
LEVEL = 0.8
EARLY_LEVEL = 0.9
"""What is taken from the draws while the attempts under way are most of what is known: it holds nearer to 80 %."""
FINISHED_PER_RUNNING = 2


class Workload(Record):
    """What is known of a run under way, in seconds: `finished` durations, `running` attempts' ages, and its pace.

    `elapsed` is the time in which the finished ones were done, without pauses; after a resume both count from there.
    """

    finished: Sequence[float]
    running: Sequence[float]
    waiting: int
    workers: int
    elapsed: float


class Eta(Record):
    """Seconds still to go, the range that holds them in `level` of all runs, and the plain pace beside them.

    `pace` is remaining * elapsed / completed. It is not the point: with 8 workers it is two to three times too long
    while the first attempts run, and a quarter to a half of the truth in the last tenth, when the long ones remain.
    """

    seconds: float
    low: float
    high: float
    level: float
    pace: float


def eta(work: Workload, rng: Random) -> Eta | None:
    """The median of simulated rests of the run with a 10-90 % range; None before three attempts finished.

    Each draw takes a law of durations given all durations, durations of the running attempts given that law and their
    ages, and a schedule of the rest. The imputed durations are part of the next draw's data (Gibbs sampling): finished
    attempts alone are the quick ones, and would make the run look shorter than it is. While attempts run that are older
    than any that ended, half of the draws take them for a kind of which no end has been seen.
    """
    remaining = len(work.running) + work.waiting
    if remaining == 0:
        return Eta(0.0, 0.0, 0.0, LEVEL, 0.0)
    if len(work.finished) < FEWEST_FINISHED:
        return None
    rests = _simulated_rests(work, rng)
    pace = remaining * work.elapsed / len(work.finished)
    is_early = len(work.finished) < FINISHED_PER_RUNNING * len(work.running)
    level = EARLY_LEVEL if is_early else LEVEL
    low, middle, high = (quantile(rests, share) for share in ((1 - level) / 2, 0.5, (1 + level) / 2))
    return Eta(middle, low, high, LEVEL, pace)


def _simulated_rests(work: Workload, rng: Random) -> list[float]:
    known, slowdown = seen(work.finished), _slowdown(work)
    imputed = [max(1.2 * age, SHORTEST) for age in work.running]
    rests = []
    for draw in range(WARM_UP + _draws(work)):
        law = known.law(imputed, rng)
        imputed = [max(law.above(age, rng), SHORTEST) for age in work.running]
        if draw >= WARM_UP:
            other = known.unended(work.running, rng) if rng.random() < 0.5 else None
            wholes = [other.above(age, rng) for age in work.running] if other else imputed
            busy = [max(0.0, whole - age) for whole, age in zip(wholes, work.running, strict=True)]
            rests.append(_rest(work, busy, other or law, slowdown, rng))
    return rests


def _draws(work: Workload) -> int:
    """Fewer draws where each schedules much: a live page asks again with every attempt that ends."""
    steps = min(work.waiting, max(MOST_SCHEDULED, 3 * work.workers)) + 2 * max(work.workers, len(work.running))
    return max(FEWEST_DRAWS, min(MOST_DRAWS, MOST_STEPS // steps))


def _slowdown(work: Workload) -> float:
    """How much longer a worker was taken than its attempts lasted: rate limits, starting up; never below 1."""
    workers = min(work.workers, len(work.finished) + len(work.running) + work.waiting)
    worked = math.fsum(work.finished) + math.fsum(work.running)
    return max(1.0, workers * work.elapsed / worked) if worked > 0 else 1.0


def _rest(work: Workload, busy: list[float], law: Law, slowdown: float, rng: Random) -> float:
    """When the last attempt ends if each worker takes the next one as soon as it is free.

    Of more than 200 waiting attempts only the last ones are scheduled one by one: before them the workers are evenly
    loaded, so the sum of the others says enough and costs nothing.
    """
    lanes = busy + [0.0] * max(work.workers - len(busy), 0 if busy else 1)
    single = work.waiting if work.waiting <= MOST_SCHEDULED else min(3 * len(lanes), work.waiting)
    if single < work.waiting:
        lanes = _loaded(lanes, slowdown * law.total(work.waiting - single, rng), slowdown, law, rng)
    heapq.heapify(lanes)
    for _ in range(single):
        heapq.heapreplace(lanes, lanes[0] + slowdown * law.draw(rng))
    return max(lanes)


def _loaded(lanes: Sequence[float], bulk: float, slowdown: float, law: Law, rng: Random) -> list[float]:
    """When each lane is free after the bulk: level on average, and out of step by what is left of one attempt each."""
    rests = [slowdown * rng.random() * law.draw(rng) for _ in lanes]
    level = (math.fsum(lanes) + bulk - math.fsum(rests)) / len(lanes)
    return [max(0.0, level + rest) for rest in rests]
