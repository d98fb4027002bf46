"""Two models or runs compared on the tasks that both were evaluated on, always in pairs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from random import Random
from statistics import fmean

from benchgen.numbers.distributions import binomial_cdf, t_ppf, t_two_sided
from benchgen.numbers.rates import LEVEL, Interval, Rate, TaskOutcome, rate
from benchgen.record import Record

BOOTSTRAP_DRAWS = 2_000
BOOTSTRAP_TASKS = 500
BOOTSTRAP_SEED = "benchgen paired bootstrap"
POWER_FACTOR = 2.8
"""1.96 + 0.84: how many standard errors a difference must have to be seen at 5 % in 80 % of repetitions."""


class Verdict(StrEnum):
    """What a comparison of b with a may claim; there is no "same"."""

    B_BETTER = "b_better"
    A_BETTER = "a_better"
    NOT_SEPARABLE = "not_separable"
    NO_COMMON_TASKS = "no_common_tasks"


class PairedTest(Record):
    """The mean of paired differences the shrunken centre of its interval, standard error, degrees of freedom and p."""

    mean: float
    centre: float
    error: float
    df: int
    p: float

    def interval(self, level: float = LEVEL) -> Interval:
        """The t-interval around the shrunken centre, clipped to what a difference of shares can be."""
        half = t_ppf((1 + level) / 2, self.df) * self.error
        return Interval(max(-1.0, self.centre - half), min(1.0, self.centre + half), level, "paired t")


class McNemar(Record):
    """The exact test for single samples: tasks that only a, or only b, solved."""

    only_a_passed: int
    only_b_passed: int
    p: float


class Comparison(Record):
    """b against a on their common tasks; differences are b minus a, as shares. None means that it cannot be known."""

    tasks: int
    tasks_of_a_only: int
    tasks_of_b_only: int
    rate_a: Rate
    rate_b: Rate
    difference: float | None
    interval: Interval | None
    p: float | None
    mcnemar: McNemar | None
    bootstrap: Interval | None
    visible: float | None
    verdict: Verdict


def compare(
    a: Mapping[str, TaskOutcome], b: Mapping[str, TaskOutcome], rng: Random | None = None, level: float = LEVEL
) -> Comparison:
    """Compare b with a on the tasks evaluated for both; without `rng` the bootstrap has a fixed seed."""
    tasks_a, tasks_b = evaluated_tasks(a), evaluated_tasks(b)
    common = sorted(tasks_a & tasks_b)
    pairs = [(a[task], b[task]) for task in common]
    differences = [two.share - one.share for one, two in pairs]
    test = paired_test(differences)
    return Comparison(
        tasks=len(common),
        tasks_of_a_only=len(tasks_a - tasks_b),
        tasks_of_b_only=len(tasks_b - tasks_a),
        rate_a=rate((one for one, _ in pairs), level),
        rate_b=rate((two for _, two in pairs), level),
        difference=fmean(differences) if differences else None,
        interval=test.interval(level) if test else None,
        p=test.p if test else None,
        mcnemar=mcnemar(pairs),
        bootstrap=bootstrap(differences, rng or Random(BOOTSTRAP_SEED), level),
        visible=smallest_visible_difference(differences),
        verdict=_verdict(test, bool(common), level),
    )


def evaluated_tasks(outcomes: Mapping[str, TaskOutcome]) -> set[str]:
    """The tasks with at least one evaluated attempt."""
    return {task for task, outcome in outcomes.items() if outcome.evaluated > 0}


def paired_test(differences: Sequence[float]) -> PairedTest | None:
    """Student's test of paired differences with one imagined task added that speaks half for a and half for b.

    The imagined task differs as much as the tasks that differ do (root mean square, 1 when none does). Without it the
    interval covers as little as 75 % where few of 31 tasks differ, and has no width where none does; with it, 92 % and
    more, and no more false alarms than promised. From about 150 tasks on it hardly matters. None below two tasks.
    """
    tasks = len(differences)
    if tasks < 2:
        return None
    total, squares = math.fsum(differences), math.fsum(d * d for d in differences)
    differing = tasks - sum(1 for d in differences if d == 0)
    squares += squares / differing if differing else 1.0
    centre = total / (tasks + 1)
    error = math.sqrt(max(squares - (tasks + 1) * centre * centre, 0.0) / tasks / (tasks + 1))
    return PairedTest(total / tasks, centre, error, tasks, t_two_sided(centre / error, tasks))


def mcnemar(pairs: Iterable[tuple[TaskOutcome, TaskOutcome]]) -> McNemar | None:
    """The exact two-sided McNemar test; None unless there are pairs and each has a single sample on both sides."""
    every = list(pairs)
    if not every or any(one.evaluated != 1 or two.evaluated != 1 for one, two in every):
        return None
    only_a = sum(1 for one, two in every if one.passed > two.passed)
    only_b = sum(1 for one, two in every if two.passed > one.passed)
    p = min(1.0, 2 * binomial_cdf(min(only_a, only_b), only_a + only_b, 0.5))
    return McNemar(only_a, only_b, p)


def bootstrap(
    differences: Sequence[float], rng: Random, level: float = LEVEL, draws: int = BOOTSTRAP_DRAWS
) -> Interval | None:
    """The percentile interval of the mean over tasks drawn again with replacement: a check, not the claim.

    None above 500 tasks, where the t-interval needs no check and the draws would take seconds.
    """
    tasks = len(differences)
    if not 2 <= tasks <= BOOTSTRAP_TASKS:
        return None
    means = sorted(math.fsum(rng.choices(differences, k=tasks)) / tasks for _ in range(draws))
    skipped = int((1 - level) / 2 * draws)
    return Interval(means[skipped], means[draws - 1 - skipped], level, f"bootstrap over tasks, {draws} draws")


def smallest_visible_difference(differences: Sequence[float]) -> float | None:
    """The smallest true difference that so many tasks would show at 80 % power: 2.8 * sqrt(discordant share / tasks).

    With several samples the discordant share is the mean squared difference. It is taken as one task at least: that no
    task differed does not mean that none could.
    """
    tasks = len(differences)
    if tasks < 2:
        return None
    discordant = max(math.fsum(d * d for d in differences), 1.0) / tasks
    return min(1.0, POWER_FACTOR * math.sqrt(discordant / tasks))


def _verdict(test: PairedTest | None, any_common: bool, level: float) -> Verdict:
    if not any_common:
        return Verdict.NO_COMMON_TASKS
    if test is None or test.p >= 1 - level:
        return Verdict.NOT_SEPARABLE
    return Verdict.B_BETTER if test.mean > 0 else Verdict.A_BETTER
