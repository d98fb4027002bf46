"""Judges the repaired intervals."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from candidate import observe

Pair = tuple[int, int]


def ask(function: str, *given: Pair, **more: Any) -> Any:
    return observe(function, given=given, **more)["result"]


def overlap(a: Pair, b: Pair) -> Any:
    both = [ask("overlaps", a, b), ask("overlaps", b, a)]
    assert both[0] is both[1], "the order of the two must not matter"
    return both[0]


def test_intervals_that_touch_do_not_overlap() -> None:
    assert overlap((9, 10), (10, 11)) is False
    assert overlap((-5, -3), (-3, 0)) is False


def test_intervals_that_share_a_moment_overlap() -> None:
    assert overlap((9, 11), (10, 12)) is True
    assert overlap((0, 100), (40, 41)) is True
    assert overlap((3, 4), (3, 4)) is True
    assert overlap((1, 2), (5, 6)) is False


def test_an_empty_interval_overlaps_nothing() -> None:
    assert overlap((5, 5), (1, 9)) is False
    assert overlap((5, 5), (5, 5)) is False
    assert overlap((5, 5), (5, 9)) is False


def test_merge_makes_one_of_intervals_that_touch() -> None:
    assert ask("merge", (10, 11), (9, 10), (11, 13), (14, 15)) == [[9, 13], [14, 15]]


def test_merge_keeps_the_longer_end_of_an_interval_that_holds_another() -> None:
    assert ask("merge", (0, 10), (2, 3), (4, 5), (12, 13)) == [[0, 10], [12, 13]]
    assert ask("merge", (0, 4), (0, 9), (2, 6)) == [[0, 9]]


def test_merge_finds_no_trace_of_an_empty_interval() -> None:
    assert ask("merge", (5, 5), (1, 2), (2, 2), (3, 3)) == [[1, 2]]
    assert ask("merge", (5, 5)) == []


def test_merge_leaves_its_argument_as_it_was() -> None:
    seen = observe("merge", given=[(8, 9), (1, 4), (2, 2), (3, 6)])
    assert seen == {"result": [[1, 6], [8, 9]], "given": [[8, 9], [1, 4], [2, 2], [3, 6]]}


def test_conflicts_names_every_pair_and_not_only_neighbours() -> None:
    workshop = ask("conflicts", (9, 17), (10, 11), (12, 13), (15, 18), (17, 19))
    assert workshop == [[0, 1], [0, 2], [0, 3], [3, 4]]


def test_conflicts_uses_the_positions_in_the_list_given() -> None:
    assert ask("conflicts", (12, 14), (1, 2), (9, 13), (5, 5), (0, 10)) == [[0, 2], [1, 4], [2, 4]]
    assert ask("conflicts", (1, 2), (2, 3), (3, 4)) == []


def test_free_gives_the_gaps_of_the_day() -> None:
    assert ask("free", (12, 13), (10, 12), (14, 15), day=(9, 17)) == [[9, 10], [13, 14], [15, 17]]
    assert ask("free", (9, 17), (10, 11), day=(9, 17)) == []
    assert ask("free", day=(9, 17)) == [[9, 17]]


def test_free_ignores_empty_bookings_and_what_lies_outside_the_day() -> None:
    assert ask("free", (6, 10), (16, 20), (12, 12), (1, 3), (22, 23), day=(9, 17)) == [[10, 16]]
    assert ask("free", (6, 9), (17, 18), day=(9, 17)) == [[9, 17]]
    assert ask("free", (1, 20), day=(9, 17)) == []
    assert ask("free", (1, 20), day=(9, 9)) == []


def test_an_interval_that_ends_before_it_starts_is_still_refused() -> None:
    assert ask("merge", (3, 2)) == "ValueError"
