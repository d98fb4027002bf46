"""Judges the interpolator by values that were worked out by hand."""

import math
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from candidate import observe

NAN = math.nan
INF = math.inf
HUGE = 1.7e308
NOON = 1_700_000_000_000_000_000


def ask(readings: list[Any], at: list[Any], scenario: str = "lists", **options: Any) -> Any:
    return observe(scenario, readings=readings, at=at, options=options)


def near(expected: list[float]) -> Any:
    return pytest.approx(expected, rel=1e-11, abs=1e-11, nan_ok=True)


def same(seen: list[Any], expected: list[float]) -> bool:
    """Exactly equal, where NaN is the same as NaN and an int is no float."""
    return [repr(value) for value in seen] == [repr(value) for value in expected]


def test_draws_a_line_between_neighbours_whatever_the_order() -> None:
    seen = ask([[10, 5], [0, 1], [4, -1]], [9, 1, 7, 1])
    assert seen["values"] == near([4, 0.5, 2, 0.5])


def test_returns_exactly_the_reading_at_its_time() -> None:
    readings = [[0, 1e16], [0.1, 1], [0.3, 0.1], [0.7, -7.3], [2, 3]]
    for method in ("linear", "previous", "monotone"):
        seen = ask(readings, [time for time, _ in readings], method=method)
        assert same(seen["values"], [1e16, 1.0, 0.1, -7.3, 3.0])


def test_a_line_is_right_for_the_largest_values_and_times() -> None:
    assert same(ask([[0, -HUGE], [4, HUGE]], [2])["values"], [0.0])
    assert ask([[0, -HUGE], [4, HUGE]], [3])["values"] == near([0.85e308])
    assert ask([[-HUGE, 1], [HUGE, 5]], [0, HUGE / 2])["values"] == near([3, 4])


def test_never_leaves_the_two_neighbouring_values() -> None:
    at = [number / 1000 for number in range(1, 1000)]
    assert set(ask([[0, 0.1], [1, 0.1]], at)["values"]) == {0.1}
    assert set(ask([[-1, 0], [0, 0.1], [1, 0.1], [2, 0]], at, method="monotone")["values"]) == {0.1}
    rising = ask([[0, 0.3], [1, 0.1 + 0.2]], at)["values"]
    assert set(rising) <= {0.3, 0.1 + 0.2}


def test_every_nanosecond_of_a_long_time_counts() -> None:
    readings = [[NOON + 8, 8], [NOON, 0], [NOON + 1, 1], [2**80, 9], [2**80 + 4, 10]]
    seen = ask(readings, [NOON + 1, NOON + 2, NOON + 7, 2**80 + 1])
    assert seen["values"] == near([1, 2, 7, 9.25])


def test_the_last_reading_given_for_a_time_counts_and_may_be_missing() -> None:
    readings = [[2, 9], [0, 0], [2, 4], [1, 100], [4, 7], [1, None], [2.0, 2]]
    assert ask(readings, [1, 2, 3])["values"] == near([1, 2, 4.5])


def test_a_missing_reading_is_as_good_as_absent() -> None:
    readings = [[-1, NAN], [0, 0], [1, NAN], [2, None], [4, 8], [5, None]]
    seen = ask(readings, [-1, 1, 2, 5], max_gap=4)
    assert same(seen["values"], [NAN, 2.0, 4.0, NAN])


def test_previous_keeps_a_value_until_the_next_reading() -> None:
    seen = ask([[0, 1], [2, 5], [3, 0]], [-1, 1.999, 2, 2.5, 3, 3.5], method="previous")
    assert same(seen["values"], [NAN, 1.0, 5.0, 5.0, 0.0, NAN])


def test_the_monotone_cubic_has_the_slopes_that_were_asked_for() -> None:
    even = ask([[0, 0], [1, 1], [2, 4]], [0.5, 1.5], method="monotone")
    assert even["values"] == near([0.4375, 2.3125])
    uneven = ask([[0, 0], [1, 1], [3, 9]], [0.25, 2], method="monotone")
    assert uneven["values"] == near([0.2265625, 4.375])
    assert ask([[1, 1], [5, 3]], [2], method="monotone")["values"] == near([1.5])


def test_the_monotone_cubic_is_flat_at_a_peak_and_on_a_plateau() -> None:
    assert ask([[0, 0], [1, 1], [2, 0]], [0.5, 1.5], method="monotone")["values"] == near([0.625, 0.625])
    plateau = ask([[0, 0], [1, 2], [2, 2], [3, 0]], [0.5, 1.25, 1.75], method="monotone")
    assert plateau["values"] == near([1.25, 2, 2])


def test_a_gap_wider_than_allowed_has_no_value_between_its_ends() -> None:
    readings = [[0, 0], [3, 3], [7, 7], [10, 10]]
    for method, inside in (("linear", 1.5), ("monotone", 1.5), ("previous", 0.0)):
        seen = ask(readings, [1.5, 3, 3.001, 5, 7], method=method, max_gap=3)
        assert seen["values"] == near([inside, 3, NAN, NAN, 7])


def test_the_monotone_cubic_does_not_look_across_a_gap() -> None:
    readings = [[0, 0], [1, 1], [2, 4], [10, 50], [20, 7], [21, 8], [22, 11]]
    seen = ask(readings, [1.5, 10, 20.5], method="monotone", max_gap=3)
    assert seen["values"] == near([2.3125, 50, 7.4375])


def test_outside_gives_nan_holds_the_edge_or_raises() -> None:
    readings = [[1, 10], [2, 20]]
    assert same(ask(readings, [0, 3, -INF])["values"], [NAN, NAN, NAN])
    assert same(ask(readings, [0.5, 3, -INF, INF], outside="hold")["values"], [10.0, 20.0, 10.0, 20.0])
    assert ask(readings, [1, 2, 2.5, 0], outside="error")["raised"] == ["OutsideError", 2.5]
    assert same(ask([[0, None]], [0, 1], outside="hold")["values"], [NAN, NAN])


def test_names_the_first_reading_or_question_that_cannot_be_used() -> None:
    assert ask([[0, 1], [1, NAN], [NAN, 2], [INF, 1]], [0])["raised"] == ["ReadingError", 2]
    assert ask([[3, 1], [1, 2], [0, -INF]], [2])["raised"] == ["ReadingError", 2]
    assert ask([[0, 1], [1, 2]], [0.5, INF, NAN])["raised"] == ["QueryError", 2]


def test_reads_iterators_once_and_leaves_lists_as_they_were() -> None:
    readings, at = [[2, 2], [1, 1], [3, None], [2, 4]], [2, 1.5, 1]
    assert same(ask(readings, at, "iterators")["values"], [4.0, 2.5, 1.0])
    seen = ask(readings, at)
    assert [seen["values"], seen["readings"], seen["at"]] == [[4.0, 2.5, 1.0], readings, at]
