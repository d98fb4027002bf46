"""Money is whole nano-dollars, adds up exactly, and never takes unknown for free."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchgen.numbers.money import (
    Amount,
    Price,
    TokenCount,
    Total,
    cost_of_answer,
    cost_of_time,
    cost_of_tokens,
    cost_per_solve,
    nanousd,
    projected_total,
    total,
)

costs = st.lists(st.none() | st.integers(0, 10**15), max_size=30)
tokens = st.integers(0, 10**7)


def test_tokens_times_price_is_exact():
    assert cost_of_tokens(TokenCount(1_000, 500), Price(3_000_000_000, 15_000_000_000)) == 10_500_000


def test_cached_tokens_cost_their_own_price_or_that_of_input():
    cached = TokenCount(0, 0, cache_read_tokens=1_000_000, cache_write_tokens=1_000_000)
    assert cost_of_tokens(cached, Price(100, 0, 10, 125)) == 135
    assert cost_of_tokens(cached, Price(100, 0)) == 200


@given(tokens, tokens, st.integers(0, 10**11), st.integers(0, 10**11), st.integers(0, 10**9))
def test_a_cost_is_rounded_once(read, written, input_price, output_price, request):
    exact = Fraction(read * input_price + written * output_price, 10**6) + request
    cost = cost_of_tokens(TokenCount(read, written), Price(input_price, output_price, request_nanousd=request))
    assert abs(cost - exact) <= Fraction(1, 2)


def test_what_the_provider_reports_wins_over_the_price():
    assert cost_of_answer(0.0123, TokenCount(1, 1), Price(1, 1)) == 12_300_000
    assert cost_of_answer(0.0, TokenCount(10**6, 0), Price(5, 0)) == 0
    assert cost_of_answer(None, TokenCount(10**6, 0), Price(5, 0)) == 5


@pytest.mark.parametrize(("count", "price"), [(None, Price(1, 1)), (TokenCount(1, 1), None), (None, None)])
def test_an_unknown_price_or_usage_is_an_unknown_cost(count, price):
    assert cost_of_answer(None, count, price) is None


def test_a_sum_with_something_unknown_is_a_lower_bound():
    result = total([5, None, 7])
    assert result == Total(12, known=2, unknown=1)
    assert result.is_lower_bound
    assert total([None]).nanousd_or_none is None
    assert total([]).nanousd_or_none == 0


@given(costs, costs)
def test_sums_of_parts_are_the_sum_of_all(one, two):
    assert total(one) + total(two) == total(one + two)


def test_machine_time_follows_the_hourly_rate():
    assert cost_of_time(1_800, 2_000_000_000) == 1_000_000_000
    assert cost_of_time(0.001, 3_600_000_000) == 1_000


def test_cost_per_solve_counts_failures_and_is_none_without_a_solve():
    assert cost_per_solve(total([10, 20, 30]), 2) == Amount(30, False)
    assert cost_per_solve(total([10]), 0) is None
    assert cost_per_solve(total([None]), 1) is None


def test_a_projection_keeps_what_is_spent_and_scales_the_rest():
    assert projected_total(total([10, 20]), 6) == Amount(90, False)
    assert projected_total(total([10, 20, None]), 6) == Amount(90, True)
    assert projected_total(total([None]), 6) is None


@given(st.integers(0, 10**13))
def test_dollars_come_back_as_the_same_nano_dollars(amount):
    assert nanousd(amount / 1e9) == amount
