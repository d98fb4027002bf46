"""Judges the repaired intervals."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from candidate import observe

Pair = tuple[int, int]


def ask(function: str, *questions: list[Pair]) -> list[Any]:
    """The results of a function for one list of intervals after the other."""
    seen = observe(function, questions=[{"given": given} for given in questions])
    return [answer["result"] for answer in seen]


def overlap(*questions: tuple[Pair, Pair]) -> list[bool]:
    there = ask("overlaps", *([a, b] for a, b in questions))
    assert there == ask("overlaps", *([b, a] for a, b in questions)), "the order of the two must not matter"
    assert all(isinstance(answer, bool) for answer in there)
    return there


def free(*questions: tuple[list[Pair], Pair]) -> list[Any]:
    seen = observe("free", questions=[{"given": given, "day": day} for given, day in questions])
    return [answer["result"] for answer in seen]


def test_intervals_that_touch_do_not_overlap() -> None:
    assert overlap(((9, 10), (10, 11)), ((-5, -3), (-3, 0))) == [False, False]


def test_intervals_that_share_a_moment_overlap() -> None:
    sharing = [((9, 11), (10, 12)), ((0, 100), (40, 41)), ((3, 4), (3, 4)), ((1, 2), (5, 6))]
    assert overlap(*sharing) == [True, True, True, False]


def test_an_empty_interval_overlaps_nothing() -> None:
    assert overlap(((5, 5), (1, 9)), ((5, 5), (5, 5)), ((5, 5), (5, 9))) == [False, False, False]


def test_merge_makes_one_of_intervals_that_touch() -> None:
    assert ask("merge", [(10, 11), (9, 10), (11, 13), (14, 15)]) == [[[9, 13], [14, 15]]]


def test_merge_keeps_the_longer_end_of_an_interval_that_holds_another() -> None:
    holding = ask("merge", [(0, 10), (2, 3), (4, 5), (12, 13)], [(0, 4), (0, 9), (2, 6)])
    assert holding == [[[0, 10], [12, 13]], [[0, 9]]]


def test_merge_finds_no_trace_of_an_empty_interval() -> None:
    assert ask("merge", [(5, 5), (1, 2), (2, 2), (3, 3)], [(5, 5)]) == [[[1, 2]], []]


def test_merge_leaves_its_argument_as_it_was() -> None:
    given = [[8, 9], [1, 4], [2, 2], [3, 6]]
    assert observe("merge", questions=[{"given": given}]) == [{"result": [[1, 6], [8, 9]], "given": given}]


def test_conflicts_names_every_pair_and_not_only_neighbours() -> None:
    workshop = ask("conflicts", [(9, 17), (10, 11), (12, 13), (15, 18), (17, 19)])
    assert workshop == [[[0, 1], [0, 2], [0, 3], [3, 4]]]


def test_conflicts_uses_the_positions_in_the_list_given() -> None:
    mixed = ask("conflicts", [(12, 14), (1, 2), (9, 13), (5, 5), (0, 10)], [(1, 2), (2, 3), (3, 4)])
    assert mixed == [[[0, 2], [1, 4], [2, 4]], []]


def test_free_gives_the_gaps_of_the_day() -> None:
    gaps = free(([(12, 13), (10, 12), (14, 15)], (9, 17)), ([(9, 17), (10, 11)], (9, 17)), ([], (9, 17)))
    assert gaps == [[[9, 10], [13, 14], [15, 17]], [], [[9, 17]]]


def test_free_ignores_empty_bookings_and_what_lies_outside_the_day() -> None:
    assert free(([(6, 10), (16, 20), (12, 12), (1, 3), (22, 23)], (9, 17))) == [[[10, 16]]]
    assert free(([(6, 9), (17, 18)], (9, 17)), ([(1, 20)], (9, 17)), ([(1, 20)], (9, 9))) == [[[9, 17]], [], []]


def test_an_interval_that_ends_before_it_starts_is_still_refused() -> None:
    assert ask("merge", [(3, 2)]) == ["ValueError"]
