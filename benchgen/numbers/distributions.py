"""Probability distributions in plain Python: normal, Student t, binomial tails, draws of a variance.

Start-up stays light without scipy. The incomplete beta function keeps about twelve digits.
"""

from __future__ import annotations

import math
from functools import lru_cache
from random import Random
from statistics import NormalDist

_STANDARD = NormalDist()
_HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)
_TINY = 1e-300
_MOST_STEPS = 100_000


def normal_cdf(z: float) -> float:
    """P(Z <= z), accurate in both tails."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal_ppf(share: float) -> float:
    """The z below which `share` of a standard normal lies; share within (0, 1)."""
    return _STANDARD.inv_cdf(share)


def incomplete_beta(a: float, b: float, x: float, rest: float | None = None) -> float:
    """Regularised incomplete beta I_x(a, b); `rest` is 1 - x where the caller knows it more exactly."""
    y = 1 - x if rest is None else rest
    if x <= 0 or y <= 0:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_power(b, a, y, x) * _beta_fraction(b, a, y) / b
    return _beta_power(a, b, x, y) * _beta_fraction(a, b, x) / a


def t_cdf(t: float, df: float) -> float:
    """P(T <= t) of Student's t with df degrees of freedom."""
    tail = 0.5 * t_two_sided(t, df)
    return tail if t < 0 else 1 - tail


def t_two_sided(t: float, df: float) -> float:
    """P(|T| >= |t|): the two-sided p-value of a t statistic."""
    whole = df + t * t
    return 1.0 if t == 0 else incomplete_beta(df / 2, 0.5, df / whole, t * t / whole)


@lru_cache(4096)  # a history asks for the same few degrees of freedom thousands of times
def t_ppf(share: float, df: float) -> float:
    """The t below which `share` of Student's t with df degrees of freedom lies; share within (0, 1)."""
    if share == 0.5:
        return 0.0
    if share > 0.5:
        return -t_ppf(1 - share, df)
    low, high = 0.0, 1.0
    while t_cdf(-high, df) > share:
        low, high = high, 2 * high
    return -_root_of_tail(share, df, low, high)


def binomial_cdf(k: int, n: int, p: float) -> float:
    """P(X <= k) of n independent tries that each succeed with probability p."""
    if k < 0:
        return 0.0
    return 1.0 if k >= n else incomplete_beta(n - k, k + 1, 1 - p, p)


def binomial_sf(k: int, n: int, p: float) -> float:
    """P(X > k) of n independent tries that each succeed with probability p."""
    if k < 0:
        return 1.0
    return 0.0 if k >= n else incomplete_beta(k + 1, n - k, p, 1 - p)


def scaled_inverse_chi_square(rng: Random, df: float, scale: float) -> float:
    """One draw of a variance whose estimate `scale` rests on df degrees of freedom."""
    return df * scale / max(rng.gammavariate(df / 2, 2.0), _TINY)


def _root_of_tail(share: float, df: float, low: float, high: float) -> float:
    """Newton's method on the lower tail, halving the bracket whenever a step would leave it."""
    t = 0.5 * (low + high)
    for _ in range(200):
        gap = t_cdf(-t, df) - share
        low, high = (t, high) if gap > 0 else (low, t)
        step = t + gap / _t_density(t, df)
        following = step if low < step < high else 0.5 * (low + high)
        if abs(following - t) <= 1e-14 * t:
            return following
        t = following
    return t


def _t_density(t: float, df: float) -> float:
    whole = df + t * t
    return _beta_power(df / 2, 0.5, df / whole, t * t / whole) / abs(t)


def _beta_power(a: float, b: float, x: float, y: float) -> float:
    """x^a y^b / B(a, b), by Loader's saddle point so that large a and b keep their digits."""
    n = a + b
    exponent = _stirling_rest(n) - _stirling_rest(a) - _stirling_rest(b) - _deviance(a, n * x) - _deviance(b, n * y)
    return math.sqrt(a * b / (2 * math.pi * n)) * math.exp(exponent)


def _stirling_rest(n: float) -> float:
    """What Stirling's formula leaves out of log(n!)."""
    if n < 16:
        return math.lgamma(n + 1) - (n + 0.5) * math.log(n) + n - _HALF_LOG_TAU
    square = n * n
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / (1188 * square)) / square) / square) / square) / n


def _deviance(x: float, mean: float) -> float:
    """x log(x / mean) + mean - x, by its series where the plain form would cancel."""
    if mean == 0:
        return math.inf  # it is below the smallest number, and the power that it stands for is 0
    gap = x - mean
    if abs(gap) >= 0.1 * (x + mean):
        return x * math.log(x / mean) - gap
    ratio = gap / (x + mean)
    total, term, odd = gap * ratio, 2 * x * ratio, 1
    while True:
        term *= ratio * ratio
        odd += 2
        following = total + term / odd
        if following == total:
            return total
        total = following


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / _off_zero(1 + even * d)
        c = _off_zero(1 + even / c)
        value *= d * c
        d = 1 / _off_zero(1 + odd * d)
        c = _off_zero(1 + odd / c)
        value *= d * c
        if abs(d * c - 1) < 4e-16:
            break
    return value


def _off_zero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY
