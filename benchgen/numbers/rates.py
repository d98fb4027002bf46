"""Success rates with their intervals, over tasks as the independent units; pass@k and pass^k."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from statistics import fmean

from benchgen.numbers.distributions import normal_ppf, t_ppf
from benchgen.record import Record

LEVEL = 0.95
FEWEST_CLUSTERS = 10
LEFT_OUT_WARNING = 0.05


class Interval(Record):
    """A range that holds the true value in `level` of all repetitions of the measurement, and how it was made."""

    low: float
    high: float
    level: float
    method: str


class TaskOutcome(Record):
    """One model on one task: attempts passed of those evaluated; `left_out` (API errors) never enters a rate."""

    passed: int
    evaluated: int
    left_out: int = 0

    @property
    def share(self) -> float:
        """Passed over evaluated; only for an outcome with something evaluated."""
        return self.passed / self.evaluated


outcome_of = lru_cache(maxsize=256)(TaskOutcome)
"""Equal outcomes as one record: a hundred thousand rows of a dataset have three."""


class Rate(Record):
    """A success rate: counts, the mean over tasks (None when nothing could be evaluated), its interval, a note.

    `tasks` counts tasks with an evaluated attempt. Each of them weighs the same, so with unequal numbers of samples the
    value may differ from passed / evaluated; `note` then says so.
    """

    passed: int
    evaluated: int
    value: float | None
    interval: Interval | None
    note: str
    tasks: int = 0
    left_out: int = 0

    @property
    def warns(self) -> bool:
        """Whether so many attempts are left out that the rate may not be what it seems."""
        return self.left_out > LEFT_OUT_WARNING * (self.evaluated + self.left_out)


class PassAtK(Record):
    """pass@k or pass^k as the mean over tasks with at least k evaluated samples; the others are counted."""

    k: int
    value: float | None
    interval: Interval | None
    tasks: int
    too_few_samples: int


def wilson(share: float, n: float, level: float = LEVEL) -> Interval:
    """Wilson's score interval of a share seen in n independent units; n may be an effective number, so not whole."""
    return _wilson(share, n, normal_ppf((1 + level) / 2), level, "wilson")


def rate(outcomes: Iterable[TaskOutcome], level: float = LEVEL) -> Rate:
    """The success rate over tasks, as the mean of the tasks' shares.

    One sample per task gives Wilson's interval over tasks. Several give Wilson's interval on the effective number of
    independent units, as `mean_interval` says.
    """
    every = list(outcomes)
    used = [outcome for outcome in every if outcome.evaluated > 0]
    passed, evaluated = sum(o.passed for o in used), sum(o.evaluated for o in used)
    left_out = sum(o.left_out for o in every)
    note = _note(used, evaluated, left_out)
    if not used:
        return Rate(0, 0, None, None, note, 0, left_out)
    shares = [o.share for o in used]
    interval = mean_interval(shares, evaluated, level)
    return Rate(passed, evaluated, fmean(shares), interval, note, len(used), left_out)


def clustered_rate(clusters: Iterable[Iterable[TaskOutcome]], level: float = LEVEL) -> Rate:
    """The same rate when tasks of one cluster (a domain, a source) may succeed and fail together.

    SE = sqrt(C/(C-1) * sum over clusters of (sum of deviations)^2) / N; the interval is Wilson's on the effective
    number of units that this SE amounts to, with Student's t of C-1 degrees. Below ten clusters the SE is not to be
    trusted: no interval, and the note says so.
    """
    groups = [[o for o in cluster if o.evaluated > 0] for cluster in (list(c) for c in clusters)]
    groups = [group for group in groups if group]
    plain = rate([outcome for group in groups for outcome in group], level)
    count = len(groups)
    if plain.value is None:
        return plain
    if count < FEWEST_CLUSTERS:
        note = _joined(plain.note, f"too few clusters for an interval: {count}, at least {FEWEST_CLUSTERS} are needed")
        return Rate(plain.passed, plain.evaluated, plain.value, None, note, plain.tasks, plain.left_out)
    interval = _clustered_interval([[o.share for o in group] for group in groups], plain.value, level)
    return Rate(plain.passed, plain.evaluated, plain.value, interval, plain.note, plain.tasks, plain.left_out)


