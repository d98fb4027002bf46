"""The distributions agree with scipy and obey their own symmetries."""

from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from benchgen.numbers import distributions as d


@pytest.mark.parametrize("df", [1, 2, 2.5, 3, 9, 30, 153, 499, 4999, 100_000])
@pytest.mark.parametrize("t", [-400, -40, -5, -2, -1, -0.3, -1e-3, 0, 0.5, 1.96, 3, 10])
def test_t_cdf_and_p_agree_with_scipy(df, t):
    assert d.t_cdf(t, df) == pytest.approx(stats.t.cdf(t, df), rel=1e-9, abs=1e-300)
    assert d.t_two_sided(t, df) == pytest.approx(2 * stats.t.sf(abs(t), df), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("df", [1, 2, 3, 9, 30, 499, 100_000])
@pytest.mark.parametrize("share", [1e-12, 1e-6, 0.001, 0.025, 0.4, 0.5, 0.6, 0.975, 0.999999])
def test_t_ppf_agrees_with_scipy(df, share):
    assert d.t_ppf(share, df) == pytest.approx(stats.t.ppf(share, df), rel=1e-9)


@pytest.mark.parametrize("z", [-30, -8, -1, 0, 0.1, 2, 9])
def test_the_normal_cdf_agrees_with_scipy_in_both_tails(z):
    assert d.normal_cdf(z) == pytest.approx(stats.norm.cdf(z), rel=1e-9)


@pytest.mark.parametrize("share", [1e-200, 1e-9, 0.2, 0.5, 0.975, 1 - 1e-9])
def test_the_normal_ppf_agrees_with_scipy(share):
    assert d.normal_ppf(share) == pytest.approx(stats.norm.ppf(share), rel=1e-9)


@pytest.mark.parametrize("n", [1, 5, 31, 500, 5000])
@pytest.mark.parametrize("p", [0.001, 0.05, 0.5, 0.9, 0.999])
def test_binomial_tails_agree_with_scipy(n, p):
    for k in range(-1, n + 2, max(1, n // 13)):
        assert d.binomial_cdf(k, n, p) == pytest.approx(stats.binom.cdf(k, n, p), abs=1e-12)
        assert d.binomial_sf(k, n, p) == pytest.approx(stats.binom.sf(k, n, p), abs=1e-12)


@given(st.floats(0.05, 1e4), st.floats(0.05, 1e4), st.floats(0, 1))
def test_the_incomplete_beta_is_a_share_and_its_mirror_completes_it(a, b, x):
    one, other = d.incomplete_beta(a, b, x, 1 - x), d.incomplete_beta(b, a, 1 - x, x)
    assert 0 <= one <= 1
    assert one + other == pytest.approx(1, abs=1e-9)
    assert one == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-9)


@given(st.floats(1e-9, 1 - 1e-9), st.floats(1, 1e4))
def test_t_ppf_undoes_t_cdf(share, df):
    assert d.t_cdf(d.t_ppf(share, df), df) == pytest.approx(share, rel=1e-9)


def test_a_drawn_variance_has_the_mean_of_its_law():
    rng = Random(5)
    draws = [d.scaled_inverse_chi_square(rng, 12, 3.0) for _ in range(20_000)]
    assert fmean(draws) == pytest.approx(12 * 3.0 / (12 - 2), rel=0.02)
