"""Rates: intervals against statsmodels, unknown stays unknown, pass@k against its definition."""

import math
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from benchgen.numbers.rates import (
    TaskOutcome,
    clustered_rate,
    mean_pass_at_k,
    mean_pass_hat_k,
    pass_at_k,
    pass_hat_k,
    rate,
    wilson,
)

outcomes = st.integers(0, 5).flatmap(lambda n: st.builds(TaskOutcome, st.integers(0, n), st.just(n), st.integers(0, 2)))


def singles(passed, count):
    return [TaskOutcome(int(i < passed), 1) for i in range(count)]


@pytest.mark.parametrize(("passed", "count"), [(0, 1), (0, 31), (1, 31), (14, 31), (31, 31), (77, 154), (4999, 5000)])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_single_samples_get_the_wilson_interval_of_statsmodels(passed, count, level):
    low, high = proportion_confint(passed, count, alpha=1 - level, method="wilson")
    interval = rate(singles(passed, count), level).interval
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-9)


def test_nothing_evaluated_is_none_and_never_zero():
    result = rate([TaskOutcome(0, 0, left_out=3)])
    assert (result.value, result.interval, result.left_out) == (None, None, 3)
    assert "nothing could be evaluated" in result.note


def test_api_errors_are_counted_apart_and_warned_about_above_five_percent():
    many = rate([*singles(10, 18), TaskOutcome(0, 0, left_out=2)])
    assert many.value == pytest.approx(10 / 18)
    assert "2 of 20 attempts are left out" in many.note
    assert rate([*singles(10, 19), TaskOutcome(0, 0, left_out=1)]).note == ""


def test_equal_task_means_of_several_samples_count_as_one_sample_each():
    interval = rate([TaskOutcome(3, 3)] * 31).interval
    assert (interval.low, interval.high) == pytest.approx(proportion_confint(31, 31, method="wilson"), abs=1e-9)


def test_samples_that_always_agree_are_worth_no_more_than_one():
    interval = rate([TaskOutcome(3 * (i < 10), 3) for i in range(31)]).interval
    plain = wilson(10 / 31, 31)
    assert (interval.low, interval.high) == pytest.approx((plain.low, plain.high), rel=1e-9)


def test_samples_that_disagree_narrow_the_interval_down_to_pooled_at_most():
    result = rate([TaskOutcome(1 + i % 2, 3) for i in range(30)]).interval
    pooled = wilson(0.5, 90)
    assert (result.low, result.high) == pytest.approx((pooled.low, pooled.high), rel=1e-9)


def test_unequal_samples_weigh_tasks_equally_and_say_so():
    result = rate([TaskOutcome(1, 1), TaskOutcome(0, 3)])
    assert result.value == 0.5
    assert "unequal numbers of samples" in result.note


@given(st.lists(outcomes, max_size=40))
def test_the_interval_holds_the_value_and_lies_within_zero_and_one(many):
    result = rate(many)
    assert result.passed == sum(o.passed for o in many)
    if result.value is None:
        assert result.interval is None
    else:
        assert 0 <= result.interval.low <= result.value + 1e-12
        assert result.value - 1e-12 <= result.interval.high <= 1


@given(st.lists(outcomes, max_size=30))
def test_swapping_passed_and_failed_mirrors_the_interval(many):
    result, mirror = rate(many), rate([TaskOutcome(o.evaluated - o.passed, o.evaluated) for o in many])
    if result.interval:
        assert result.interval.low == pytest.approx(1 - mirror.interval.high, abs=1e-9)


def test_few_clusters_give_no_interval_but_say_why():
    result = clustered_rate([singles(3, 5)] * 9)
    assert result.value == pytest.approx(0.6)
    assert result.interval is None
    assert "too few clusters" in result.note


def test_clusters_that_agree_within_are_worth_one_task_each():
    result = clustered_rate([singles(5 * (i % 2), 5) for i in range(20)])
    plain = wilson(0.5, 19)
    assert result.interval.low == pytest.approx(plain.low, abs=0.02)
    assert result.interval.high - result.interval.low > 1.9 * (rate(singles(50, 100)).interval.high - 0.5)


def test_clusters_of_one_task_each_come_close_to_the_plain_interval():
    result, plain = clustered_rate([[one] for one in singles(40, 100)]), rate(singles(40, 100))
    assert result.interval.low == pytest.approx(plain.interval.low, abs=0.003)
    assert result.interval.high == pytest.approx(plain.interval.high, abs=0.003)


@given(st.integers(1, 8).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))))
def test_pass_at_k_and_pass_hat_k_are_the_shares_of_all_choices_of_k(case):
    n, passed, k = case
    chosen = list(combinations([i < passed for i in range(n)], k))
    assert pass_at_k(n, passed, k) == pytest.approx(sum(map(any, chosen)) / len(chosen))
    assert pass_hat_k(n, passed, k) == pytest.approx(sum(map(all, chosen)) / len(chosen))


def test_more_tries_than_samples_are_unknown():
    assert pass_at_k(3, 3, 4) is None
    assert pass_hat_k(3, 3, 4) is None
    assert mean_pass_at_k([TaskOutcome(1, 1)], 2).value is None


def test_the_mean_over_tasks_leaves_out_and_counts_tasks_with_too_few_samples():
    many = [TaskOutcome(1, 2), TaskOutcome(2, 2), TaskOutcome(1, 1), TaskOutcome(0, 0, 2)]
    at, hat = mean_pass_at_k(many, 2), mean_pass_hat_k(many, 2)
    assert (at.value, at.tasks, at.too_few_samples) == (1.0, 2, 1)
    assert hat.value == 0.5


@given(st.lists(outcomes, min_size=1, max_size=20))
def test_pass_at_1_is_the_rate(many):
    value, expected = mean_pass_at_k(many, 1).value, rate(many).value
    assert (value is None) == (expected is None)
    assert value is None or math.isclose(value, expected, abs_tol=1e-12)
