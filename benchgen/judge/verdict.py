"""From how the judge ended and what it reported to an outcome: only the exact set of cases, all passed, is a pass."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from benchgen.judge.command import WHOLE, Scope
from benchgen.judge.report import cut
from benchgen.record import Record
from benchgen.records.attempt import CaseResult
from benchgen.records.status import Category
from benchgen.sandbox.spec import Outcome

_BUILD = re.compile(r"driver does not build:|error: could not compile|^\[build failed\]|\[setup failed\]", re.M)


class Verdict(Record):
    """Without a category it is a pass. `score` is the share of expected cases that passed, in [0, 1]."""

    category: Category | None
    score: float
    message: str
    cases: tuple[CaseResult, ...]


def verdict(expected: Sequence[str], reported: Sequence[CaseResult], outcome: Outcome, scope: Scope = WHOLE) -> Verdict:
    """What the report is worth. A case told twice, or one that nobody expects, is never a pass.

    Of a scope's cases, those that it names count; others of the task may be told beside them.
    """
    if outcome.ended == "broken":
        return Verdict("harness", 0.0, cut(f"the sandbox broke: {outcome.detail}"), ())
    if scope.cases:
        beside = set(expected) - set(scope.cases)
        expected, reported = scope.cases, [case for case in reported if case.id not in beside]
    cases = _in_order(expected, reported)
    passed = sum(case.status == "passed" for case in cases)
    score = passed / len(cases) if cases else 0.0
    problem = _stop(cases, outcome, scope) or _problem(expected, reported, cases, outcome)
    if problem is None:
        return Verdict(None, 1.0, f"{passed} of {len(cases)} cases passed", cases)
    return Verdict(_category(reported, outcome), min(score, 1 - 1 / (len(cases) + 1)), cut(problem), cases)


def _in_order(expected: Sequence[str], reported: Sequence[CaseResult]) -> tuple[CaseResult, ...]:
    """One result for each expected case; told twice, the worst counts."""
    worst: dict[str, CaseResult] = {}
    for case in reported:
        if case.id not in worst or worst[case.id].status == "passed":
            worst[case.id] = case
    return tuple(worst.get(name, CaseResult(name, "missing", None, "not reported")) for name in expected)


def _stop(cases: Sequence[CaseResult], outcome: Outcome, scope: Scope) -> str | None:
    """The case at which a suite ended that was to go no further; None where there is none."""
    failed = next((case.id for case in cases if case.status == "failed"), None)
    if failed is None or not scope.until_failure or outcome.ended not in ("exited", "enough"):
        return None
    return f"stopped at {failed}, which did not pass"


def _problem(
    expected: Sequence[str], reported: Sequence[CaseResult], cases: Sequence[CaseResult], outcome: Outcome
) -> str | None:
    """Why this is no pass, in one sentence; None when it is one."""
    if outcome.ended != "exited":
        return _ENDINGS[outcome.ended].format(seconds=outcome.wall_seconds, detail=outcome.detail)
    bad = [case for case in cases if case.status != "passed"]
    if bad:
        named = ", ".join(case.id for case in bad[:3]) + ("…" if len(bad) > 3 else "")
        return f"{len(bad)} of {len(cases)} cases did not pass: {named}"
    stray = sorted({case.id for case in reported} - set(expected))
    if stray:
        return f"the report names cases that the task does not have: {', '.join(stray[:3])}"
    twice = [name for name, times in Counter(case.id for case in reported).items() if times > 1]
    if twice:
        return f"the report tells a case twice: {', '.join(twice[:3])}"
    if outcome.exit_code != 0:
        return f"every case passed, yet the judge ended with exit code {outcome.exit_code}"
    return None


_ENDINGS = {
    "timeout": "no end within {seconds:.1f} s",
    "memory": "out of memory: {detail}",
    "disk": "too much written: {detail}",
    "output": "too much output: {detail}",
    "signaled": "ended by a signal: {detail}",
    "enough": "ended early: {detail}",
}


def _category(reported: Sequence[CaseResult], outcome: Outcome) -> Category:
    if outcome.ended == "timeout":
        return "timeout"
    text = outcome.stdout.text() + outcome.stderr.text()
    if _BUILD.search(text) and not any(case.status == "passed" for case in reported):
        return "compile_error"
    return "tests_failed"
