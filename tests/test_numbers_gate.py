"""The gate and the sentences that comparisons, gates and rates are told in."""

import pytest

from benchgen.numbers.gate import GateVerdict, gate
from benchgen.numbers.paired import compare
from benchgen.numbers.rates import TaskOutcome, rate
from benchgen.numbers.sentences import (
    comparison_sentence,
    gate_sentence,
    in_percent,
    p_words,
    rate_sentence,
    signed_points,
)


def model(passed, tasks=31):
    return {f"t{i}": TaskOutcome(int(i < passed), 1) for i in range(tasks)}


def test_a_separable_drop_regresses():
    answer = gate(model(25), model(10))
    assert (answer.verdict, answer.passed) == (GateVerdict.REGRESSED, False)
    assert gate_sentence(answer, "main", "new").startswith(
        "regressed by at least 5 pp: new solves 48.4 pp fewer than main"
    )


def test_a_drop_that_chance_explains_is_no_evidence():
    answer = gate(model(25), model(23))
    assert (answer.verdict, answer.passed) == (GateVerdict.NO_EVIDENCE, True)


def test_a_separable_drop_below_the_allowed_one_is_no_evidence_but_told():
    answer = gate(model(900, 1000), model(880, 1000))
    assert answer.verdict is GateVerdict.NO_EVIDENCE
    assert gate_sentence(answer, "a", "b").startswith(
        "no evidence of a drop of 5 pp, but of a smaller one: b solves 2.0"
    )


def test_a_drop_of_exactly_the_limit_regresses():
    assert gate(model(900, 1000), model(850, 1000)).verdict is GateVerdict.REGRESSED


def test_a_separable_rise_improves():
    assert gate(model(10), model(25)).verdict is GateVerdict.IMPROVED


def test_no_common_tasks_are_no_evidence():
    answer = gate(model(3), {"other": TaskOutcome(1, 1)})
    assert answer.verdict is GateVerdict.NO_EVIDENCE
    assert gate_sentence(answer, "a", "b") == "no evidence: a and b have no evaluated task in common"


def test_a_comparison_says_what_so_many_tasks_could_show():
    a = {f"t{i}": TaskOutcome(int(i < 10 or 10 <= i < 13), 1) for i in range(31)}
    b = {f"t{i}": TaskOutcome(int(i < 10 or 13 <= i < 17), 1) for i in range(31)}
    sentence = comparison_sentence(compare(a, b), "a", "b")
    assert sentence.startswith("b solves 3.2 pp more than a, 95 % −")
    assert sentence.endswith("not separable; with 31 tasks ≥ 24 pp would be visible")


@pytest.mark.parametrize(
    ("passed", "tasks", "words"),
    [
        (31, 31, "≥ 89 % (31 of 31)"),
        (0, 31, "≤ 11 % (0 of 31)"),
        (5000, 5000, "≥ 99.9 % (5,000 of 5,000)"),
        (0, 5000, "≤ 0.1 % (0 of 5,000)"),
        (14, 31, "45.2 % (14 of 31), 95 % 29 to 62 %"),
    ],
)
def test_rates_are_worded_by_their_bounds_when_all_or_none_passed(passed, tasks, words):
    assert rate_sentence(rate(model(passed, tasks).values())) == words


def test_an_unknown_rate_is_not_evaluated():
    assert rate_sentence(rate([])) == "not evaluated"


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0.0"), (1e-6, "<0.1"), (0.619, "61.9"), (0.99949, "99.9"), (0.9996, ">99.9"), (1, "100.0")],
)
def test_all_is_said_of_all_alone_and_none_of_none(share, words):
    assert in_percent(share) == words


@pytest.mark.parametrize(
    ("p", "words"),
    [(0.5, "p = 0.50"), (0.0312, "p = 0.031"), (0.00012, "p = 0.00012"), (1e-30, "p < 0.0001"), (0.999, "p = 1.0")],
)
def test_p_has_two_significant_digits_and_is_never_zero(p, words):
    assert p_words(p) == words


@pytest.mark.parametrize(("share", "words"), [(0.1, "+10"), (-0.041, "−4"), (0.001, "0"), (-0.001, "0")])
def test_points_carry_their_sign(share, words):
    assert signed_points(share) == words
