"""Comparisons are paired, agree with statsmodels and scipy, and never claim that two models are the same."""

import math
from random import Random

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as oracle_mcnemar
from statsmodels.stats.weightstats import DescrStatsW

from benchgen.numbers.paired import (
    Verdict,
    bootstrap,
    compare,
    paired_test,
    smallest_visible_difference,
)
from benchgen.numbers.rates import TaskOutcome

shares = st.integers(0, 3).map(lambda passed: TaskOutcome(passed, 3))
models = st.dictionaries(st.integers(0, 40).map(str), shares, max_size=40)


def model(bits):
    return {f"t{i:02d}": TaskOutcome(bit, 1) for i, bit in enumerate(bits)}


@given(st.lists(st.integers(-3, 3).map(lambda k: k / 3), min_size=2, max_size=60))
def test_p_and_interval_are_the_t_test_with_one_imagined_task(differences):
    size = math.sqrt(sum(d * d for d in differences) / max(1, sum(d != 0 for d in differences))) or 1.0
    weights = numpy.array([1.0] * len(differences) + [0.5, 0.5])
    oracle = DescrStatsW(numpy.array([*differences, size, -size]), weights=weights)
    test = paired_test(differences)
    low, high = oracle.tconfint_mean(0.05)
    assert test.p == pytest.approx(oracle.ttest_mean(0)[1], rel=1e-9, abs=1e-12)
    assert (test.interval().low, test.interval().high) == pytest.approx((max(-1, low), min(1, high)), abs=1e-9)


def test_with_many_tasks_p_comes_close_to_the_plain_paired_t_test():
    rng = Random(3)
    differences = [rng.choice([-1, 0, 0, 0, 1, 1]) for _ in range(2_000)]
    assert paired_test(differences).error == pytest.approx(stats.sem(differences), rel=2e-3)


@pytest.mark.parametrize(("only_a", "only_b"), [(0, 0), (0, 6), (3, 9), (5, 5), (40, 60)])
def test_mcnemar_is_the_exact_test_of_statsmodels(only_a, only_b):
    a, b = model([1] * only_a + [0] * only_b + [1] * 7), model([0] * only_a + [1] * only_b + [1] * 7)
    result = compare(a, b).mcnemar
    assert (result.only_a_passed, result.only_b_passed) == (only_a, only_b)
    expected = oracle_mcnemar([[7, only_a], [only_b, 0]], exact=True).pvalue if only_a + only_b else 1.0
    assert result.p == pytest.approx(expected, rel=1e-9)


def test_several_samples_have_no_mcnemar():
    assert compare({"t": TaskOutcome(1, 2)}, {"t": TaskOutcome(2, 2)}).mcnemar is None


def test_only_common_tasks_are_compared_and_the_others_counted():
    a = {"x": TaskOutcome(1, 1), "y": TaskOutcome(1, 1), "z": TaskOutcome(0, 0, left_out=1)}
    b = {"y": TaskOutcome(0, 1), "z": TaskOutcome(1, 1), "v": TaskOutcome(1, 1)}
    result = compare(a, b)
    assert (result.tasks, result.tasks_of_a_only, result.tasks_of_b_only) == (1, 1, 2)
    assert result.difference == -1
    assert result.interval is None
    assert result.verdict is Verdict.NOT_SEPARABLE


def test_no_common_task_is_said_and_nothing_is_made_up():
    result = compare({"x": TaskOutcome(1, 1)}, {"y": TaskOutcome(1, 1)})
    assert result.verdict is Verdict.NO_COMMON_TASKS
    assert (result.difference, result.interval, result.p, result.visible, result.bootstrap) == (None,) * 5


def test_equal_outcomes_keep_an_interval_with_width():
    result = compare(model([1] * 20 + [0] * 11), model([1] * 20 + [0] * 11))
    assert result.verdict is Verdict.NOT_SEPARABLE
    assert result.interval.low < -0.05 < 0.05 < result.interval.high


def test_a_clear_difference_is_separable_in_its_direction():
    worse, better = model([0] * 12 + [1] * 19), model([1] * 31)
    assert compare(worse, better).verdict is Verdict.B_BETTER
    assert compare(better, worse).verdict is Verdict.A_BETTER


@given(models, models)
def test_swapping_the_two_turns_every_sign(a, b):
    one, two = compare(a, b), compare(b, a)
    assert (one.difference is None) == (two.difference is None)
    if one.interval:
        assert one.difference == pytest.approx(-two.difference)
        assert one.interval.low == pytest.approx(-two.interval.high)
        assert one.p == pytest.approx(two.p)


@given(models, models)
def test_the_interval_holds_the_difference(a, b):
    result = compare(a, b)
    if result.interval:
        assert -1 <= result.interval.low <= result.difference + 1e-12
        assert result.difference - 1e-12 <= result.interval.high <= 1


def test_the_same_outcomes_give_the_same_comparison():
    a, b = model([0, 1] * 15), model([1, 1, 0] * 10)
    assert compare(a, b) == compare(dict(reversed(a.items())), b)


def test_the_bootstrap_agrees_with_the_t_interval_on_ordinary_data():
    differences = [-1] * 20 + [0] * 120 + [1] * 35
    check, claim = bootstrap(differences, Random(1)), paired_test(differences).interval()
    assert check.low == pytest.approx(claim.low, abs=0.01)
    assert check.high == pytest.approx(claim.high, abs=0.01)


@pytest.mark.parametrize(("tasks", "points"), [(30, 22.9), (155, 10.1), (5000, 1.8)])
def test_the_smallest_visible_difference_at_a_fifth_discordant(tasks, points):
    discordant = tasks // 5
    differences = [1] * discordant + [0] * (tasks - discordant)
    assert 100 * smallest_visible_difference(differences) == pytest.approx(points, abs=0.05)
