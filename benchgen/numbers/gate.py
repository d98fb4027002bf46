"""The gate: may this run replace its baseline? Regressed, improved, or no evidence; never "the same"."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from benchgen.numbers.paired import Comparison, Verdict, compare
from benchgen.numbers.rates import TaskOutcome
from benchgen.record import Record

MAX_DROP = 0.05


class GateVerdict(StrEnum):
    """The three answers of a gate."""

    REGRESSED = "regressed"
    NO_EVIDENCE = "no_evidence"
    IMPROVED = "improved"


class Gate(Record):
    """The answer and what it rests on; `comparison` is candidate (b) against baseline (a)."""

    verdict: GateVerdict
    comparison: Comparison
    max_drop: float

    @property
    def passed(self) -> bool:
        """Only a regression stops; too few tasks never do, so the sentence must say what they could have shown."""
        return self.verdict is not GateVerdict.REGRESSED


def gate(baseline: Mapping[str, TaskOutcome], candidate: Mapping[str, TaskOutcome], max_drop: float = MAX_DROP) -> Gate:
    """Compare with the baseline in pairs: regressed is separable and a drop of at least `max_drop`, both."""
    return judge(compare(baseline, candidate), max_drop)


def judge(comparison: Comparison, max_drop: float = MAX_DROP) -> Gate:
    """The gate's answer to a comparison that is already made."""
    difference = comparison.difference
    if comparison.verdict is Verdict.B_BETTER:
        return Gate(GateVerdict.IMPROVED, comparison, max_drop)
    if comparison.verdict is Verdict.A_BETTER and difference is not None and difference <= -max_drop + 1e-12:
        return Gate(GateVerdict.REGRESSED, comparison, max_drop)
    return Gate(GateVerdict.NO_EVIDENCE, comparison, max_drop)
