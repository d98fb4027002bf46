"""What the numbers say, in words: rates at their bounds, comparisons, gates and p-values."""

from __future__ import annotations

from benchgen.numbers.gate import Gate, GateVerdict
from benchgen.numbers.paired import Comparison, Verdict
from benchgen.numbers.ranking import Ranking
from benchgen.numbers.rates import Interval, Rate

MINUS = "\N{MINUS SIGN}"


def in_percent(share: float) -> str:
    """A share in percent with one decimal and without the sign: 0.0 is none at all, and 100.0 all of it."""
    text = f"{100 * share:.1f}"
    if text == "100.0" and share < 1:
        return ">99.9"
    return "<0.1" if text == "0.0" and share > 0 else text


def rate_sentence(rate: Rate) -> str:
    """As "45.2 % (14 of 31), 95 % 29 to 62 %"; all or none passed is worded by the bound, "≥ 89 % (31 of 31)"."""
    if rate.value is None:
        return "not evaluated"
    counts = f"({rate.passed:,} of {rate.evaluated:,})"
    if rate.interval is None:
        return f"{in_percent(rate.value)} % {counts}"
    low, high = rate.interval.low * 100, rate.interval.high * 100
    if rate.passed == rate.evaluated:
        return f"≥ {_short_of(low, 100)} % {counts}"
    if rate.passed == 0:
        return f"≤ {_short_of(high, 0)} % {counts}"
    return f"{in_percent(rate.value)} % {counts}, {rate.interval.level * 100:.0f} % {low:.0f} to {high:.0f} %"


def comparison_sentence(comparison: Comparison, a: str, b: str) -> str:
    """As "b solves 3.2 pp more than a, 95 % −4 to +10; not separable; with 31 tasks ≥ 22 pp would be visible"."""
    if comparison.verdict is Verdict.NO_COMMON_TASKS or comparison.difference is None:
        return f"{a} and {b} have no evaluated task in common"
    parts = [_difference_words(comparison.difference, comparison.interval, a, b)]
    if comparison.verdict is Verdict.NOT_SEPARABLE:
        parts.append("not separable")
    elif comparison.p is not None:
        parts.append(p_words(comparison.p))
    if comparison.visible is None:
        parts.append("one task shows nothing")
    else:
        parts.append(f"with {comparison.tasks} tasks ≥ {comparison.visible * 100:.0f} pp would be visible")
    return "; ".join(parts)


def ranking_sentence(ranking: Ranking) -> str:
    """What is to be said of a ranking's first model, after its name; empty where nothing could be evaluated.

    As "solves most: 87.1 % (27 of 31), 95 % 71 to 95 %; the tests tell it from 2 of the 4 others".
    """
    first, others = ranking.models[0], ranking.tested - 1
    if first.rate.value is None:
        return ""
    words = rate_sentence(first.rate)
    if not others:
        return f"was tested alone: {words}"
    equal = sum(one.rate.value == first.rate.value for one in ranking.models[1:])
    lead = f"and {equal} other{'s' if equal > 1 else ''} solve most" if equal else "solves most"
    return f"{lead}: {words}; {_told_apart(ranking, first.model, others)}"


def _told_apart(ranking: Ranking, model: str, others: int) -> str:
    told = sum(pair.separable and pair.better == model for pair in ranking.pairs)
    if others == 1:
        return f"the tests {'tell' if told else 'do not tell'} it from the other"
    every = "both others" if others == 2 else f"all {others} others"
    of_them = {0: "no other", others: every}.get(told, f"{told} of the {others} others")
    return f"the tests tell it from {of_them}"


def gate_sentence(gate: Gate, baseline: str, candidate: str) -> str:
    """The gate's answer first, then the comparison that it rests on."""
    words = comparison_sentence(gate.comparison, baseline, candidate)
    if gate.verdict is GateVerdict.REGRESSED:
        return f"regressed by at least {gate.max_drop * 100:g} pp: {words}"
    if gate.verdict is GateVerdict.IMPROVED:
        return f"improved: {words}"
    if gate.comparison.verdict is Verdict.A_BETTER:
        return f"no evidence of a drop of {gate.max_drop * 100:g} pp, but of a smaller one: {words}"
    return f"no evidence: {words}"


def p_words(p: float) -> str:
    """Two significant digits, never 0.00: "p = 0.031", "p < 0.0001"."""
    return "p < 0.0001" if p < 0.0001 else f"p = {_two_digits(p)}"


def signed_points(share: float) -> str:
    """A difference in whole percentage points with its sign, "+10", "−4", "0"."""
    points = round(share * 100)
    return "0" if points == 0 else f"{'+' if points > 0 else MINUS}{abs(points)}"


def _difference_words(difference: float, interval: Interval | None, a: str, b: str) -> str:
    points = f"{abs(difference) * 100:.1f} pp"
    direction = "more" if difference > 0 else "fewer"
    words = f"{b} and {a} solve equally many" if difference == 0 else f"{b} solves {points} {direction} than {a}"
    if interval is None:
        return words
    low, high = signed_points(interval.low), signed_points(interval.high)
    return f"{words}, {interval.level * 100:.0f} % {low} to {high}"


def _two_digits(p: float) -> str:
    """Fixed notation with as many places as two significant digits take."""
    if p >= 0.995:
        return "1.0"
    digits = 2
    while p < 10 ** -(digits - 1) and digits < 6:
        digits += 1
    return f"{p:.{digits}f}"


def _short_of(percent: float, end: int) -> str:
    """Whole percent, with more places only where rounding would claim 0 or 100 itself."""
    digits = 0
    while digits < 6 and round(percent, digits) == end:
        digits += 1
    return f"{percent:.{digits}f}"
