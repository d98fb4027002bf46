"""Judges the cache by how calls and loads of a scripted timeline end.

A line of a timeline is (time, what, target). What is "cancel" for a call, "invalidate" for a key, "clock", "close",
or any other word, which names a call of get.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from candidate import observe


def brings(value: Any, takes: float = 1, **more: Any) -> dict[str, Any]:
    return {"value": value, "takes": takes, **more}


def play(*timeline: tuple[float, str, Any], **plan: Any) -> Any:
    settings = {"ttl": 1000, "capacity": 10, "clock": 0, **plan}
    seen = observe("timeline", timeline=timeline, **settings)
    assert not seen["stuck"], "everything waits and nothing can end it"
    return seen


def starts(seen: Any) -> list[list[Any]]:
    return [[time, key] for time, key, what in seen["loads"] if what == "start"]


def test_loads_a_value_once_and_then_serves_it_from_memory() -> None:
    loads = {"a": [brings("first"), brings("second")]}
    seen = play((0, "one", "a"), (2, "two", "a"), (7, "three", "a"), loads=loads)
    assert seen["calls"] == {
        "one": [1, "returned", "first"],
        "two": [2, "returned", "first"],
        "three": [7, "returned", "first"],
    }
    assert starts(seen) == [[0, "a"]]


def test_keeps_none_and_false_like_any_other_value() -> None:
    loads = {"a": [brings(None), brings(1)], "b": [brings(False), brings(1)]}
    seen = play((0, "a1", "a"), (0, "b1", "b"), (2, "a2", "a"), (2, "b2", "b"), loads=loads, clock=-1000, ttl=500)
    assert seen["calls"]["a2"] == [2, "returned", None]
    assert seen["calls"]["b2"] == [2, "returned", False]


def test_calls_for_one_key_share_a_load_and_other_keys_do_not_wait() -> None:
    loads = {"a": [brings("A", takes=5), brings("again")], "b": [brings("B", takes=2)]}
    seen = play((0, "one", "a"), (1, "two", "a"), (1, "other", "b"), (4.5, "three", "a"), loads=loads)
    assert seen["calls"] == {
        "other": [3, "returned", "B"],
        "one": [5, "returned", "A"],
        "two": [5, "returned", "A"],
        "three": [5, "returned", "A"],
    }
    assert starts(seen) == [[0, "a"], [1, "b"]]


def test_cancelling_the_first_caller_leaves_the_load_and_the_others_alone() -> None:
    loads = {"a": [brings("A", takes=5), brings("again")]}
    seen = play((0, "one", "a"), (1, "two", "a"), (2, "cancel", "one"), (6, "three", "a"), loads=loads)
    assert seen["calls"] == {
        "one": [2, "raised", "CancelledError"],
        "two": [5, "returned", "A"],
        "three": [6, "returned", "A"],
    }
    assert seen["loads"] == [[0, "a", "start"], [5, "a", "end"]]


def test_the_load_is_cancelled_when_its_last_caller_is() -> None:
    loads = {"a": [brings("A", takes=9, cleanup=2)]}
    seen = play((0, "one", "a"), (1, "two", "a"), (2, "cancel", "two"), (3, "cancel", "one"), loads=loads)
    assert seen["loads"] == [[0, "a", "start"], [3, "a", "cancelled"], [5, "a", "cleaned up"]]
    assert seen["calls"] == {"two": [2, "raised", "CancelledError"], "one": [3, "raised", "CancelledError"]}


def test_a_call_after_an_abandoned_load_starts_anew_and_never_sees_the_old_value() -> None:
    stale = brings("stale", takes=9, cleanup=4, then="returns")
    seen = play(
        (0, "one", "a"),
        (1, "cancel", "one"),
        (2, "two", "a"),
        (4, "three", "a"),
        (9, "four", "a"),
        loads={"a": [stale, brings("fresh", takes=1), brings("third")]},
    )
    assert starts(seen) == [[0, "a"], [2, "a"]]
    assert [seen["calls"][name] for name in ("two", "three", "four")] == [
        [3, "returned", "fresh"],
        [4, "returned", "fresh"],
        [9, "returned", "fresh"],
    ]


def test_nobody_hears_of_an_abandoned_load_that_fails() -> None:
    loads = {"a": [brings("broken", takes=9, cleanup=1, then="raises"), brings("A", takes=5)]}
    seen = play((0, "one", "a"), (1, "cancel", "one"), (1.5, "two", "a"), loads=loads)
    assert seen["calls"]["two"] == [6.5, "returned", "A"]
    assert seen["complaints"] == []


def test_a_failure_reaches_every_caller_and_is_not_kept() -> None:
    loads = {"a": [brings("down", takes=2, ends="raises"), brings("up")]}
    seen = play((0, "one", "a"), (1, "two", "a"), (3, "three", "a"), loads=loads)
    assert seen["calls"] == {
        "one": [2, "raised", "RuntimeError", "down"],
        "two": [2, "raised", "RuntimeError", "down"],
        "three": [4, "returned", "up"],
    }


def test_a_load_that_cancels_itself_does_not_look_like_a_cancelled_caller() -> None:
    loads = {"a": [brings("", takes=2, ends="cancels itself"), brings("A")]}
    seen = play((0, "one", "a"), (1, "two", "a"), (3, "three", "a"), loads=loads)
    assert [seen["calls"][name][:3] for name in ("one", "two")] == [[2, "raised", "LoadCancelled"]] * 2
    assert seen["calls"]["three"] == [4, "returned", "A"]


def test_a_value_expires_exactly_ttl_after_the_end_of_its_load() -> None:
    loads = {"a": [brings("old", clock=3), brings("new")]}
    seen = play(
        (0, "one", "a"),
        (2, "clock", -87.25),
        (3, "two", "a"),
        (4, "clock", -87),
        (5, "three", "a"),
        loads=loads,
        clock=-100,
        ttl=10,
    )
    assert seen["calls"]["two"] == [3, "returned", "old"]
    assert seen["calls"]["three"] == [6, "returned", "new"]


def test_invalidating_during_a_load_serves_its_callers_and_keeps_nothing() -> None:
    loads = {"a": [brings("old", takes=3), brings("new")]}
    seen = play((0, "one", "a"), (1, "invalidate", "a"), (1, "invalidate", "b"), (5, "two", "a"), loads=loads)
    assert seen["calls"] == {"one": [3, "returned", "old"], "two": [6, "returned", "new"]}


def test_an_invalidated_load_has_no_effect_on_the_newer_one() -> None:
    loads = {
        "a": [brings("old", takes=6), brings("new", takes=2), brings("third")],
        "b": [brings("old", takes=6), brings("new", takes=4), brings("third")],
    }
    seen = play(
        (0, "a1", "a"),
        (0, "b1", "b"),
        (1, "invalidate", "a"),
        (1, "invalidate", "b"),
        (2, "a2", "a"),
        (2, "b2", "b"),
        (3, "cancel", "b1"),
        (5, "b3", "b"),
        (8, "a3", "a"),
        loads=loads,
    )
    assert seen["calls"] == {
        "b1": [3, "raised", "CancelledError"],
        "a2": [4, "returned", "new"],
        "a1": [6, "returned", "old"],
        "b2": [6, "returned", "new"],
        "b3": [6, "returned", "new"],
        "a3": [8, "returned", "new"],
    }


def test_the_least_recently_used_value_goes_first() -> None:
    loads = {"a": [brings("A"), brings("A2")], "b": [brings("B"), brings("B2")], "c": [brings("C"), brings("C2")]}
    seen = play(
        (0, "a1", "a"),
        (2, "b1", "b"),
        (4, "a2", "a"),
        (6, "c1", "c"),
        (8, "a3", "a"),
        (9, "c2", "c"),
        (10, "b2", "b"),
        loads=loads,
        capacity=2,
    )
    assert starts(seen) == [[0, "a"], [2, "b"], [6, "c"], [10, "b"]]


def test_expired_values_make_room_before_fresh_ones() -> None:
    loads = {"a": [brings("A"), brings("A2")], "b": [brings("B"), brings("B2")], "c": [brings("C")]}
    seen = play(
        (0, "a1", "a"),
        (2, "clock", 5),
        (2, "b1", "b"),
        (4, "clock", 9),
        (4, "a2", "a"),
        (5, "clock", 11),
        (5, "c1", "c"),
        (7, "b2", "b"),
        loads=loads,
        capacity=2,
        ttl=10,
    )
    assert starts(seen) == [[0, "a"], [2, "b"], [5, "c"]]
    assert seen["calls"]["b2"] == [7, "returned", "B"]


def test_closing_waits_for_every_load_abandoned_ones_included() -> None:
    loads = {
        "a": [brings("A", takes=50, cleanup=1)],
        "b": [brings("B", takes=50, cleanup=7)],
        "c": [brings("C", takes=50, cleanup=3)],
    }
    seen = play(
        (0, "one", "a"),
        (0, "left", "b"),
        (0, "stale", "c"),
        (1, "cancel", "left"),
        (1, "invalidate", "c"),
        (2, "close", "closing"),
        loads=loads,
    )
    assert [seen["calls"][name][1:] for name in ("one", "stale")] == [["raised", "CacheClosed"]] * 2
    assert seen["loads"][-3:] == [[3, "a", "cleaned up"], [5, "c", "cleaned up"], [8, "b", "cleaned up"]]
    assert seen["calls"]["closing"] == [8, "returned", None]


def test_a_closed_cache_refuses_calls_and_can_be_closed_again() -> None:
    loads = {"a": [brings("A"), brings("A2")]}
    seen = play((0, "one", "a"), (2, "close", "closing"), (3, "two", "a"), (4, "close", "again"), loads=loads)
    assert seen["calls"] == {
        "one": [1, "returned", "A"],
        "closing": [2, "returned", None],
        "two": [3, "raised", "CacheClosed"],
        "again": [4, "returned", None],
    }
