"""Judges the moving average by means that were worked out by hand."""

import math
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from candidate import observe

NAN = math.nan
INF = math.inf
HUGE = 1.7e308
TINY = 5e-324


def means(values: list[Any], window: int, **options: int) -> list[Any]:
    seen: list[Any] = observe("means", values=values, window=window, options=options)["means"]
    return [None if mean is None else float(mean) for mean in seen]


def same(seen: list[Any], expected: list[Any]) -> bool:
    """Equal to the last bit, where NaN is the same as NaN and both zeros are one."""
    return [str(mean if mean is None else mean + 0.0) for mean in seen] == [str(mean) for mean in expected]


def test_gives_the_mean_of_the_last_values_once_the_window_is_full() -> None:
    assert same(means([1, 2, 6, 1, 5.5], 3), [None, None, 3.0, 3.0, 12.5 / 3])
    assert same(means([4, -4.5], 1), [4.0, -4.5])
    assert means([], 3) == []
    assert means([1, 2], 3) == [None, None]


def test_min_count_allows_results_before_the_window_is_full() -> None:
    assert same(means([1, 2, 6, 1], 3, min_count=1), [1.0, 1.5, 3.0, 3.0])
    assert same(means([1, 2, 6, 1], 3, min_count=2), [None, 1.5, 3.0, 3.0])


def test_a_missing_value_keeps_its_place_but_does_not_count() -> None:
    values = [2, None, 4, None, None, None, 8]
    assert same(means(values, 3, min_count=1), [2.0, 2.0, 3.0, 4.0, 4.0, None, 8.0])
    assert same(means([2, None, 4, 6, 8], 2), [None, None, None, 5.0, 7.0])


def test_a_large_value_leaves_no_trace_behind() -> None:
    assert same(means([1e16, 1, 1, 1], 3)[3:], [1.0])
    assert same(means([0.1, 1e300, -1e200, 0.25, 0.5], 2)[-1:], [0.375])
    drift = means([1e9, 0.001] * 500 + [0.001, 0.001], 2)
    assert drift[-1] == 0.001


def test_the_mean_is_exact_and_rounded_once() -> None:
    assert same(means([1e16, 1, -1e16], 3)[2:], [1 / 3])
    assert same(means([0.1, 0.2, 0.3], 3)[2:], [0.2])
    assert same(means([0.1] * 10, 10)[9:], [0.1])
    assert same(means([1e308, 1, 1e-300, -1e308, -1], 5)[4:], [1e-300 / 5])


def test_neither_the_largest_nor_the_smallest_floats_overflow() -> None:
    assert same(means([HUGE, HUGE, -HUGE, -HUGE], 2)[1:], [HUGE, 0.0, -HUGE])
    assert same(means([TINY, TINY, TINY], 3)[2:], [TINY])
    assert same(means([3 * TINY, TINY], 2)[1:], [2 * TINY])


def test_an_infinity_lasts_as_long_as_it_is_in_the_window() -> None:
    assert same(means([1, INF, 2, 4, -INF, 1, 1], 2, min_count=1), [1.0, INF, INF, 3.0, -INF, -INF, 1.0])


def test_a_nan_lasts_as_long_as_it_is_in_the_window() -> None:
    assert same(means([1, NAN, INF, 4, 6], 2, min_count=1), [1.0, NAN, NAN, INF, 5.0])
    assert same(means([NAN, NAN, 1, 3, 5], 3), [None, None, NAN, NAN, 3.0])


def test_infinities_of_both_signs_make_nan_until_one_has_left() -> None:
    assert same(means([INF, -INF, 3, 3, 5], 3, min_count=1), [INF, NAN, NAN, -INF, 11 / 3])
    assert same(means([INF, INF, -INF, 1, 1], 3, min_count=1), [INF, INF, NAN, NAN, -INF])


def test_ints_of_any_size_are_taken_exactly() -> None:
    assert same(means([2**60 + 1, -(2**60)], 2)[1:], [0.5])
    assert same(means([10**400, 3 - 10**400], 2)[1:], [1.5])


def test_reads_one_value_per_step_and_none_before() -> None:
    seen = observe("lazy", window=2, steps=4)
    assert seen["steps"] == [[None, 0], [None, 1], [0.5, 2], [1.5, 3], [2.5, 4]]


def test_refuses_impossible_windows_when_it_is_called() -> None:
    impossible: list[tuple[int, dict[str, int]]] = [
        (0, {}),
        (-3, {}),
        (3, {"min_count": 0}),
        (3, {"min_count": 4}),
    ]
    for window, options in impossible:
        assert observe("call", window=window, options=options)["raised"] == "ValueError"
    assert observe("call", window=3, options={"min_count": 3})["raised"] is None


def test_the_work_per_value_does_not_grow_with_the_window() -> None:
    seen = observe("long", window=100_000, length=300_000, period=1000)
    assert seen == {"count": 200_001, "different": [499.5 * 0.25]}


def test_values_that_have_left_the_window_are_not_kept() -> None:
    # Each value that is kept is a block of memory; what a run needs besides is a few of them.
    assert observe("memory", window=10, length=50_000)["gained"] < 10_000
