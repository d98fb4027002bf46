"""Many models ranked on one benchmark: every pair tested, the p-values held together by Holm, ranks given as ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from operator import sub

from benchgen.numbers.paired import paired_test
from benchgen.numbers.rates import LEVEL, Rate, TaskOutcome, rate
from benchgen.record import Record

MOST_MODELS = 50


class RankedPair(Record):
    """Two models in rank order; `difference` is better's share minus worse's on their common tasks."""

    better: str
    worse: str
    tasks: int
    difference: float | None
    p: float | None
    p_holm: float | None
    separable: bool


class Ranked(Record):
    """One model: its place by rate, and the range of ranks that the tests leave open (None when it was not tested)."""

    model: str
    rate: Rate
    place: int | None
    best_rank: int | None
    worst_rank: int | None


class Ranking(Record):
    """Models by rate, best first; those that nothing is known about come last and have no place."""

    models: tuple[Ranked, ...]
    pairs: tuple[RankedPair, ...]
    tested: int
    level: float


def rank(models: Mapping[str, Mapping[str, TaskOutcome]], level: float = LEVEL) -> Ranking:
    """Rank models by rate; the best 50 are tested against each other.

    The rank range is 1 + the number of models significantly better, up to N minus the number significantly worse.
    """
    rates = {model: rate(outcomes.values(), level) for model, outcomes in models.items()}
    known = sorted((m for m in rates if rates[m].value is not None), key=lambda m: (-(rates[m].value or 0.0), m))
    tested = known[:MOST_MODELS]
    pairs = _pairs(tested, {model: _shares(models[model]) for model in tested}, level)
    rows = [_ranked(model, rates[model], place, pairs, len(tested)) for place, model in enumerate(tested, 1)]
    rows += [Ranked(m, rates[m], place, None, None) for place, m in enumerate(known[MOST_MODELS:], MOST_MODELS + 1)]
    rows += [Ranked(model, rates[model], None, None, None) for model in sorted(set(rates) - set(known))]
    return Ranking(tuple(rows), pairs, len(tested), level)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment, in the order given: it bounds the chance of any false claim."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted, highest = [0.0] * len(p_values), 0.0
    for position, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - position) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def _shares(outcomes: Mapping[str, TaskOutcome]) -> dict[str, float]:
    return {task: outcomes[task].share for task in sorted(outcomes) if outcomes[task].evaluated > 0}


def _pairs(tested: Sequence[str], shares: Mapping[str, dict[str, float]], level: float) -> tuple[RankedPair, ...]:
    plain = [_tested_pair(one, two, shares[one], shares[two]) for one, two in combinations(tested, 2)]
    adjusted = iter(holm([pair.p for pair in plain if pair.p is not None]))
    return tuple(pair if pair.p is None else _adjusted(pair, next(adjusted), level) for pair in plain)


def _tested_pair(one: str, two: str, a: dict[str, float], b: dict[str, float]) -> RankedPair:
    if a.keys() == b.keys():
        differences = list(map(sub, a.values(), b.values()))
    else:
        differences = [share - b[task] for task, share in a.items() if task in b]
    test = paired_test(differences)
    better, worse, sign = (one, two, 1) if test is None or test.mean >= 0 else (two, one, -1)
    difference, p = (sign * test.mean, test.p) if test else (None, None)
    return RankedPair(better, worse, len(differences), difference, p, None, False)


def _adjusted(pair: RankedPair, p_holm: float, level: float) -> RankedPair:
    return RankedPair(pair.better, pair.worse, pair.tasks, pair.difference, pair.p, p_holm, p_holm < 1 - level)


def _ranked(model: str, its_rate: Rate, place: int, pairs: Sequence[RankedPair], count: int) -> Ranked:
    better_than_it = sum(1 for pair in pairs if pair.separable and pair.worse == model)
    worse_than_it = sum(1 for pair in pairs if pair.separable and pair.better == model)
    return Ranked(model, its_rate, place, 1 + better_than_it, count - worse_than_it)
