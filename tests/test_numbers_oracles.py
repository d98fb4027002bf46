"""Rates of several samples and of clusters, and pass@k, against scipy and statsmodels to 1e-9."""

from __future__ import annotations

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.proportion import proportion_confint

from benchgen.numbers.rates import TaskOutcome, clustered_rate, mean_pass_at_k, pass_at_k, pass_hat_k, rate, wilson

AT_LEAST_ONE_OF_2 = [1 - stats.hypergeom(3, passed, 2).pmf(0) for passed in range(4)]
samples = st.lists(st.integers(0, 3), min_size=12, max_size=60)


@settings(deadline=None)
@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))))
def test_pass_at_k_is_the_hypergeometric_chance_of_scipy(case):
    n, passed, k = case
    drawn = stats.hypergeom(n, passed, k)
    assert pass_at_k(n, passed, k) == pytest.approx(1 - drawn.pmf(0), abs=1e-9)
    assert pass_hat_k(n, passed, k) == pytest.approx(drawn.pmf(k), abs=1e-9)


@settings(deadline=None)
@given(samples)
def test_several_samples_get_wilson_on_the_number_that_the_standard_error_of_scipy_amounts_to(passed):
    found = rate([TaskOutcome(count, 3) for count in passed])
    shares = numpy.array(passed) / 3
    mean, error = shares.mean(), stats.sem(shares)
    if error < 1e-9:
        return
    tries = min(max(mean * (1 - mean) / error**2, len(passed)), 3 * len(passed))
    low, high = proportion_confint(mean * tries, tries, method="wilson")
    assert found.value == pytest.approx(mean, abs=1e-9)
    assert (found.interval.low, found.interval.high) == pytest.approx((max(0, low), min(1, high)), abs=1e-9)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=5), min_size=10, max_size=20))
def test_clusters_have_the_robust_standard_error_of_statsmodels(clusters):
    values = numpy.array([one for cluster in clusters for one in cluster], dtype=float)
    names = numpy.array([number for number, cluster in enumerate(clusters) for _ in cluster])
    mean = values.mean()
    fitted = OLS(values, numpy.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": names})
    error = float(fitted.bse[0])
    found = clustered_rate([[TaskOutcome(one, 1) for one in cluster] for cluster in clusters])
    if not 0 < mean < 1 or error**2 < 1e-12:
        return
    tries = min(max(mean * (1 - mean) / error**2, 1.0), len(values))
    wide = 2 * stats.norm.sf(stats.t.ppf(0.975, len(clusters) - 1))
    low, high = proportion_confint(mean * tries, tries, alpha=wide, method="wilson")
    assert (found.interval.low, found.interval.high) == pytest.approx((max(0, low), min(1, high)), abs=1e-9)


@settings(deadline=None)
@given(samples)
def test_the_mean_pass_at_2_is_the_mean_of_scipys(passed):
    found = mean_pass_at_k([TaskOutcome(count, 3) for count in passed], 2)
    assert found.value == pytest.approx(numpy.mean([AT_LEAST_ONE_OF_2[count] for count in passed]), abs=1e-9)


@settings(deadline=None)
@given(st.floats(0, 1), st.integers(1, 5_000), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_is_that_of_statsmodels_for_any_share(share, count, level):
    low, high = proportion_confint(share * count, count, alpha=1 - level, method="wilson")
    found = wilson(share, count, level)
    assert (found.low, found.high) == pytest.approx((max(0, low), min(1, high)), abs=1e-9)
