"""Tallies of states and digests as the outcomes per task that every rate and every comparison is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from statistics import fmean

from benchgen.numbers.rates import Rate, TaskOutcome, rate
from benchgen.record import field_names
from benchgen.records.digest import ModelDigest, RunDigest
from benchgen.records.state import RunState, Tally
from benchgen.records.status import Category

Outcomes = Mapping[str, TaskOutcome]


def of_state(state: RunState) -> dict[str, TaskOutcome]:
    """Outcomes per task of all models together: a task is the independent unit here, too."""
    return _merged((task, _of_tally(tally)) for (task, _), tally in state.tallies.items())


def by_model(state: RunState) -> dict[str, dict[str, TaskOutcome]]:
    """Outcomes per task of each model."""
    found: dict[str, dict[str, TaskOutcome]] = {}
    for (task, model), tally in state.tallies.items():
        found.setdefault(model, {})[task] = _of_tally(tally)
    return found


def of_model(digest: ModelDigest) -> dict[str, TaskOutcome]:
    """Outcomes per task of one model of a finished run."""
    return {task: _outcome(t.passed, t.evaluated, t.excluded) for task, t in digest.tasks.items()}


def of_run(digest: RunDigest) -> dict[str, TaskOutcome]:
    """Outcomes per task of all models of a finished run together."""
    return _merged(pair for model in digest.models for pair in of_model(model).items())


def share_of(model: ModelDigest) -> float | None:
    """The value of a model's rate, without its interval; None where nothing could be evaluated."""
    shares = [tally.passed / tally.evaluated for tally in model.tasks.values() if tally.evaluated]
    return fmean(shares) if shares else None


def rate_of(outcomes: Outcomes) -> Rate:
    return rate(outcomes.values())


def grouped(state: RunState, key: Callable[[str], str]) -> dict[str, dict[str, TaskOutcome]]:
    """Outcomes per task by what `key` says of the task."""
    groups: dict[str, dict[str, TaskOutcome]] = {}
    for task, outcome in of_state(state).items():
        groups.setdefault(key(task), {})[task] = outcome
    return groups


_NUMBERS = tuple(name for name in field_names(Tally) if name != "categories")
_numbers_of = attrgetter(*_NUMBERS)


def tally_of(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one, summed column by column: a large run has thousands, and nearly every panel adds them."""
    every = list(tallies)
    if not every:
        return Tally()
    categories: dict[Category, int] = {}
    for tally in every:
        for category, count in tally.categories.items():
            categories[category] = categories.get(category, 0) + count
    sums = map(sum, zip(*map(_numbers_of, every), strict=True))
    return Tally(**dict(zip(_NUMBERS, sums, strict=True)), categories=categories)


def ratio(part: float, whole: float) -> float | None:
    """A derived ratio; None where there is nothing to divide by, for unknown is never 0."""
    return part / whole if whole else None


def _of_tally(tally: Tally) -> TaskOutcome:
    return _outcome(tally.passed, tally.evaluated, tally.excluded)


@lru_cache(maxsize=1024)  # thousands of tasks come out in a few ways
def _outcome(passed: int, evaluated: int, left_out: int) -> TaskOutcome:
    return TaskOutcome(passed, evaluated, left_out)


def _merged(pairs: Iterable[tuple[str, TaskOutcome]]) -> dict[str, TaskOutcome]:
    merged: dict[str, TaskOutcome] = {}
    for task, outcome in pairs:
        known = merged.get(task)
        merged[task] = (
            TaskOutcome(
                known.passed + outcome.passed,
                known.evaluated + outcome.evaluated,
                known.left_out + outcome.left_out,
            )
            if known
            else outcome
        )
    return merged
