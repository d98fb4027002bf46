"""Curves over time end at the total and never hold more points than asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from benchgen.numbers.series import cumulative_rate, rolling_rate, thinned

outcomes = st.lists(st.booleans(), max_size=500)


@given(st.integers(0, 5_000), st.integers(0, 300))
def test_thinning_keeps_first_and_last_in_order_and_no_more_than_asked(count, most):
    kept = thinned(count, most)
    assert len(kept) == min(count, most)
    assert kept == sorted(set(kept))
    assert not kept or kept[-1] == count
    assert len(kept) < 2 or kept[0] == 1


@given(outcomes)
def test_the_cumulative_curve_ends_at_the_total(many):
    points = cumulative_rate(many)
    assert len(points) == min(len(many), 200)
    assert not many or (points[-1].passed, points[-1].evaluated) == (sum(many), len(many))


def test_the_band_is_that_of_wilson():
    last = cumulative_rate([True] * 14 + [False] * 17)[-1]
    assert (last.low, last.high) == pytest.approx(proportion_confint(14, 31, method="wilson"), abs=1e-9)


@given(outcomes, st.integers(1, 40))
def test_the_rolling_rate_looks_at_its_window_only(many, window):
    for point in rolling_rate(many, window):
        assert point.passed == sum(many[point.evaluated - window : point.evaluated])
        assert point.value == point.passed / window


def test_too_few_outcomes_have_no_rolling_rate():
    assert rolling_rate([True] * 19, window=20) == []