def mean_interval(shares: Sequence[float], evaluated: int, level: float = LEVEL) -> Interval:
    """The interval of a mean of task shares, each within [0, 1], that rest on `evaluated` attempts in all.

    Wilson's interval with n = mean * (1 - mean) / SE^2, the number of independent tries that would scatter as much as
    the task means do, held between the number of tasks and the number of attempts; n = tasks when all shares are equal.
    A t-interval over task means covers only 86-91 % at success rates of 0.05 and 0.1 with 31 tasks; this one covers
    93-97 % there, and equals plain Wilson for one sample per task.
    """
    mean, tasks = fmean(shares), len(shares)
    spread = math.fsum((share - mean) ** 2 for share in shares) / (tasks - 1) if tasks > 1 else 0.0
    if evaluated <= tasks or spread < 1e-12:
        return wilson(mean, tasks, level)
    effective = min(max(mean * (1 - mean) * tasks / spread, tasks), evaluated)
    return _wilson(mean, effective, normal_ppf((1 + level) / 2), level, "wilson on effective samples")


def pass_at_k(n: int, passed: int, k: int) -> float | None:
    """The chance that at least one of k samples passes, when `passed` of n did; None if k > n."""
    if not 1 <= k <= n:
        return None
    return 1 - math.comb(n - passed, k) / math.comb(n, k)


def pass_hat_k(n: int, passed: int, k: int) -> float | None:
    """The chance that all of k samples pass, when `passed` of n did; None if k > n."""
    if not 1 <= k <= n:
        return None
    return math.comb(passed, k) / math.comb(n, k)


def mean_pass_at_k(outcomes: Iterable[TaskOutcome], k: int, level: float = LEVEL) -> PassAtK:
    """pass@k as the mean over tasks with at least k evaluated samples."""
    used = [outcome for outcome in outcomes if outcome.evaluated > 0]
    return _over_tasks(used, [pass_at_k(o.evaluated, o.passed, k) for o in used], k, level)


def mean_pass_hat_k(outcomes: Iterable[TaskOutcome], k: int, level: float = LEVEL) -> PassAtK:
    """pass^k as the mean over tasks with at least k evaluated samples."""
    used = [outcome for outcome in outcomes if outcome.evaluated > 0]
    return _over_tasks(used, [pass_hat_k(o.evaluated, o.passed, k) for o in used], k, level)


def _over_tasks(used: list[TaskOutcome], values: list[float | None], k: int, level: float) -> PassAtK:
    known = [value for value in values if value is not None]
    if not known:
        return PassAtK(k, None, None, 0, len(used))
    evaluated = sum(o.evaluated for o, value in zip(used, values, strict=True) if value is not None)
    interval = mean_interval(known, evaluated, level)
    return PassAtK(k, fmean(known), interval, len(known), len(used) - len(known))


def _wilson(share: float, n: float, z: float, level: float, method: str) -> Interval:
    scale = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale
    low = 0.0 if share <= 0 else max(0.0, centre - half)
    high = 1.0 if share >= 1 else min(1.0, centre + half)
    return Interval(low, high, level, method)


def _clustered_interval(groups: list[list[float]], mean: float, level: float) -> Interval:
    count, tasks = len(groups), sum(len(group) for group in groups)
    squares = sum(math.fsum(share - mean for share in group) ** 2 for group in groups)
    square_error = count / (count - 1) * squares / tasks**2
    effective = mean * (1 - mean) / square_error if square_error > 1e-15 else count
    effective = min(max(effective, 1.0), tasks)
    return _wilson(mean, effective, t_ppf((1 + level) / 2, count - 1), level, "wilson on effective clusters")


def _note(used: list[TaskOutcome], evaluated: int, left_out: int) -> str:
    parts = [] if used else ["nothing could be evaluated"]
    if left_out > LEFT_OUT_WARNING * (evaluated + left_out):
        parts.append(
            f"{left_out:,} of {evaluated + left_out:,} attempts are left out, more than {100 * LEFT_OUT_WARNING:.0f} %"
        )
    if len({outcome.evaluated for outcome in used}) > 1:
        parts.append("tasks have unequal numbers of samples; each task weighs the same")
    return _joined(*parts)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
