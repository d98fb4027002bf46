"""Quantiles, ratios, histograms and frontiers against numpy, scipy and their definitions."""

import math
import sys
from itertools import pairwise

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from benchgen.numbers.describe import (
    Offer,
    geometric_mean_ratio,
    log_histogram,
    pareto_frontier,
    quantile,
    summarise,
)

positive = st.floats(1e-6, 1e6)
offers = st.lists(
    st.builds(Offer, st.text("abc", max_size=3), st.none() | st.integers(0, 9).map(float), st.none() | st.floats(0, 1)),
    max_size=20,
)


@given(st.lists(positive, min_size=1, max_size=50), st.floats(0, 1))
def test_quantiles_are_those_of_numpy(values, share):
    assert quantile(values, share) == pytest.approx(float(numpy.quantile(values, share)), rel=1e-9)


def test_no_values_have_no_median():
    assert summarise([]).median is None
    assert summarise([3.0, 1.0, 2.0]).median == 2.0


@given(st.lists(st.tuples(positive, positive), min_size=2, max_size=30))
def test_the_ratio_is_the_geometric_mean_of_scipy(pairs):
    result = geometric_mean_ratio(pairs)
    assert result.value == pytest.approx(stats.gmean([b / a for a, b in pairs]), rel=1e-9)


def test_the_interval_of_a_ratio_is_the_t_interval_of_logs():
    logs = [0.1, 0.5, -0.2, 0.4]
    low, high = stats.t.interval(0.95, 3, loc=numpy.mean(logs), scale=stats.sem(logs))
    result = geometric_mean_ratio([(1.0, math.exp(log)) for log in logs]).interval
    assert (result.low, result.high) == pytest.approx((math.exp(low), math.exp(high)), rel=1e-9)


def test_pairs_with_a_zero_are_left_out_and_counted():
    result = geometric_mean_ratio([(1, 2), (0, 5), (3, 0)])
    assert (result.value, result.pairs, result.left_out, result.interval) == (2, 1, 2, None)


@given(st.lists(st.floats(-1, 1e12), max_size=60))
def test_every_value_is_in_one_bin_that_holds_it(values):
    result = log_histogram(values)
    assert sum(b.count for b in result.bins) + result.not_positive == len(values)
    for one in result.bins:
        assert one.count == sum(one.low <= value < one.high for value in values)


@given(st.lists(positive, min_size=1, max_size=60))
def test_bins_adjoin_and_stay_few(values):
    bins = log_histogram(values).bins
    assert all(one.high == two.low for one, two in pairwise(bins))
    assert len(bins) <= 60


@given(offers)
def test_the_frontier_is_what_no_other_beats(many):
    known = [o for o in many if o.cost is not None and o.accuracy is not None]
    beaten = [
        o
        for o in known
        if any(
            p.cost <= o.cost and p.accuracy >= o.accuracy and (p.cost, p.accuracy) != (o.cost, o.accuracy)
            for p in known
        )
    ]
    names = sorted((o.cost, o.accuracy, o.name) for o in known if o not in beaten)
    assert sorted((o.cost, o.accuracy, o.name) for o in pareto_frontier(many)) == names


def test_an_unknown_cost_is_not_on_the_frontier():
    assert pareto_frontier([Offer("local", None, 1.0), Offer("paid", 3.0, 0.2)]) == (Offer("paid", 3.0, 0.2),)


def test_the_largest_numbers_have_a_bin_and_no_smaller_sum_than_infinity():
    values = [1.0, sys.float_info.max, sys.float_info.max]
    bins = log_histogram(values).bins
    assert (bins[0].count, bins[-1].count, bins[-1].high) == (1, 2, sys.float_info.max)
    assert summarise(values).total == math.inf


@given(st.lists(st.floats(min_value=0, exclude_min=True, allow_infinity=False), min_size=1, max_size=50))
def test_every_value_lies_in_the_bin_that_counts_it(values):
    bins = log_histogram(values).bins
    for bin in bins[:-1]:
        assert bin.count == sum(bin.low <= value < bin.high for value in values)
    assert bins[-1].count == sum(bins[-1].low <= value for value in values)
