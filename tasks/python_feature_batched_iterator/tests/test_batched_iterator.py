"""Judges the batched iterator by what each step brings, and how often the source was asked until then."""

import math
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from candidate import observe

END = "StopIteration"


def play(source: list[Any], size: int, *steps: str, as_list: bool = False, **options: Any) -> Any:
    return observe("steps", source=source, size=size, steps=steps, options=options, as_list=as_list)


def brought(source: list[Any], size: int, steps: int, **options: Any) -> list[Any]:
    """What a number of steps brings, tuples as lists."""
    seen = play(source, size, *["next"] * steps, **options)["seen"]
    batches = [what for what, _, _ in seen]
    assert all(isinstance(batch, str) or batch[0] == "tuple" for batch in batches), batches
    return [batch if isinstance(batch, str) else batch[1:] for batch in batches]


def test_cuts_a_source_into_tuples_of_the_given_size() -> None:
    assert brought([1, 2, 3, 4, 5], 2, 4) == [[1, 2], [3, 4], [5], END]
    assert brought([0, None, False], 3, 2, as_list=True) == [[0, None, False], END]
    assert brought([], 3, 1) == [END]
    assert play([1], 1, "next")["own"] is True


def test_a_batch_ends_before_it_becomes_too_heavy() -> None:
    assert brought([3, 4, 3, 1, 9, 5], 10, 4, max_weight=10) == [[3, 4, 3], [1, 9], [5], END]
    assert brought([1, 1, 1, 8, 2], 2, 4, max_weight=10) == [[1, 1], [1, 8], [2], END]


def test_an_item_too_heavy_for_any_batch_comes_alone() -> None:
    assert brought([1, 50, 2, 60, 70], 10, 6, max_weight=10) == [[1], [50], [2], [60], [70], END]


def test_an_item_without_weight_joins_a_batch_that_is_full_by_weight() -> None:
    assert brought([4, 6, 0, 0, 1, 0], 10, 3, max_weight=10) == [[4, 6, 0, 0], [1, 0], END]
    assert brought([0, 0, 1, 0], 10, 4, max_weight=0) == [[0, 0], [1], [0], END]


def test_a_step_reads_no_further_than_its_full_batch() -> None:
    seen = play([1, 2, 3, 4], 2, "next", "next", "next")["seen"]
    assert [asked for _, asked, _ in seen] == [2, 4, 5]
    weighty = play([1, 2, 7, 4], 2, "next", "next", max_weight=100)["seen"]
    assert [asked for _, asked, _ in weighty] == [2, 4]


def test_a_heavy_item_is_handed_out_before_anything_else_is_read() -> None:
    seen = play([50, 1, 60, 2], 10, "next", "next", "next", max_weight=10)["seen"]
    assert seen == [[["tuple", 50], 1, 0], [["tuple", 1], 3, 0], [["tuple", 60], 3, 0]]


def test_an_item_that_did_not_fit_is_neither_read_nor_weighed_again() -> None:
    seen = play([6, 5, 4, 3, 9], 10, *["next"] * 4, max_weight=10)
    assert seen["seen"] == [[["tuple", 6], 2, 0], [["tuple", 5, 4], 4, 0], [["tuple", 3], 5, 0], [["tuple", 9], 6, 0]]
    assert seen["weighed"] == [6, 5, 4, 3, 9]


def test_an_error_of_the_source_comes_after_the_items_before_it() -> None:
    fails = "RuntimeError: the source fails"
    assert brought([1, 2, 3, "fail", 4, 5], 2, 5) == [[1, 2], [3], fails, END, END]
    assert brought([1, 2, "fail", 3], 2, 3) == [[1, 2], fails, END]
    assert brought([6, 5, "fail"], 9, 4, max_weight=10) == [[6], [5], fails, END]


def test_an_error_of_the_scale_comes_after_the_items_before_it() -> None:
    assert brought([1, 2, "feather", 3], 9, 3, max_weight=10) == [[1, 2], "KeyError: 'the scale fails'", END]
    for wrong in (-1, math.nan):
        first, second, third = brought([1, wrong, 3], 9, 3, max_weight=10)
        assert [first, second.partition(":")[0], third] == [[1], "ValueError", END]


def test_a_source_that_has_ended_is_never_asked_again() -> None:
    seen = play([1, 2, 3, "end", 4, 5], 2, *["next"] * 5)["seen"]
    assert seen == [[["tuple", 1, 2], 2, 0], [["tuple", 3], 4, 0], [END, 4, 0], [END, 4, 0], [END, 4, 0]]


def test_closing_closes_the_source_once_even_before_the_first_step() -> None:
    assert play([1, 2], 2, "close", "next", "close")["seen"] == [[None, 0, 1], [END, 0, 1], [None, 0, 1]]
    assert play([1, 2], 2, "next", "close", as_list=True)["seen"] == [[["tuple", 1, 2], 0, 0], [None, 0, 0]]


def test_closing_drops_what_was_read_already() -> None:
    kept = play([6, 5, 1], 9, "next", "close", "next", max_weight=10)["seen"]
    assert kept == [[["tuple", 6], 2, 0], [None, 2, 1], [END, 2, 1]]
    failed = play([1, "fail"], 9, "next", "close", "next")["seen"]
    assert failed == [[["tuple", 1], 2, 0], [None, 2, 1], [END, 2, 1]]


def test_a_with_block_closes_and_lets_its_exception_through() -> None:
    assert play([1, 2], 1, "next", "with", "next")["seen"] == [[["tuple", 1], 1, 0], [True, 1, 1], [END, 1, 1]]
    assert play([1, 2], 1, "with error")["seen"] == [["LookupError: from the block", 0, 1]]


def test_refuses_impossible_limits_when_it_is_called() -> None:
    assert play([1], 0)["refused"] is True
    assert play([1], 2, max_weight=-1)["refused"] is True
    assert play([1], 2, max_weight=math.nan)["refused"] is True
    assert play([1], 2, max_weight=5, weigh=False)["refused"] is True
    assert play([1], 2, weigh=True)["refused"] is True
    assert play([1], 1, max_weight=0)["refused"] is False
