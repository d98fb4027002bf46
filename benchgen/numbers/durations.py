"""How long attempts take, as a law to draw from: lognormal while few have finished, later the durations seen."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from random import Random
from typing import Protocol

from benchgen.numbers.distributions import normal_cdf, normal_ppf, scaled_inverse_chi_square
from benchgen.record import Record

SHORTEST, LONGEST = 1e-3, 1e9
"""Seconds: what is said to be shorter or longer, by a broken clock or a foreign file, counts as this."""
_MOST_LOG = 200.0
PRIOR_DF = 2.0
PRIOR_VARIANCE = 0.5
"""Before the data speak, attempts may well differ by a factor of four: a narrower guess held 50-60 % of two modes."""
FEWEST_SEEN = 30
FEWEST_LONGER = 5
FINISHED_PER_RUNNING = 8
"""Below this the finished ones are still noticeably the quick ones, which the lognormal law makes up for."""
FEWEST_MIXED, MIXED_PER_RUNNING = 12, 2
"""From here on neither law is known to be the right one, and each is drawn from half of the time."""
NARROWEST = 0.3
"""The least standard deviation of log durations of one kind of attempts."""
_SMALLEST_TAIL = 1e-300


class Law(Protocol):
    """One possible law of durations, in seconds."""

    def draw(self, rng: Random) -> float:
        """One whole duration."""

    def above(self, age: float, rng: Random) -> float:
        """One whole duration, given that it is longer than the age reached."""

    def total(self, count: int, rng: Random) -> float:
        """The sum of many durations, by its normal approximation."""


class Lognormal(Record):
    """Mean and standard deviation of log durations."""

    mean: float
    sigma: float

    def draw(self, rng: Random) -> float:
        """One whole duration."""
        return math.exp(min(rng.gauss(self.mean, self.sigma), _MOST_LOG))

    def above(self, age: float, rng: Random) -> float:
        """One whole duration beyond the age, from the upper tail of the normal law of logs."""
        log = math.log(max(age, SHORTEST))
        tail = normal_cdf((self.mean - log) / self.sigma) * (1 - rng.random())
        longer = min(self.mean - self.sigma * normal_ppf(tail), _MOST_LOG) if tail > _SMALLEST_TAIL else log
        return max(age, math.exp(longer))

    def beyond(self, age: float) -> float:
        """The share of durations that are longer."""
        return normal_cdf((self.mean - math.log(max(age, SHORTEST))) / self.sigma)

    def total(self, count: int, rng: Random) -> float:
        """Normal with the moments of a lognormal sum."""
        variance = min(self.sigma**2, 20.0)
        mean = math.exp(min(self.mean + variance / 2, _MOST_LOG))
        return max(0.0, rng.gauss(count * mean, mean * math.sqrt(count * math.expm1(variance))))


class Observed(Record):
    """The sorted durations of finished attempts and the imputed ones of running attempts, drawn again and smoothed.

    `factor` carries the uncertainty of their mean; `fitted` answers where too few were as long as what is asked for.
    """

    finished: Sequence[float]
    imputed: Sequence[float]
    factor: float
    width: float
    mean: float
    deviation: float
    fitted: Lognormal

    def draw(self, rng: Random) -> float:
        """One of the durations, smoothed on logs so that the longest seen is not the longest possible."""
        index = int(rng.random() * (len(self.finished) + len(self.imputed)))
        seen = self.finished[index] if index < len(self.finished) else self.imputed[index - len(self.finished)]
        return self.factor * seen * math.exp(rng.gauss(-self.width * self.width / 2, self.width))

    def above(self, age: float, rng: Random) -> float:
        """One of the longer durations seen, or of the fitted law where those are few."""
        first = bisect_right(self.finished, age)
        longer = len(self.finished) - first
        return self.finished[first + rng.randrange(longer)] if longer >= FEWEST_LONGER else self.fitted.above(age, rng)

    def total(self, count: int, rng: Random) -> float:
        """Normal with the moments of what was seen."""
        return max(0.0, self.factor * rng.gauss(count * self.mean, self.deviation * math.sqrt(count)))


class Unended(Record):
    """Quick attempts as those that finished, and a share of long ones of which nobody has seen the end."""

    quick: Lognormal
    long: Lognormal
    share: float

    def draw(self, rng: Random) -> float:
        """One whole duration."""
        return (self.long if rng.random() < self.share else self.quick).draw(rng)

    def above(self, age: float, rng: Random) -> float:
        """One whole duration beyond the age: the older it is, the surer it is a long one."""
        long, quick = self.share * self.long.beyond(age), (1 - self.share) * self.quick.beyond(age)
        is_long = rng.random() * (long + quick) < long or quick < _SMALLEST_TAIL
        return (self.long if is_long else self.quick).above(age, rng)

    def total(self, count: int, rng: Random) -> float:
        """The quick ones and the long ones, each by its own approximation."""
        long = min(
            count, max(0, round(rng.gauss(count * self.share, math.sqrt(count * self.share * (1 - self.share)))))
        )
        return self.long.total(long, rng) + self.quick.total(count - long, rng)


class Seen(Record):
    """Finished durations with their sums, made once, so that a draw of a law costs only the running attempts."""

    finished: Sequence[float]
    total: float
    squares: float
    log_total: float
    log_squares: float

    def law(self, imputed: Sequence[float], rng: Random) -> Law:
        """A law that these durations allow: each call draws another one, as uncertain as they leave it."""
        count = len(self.finished) + len(imputed)
        logs = [math.log(max(seconds, SHORTEST)) for seconds in imputed]
        centre = (self.log_total + math.fsum(logs)) / count
        squares = max(0.0, self.log_squares + math.fsum(log * log for log in logs) - count * centre * centre)
        scale = (PRIOR_DF * PRIOR_VARIANCE + squares) / (PRIOR_DF + count - 1)
        sigma = math.sqrt(scaled_inverse_chi_square(rng, PRIOR_DF + count - 1, scale))
        fitted = Lognormal(rng.gauss(centre, sigma / math.sqrt(count)), sigma)
        if self._is_fitted(len(imputed), rng):
            return fitted
        return self._observed(imputed, math.sqrt(scale), fitted, rng)

    def unended(self, running: Sequence[float], rng: Random) -> Law | None:
        """A law in which those that run longer than any has are of another kind; None where none does.

        How long that kind takes nobody knows: twice the longest age as likely as not, ten times in one draw of ten.
        """
        count, longest = len(self.finished), max(running, default=0.0)
        overdue = sum(age > self.finished[-1] for age in running)
        if not overdue or count >= MIXED_PER_RUNNING * len(running):
            return None
        whole = math.log(max(longest, SHORTEST)) + rng.expovariate(1.0)
        share = rng.betavariate(overdue + 0.5, count + 0.5)
        sigma = math.sqrt(max(self.log_squares - self.log_total**2 / count, 0.0) / count + NARROWEST**2)
        return Unended(Lognormal(self.log_total / count, sigma), Lognormal(whole, NARROWEST), share)

    def _is_fitted(self, running: int, rng: Random) -> bool:
        """Whether a draw takes the fitted law: always while few have finished, by chance while either law may hold."""
        finished = len(self.finished)
        if finished < max(FEWEST_MIXED, MIXED_PER_RUNNING * running):
            return True
        return finished < max(FEWEST_SEEN, FINISHED_PER_RUNNING * running) and rng.random() < 0.5

    def _observed(self, imputed: Sequence[float], spread: float, fitted: Lognormal, rng: Random) -> Observed:
        count = len(self.finished) + len(imputed)
        mean = (self.total + math.fsum(imputed)) / count
        squares = self.squares + math.fsum(seconds * seconds for seconds in imputed)
        deviation = math.sqrt(max(0.0, squares / count - mean * mean))
        relative = deviation / mean / math.sqrt(count)
        width = 0.9 * spread * float(count**-0.2)
        return Observed(self.finished, imputed, math.exp(rng.gauss(0, relative)), width, mean, deviation, fitted)


def seen(finished: Sequence[float]) -> Seen:
    """Sort finished durations and sum them."""
    known = sorted(min(max(seconds, SHORTEST), LONGEST) for seconds in finished)
    logs = [math.log(seconds) for seconds in known]
    squares, log_squares = math.fsum(s * s for s in known), math.fsum(log * log for log in logs)
    return Seen(known, math.fsum(known), squares, math.fsum(logs), log_squares)
