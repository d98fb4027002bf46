"""Judges the workflow scheduler by what its steps saw happen."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from candidate import observe


def step(name: str, *after: str, takes: float = 0, **more: Any) -> dict[str, Any]:
    script = more.pop("script", [{"takes": takes, "value": f"value of {name}"}])
    return {"name": name, "after": list(after), "script": script, **more}


def failing(message: str, takes: float = 1) -> dict[str, Any]:
    return {"takes": takes, "ends": "raises", "message": message}


def play(*steps: dict[str, Any], limit: int = 10, **more: Any) -> Any:
    seen = observe("workflow", steps=list(steps), limit=limit, **more)
    assert "stuck" not in seen, "the run waits for ever and no timer is set"
    return seen


def starts(seen: Any) -> list[list[Any]]:
    return [[time, name] for time, name, what in seen["log"] if what == "start"]


def test_runs_each_step_as_soon_as_all_it_needs_have_succeeded() -> None:
    seen = play(
        step("join", "left", "right", "left", takes=1),
        step("left", "root", takes=2),
        step("right", "root", takes=5),
        step("root", takes=1),
    )
    assert sorted(starts(seen)) == [[0, "root"], [1, "left"], [1, "right"], [6, "join"]]
    assert seen["order"] == ["join", "left", "right", "root"]
    assert seen["outcomes"]["join"] == {
        "status": "succeeded",
        "attempts": 1,
        "value": "value of join",
        "error": None,
        "started": 6,
        "finished": 7,
        "causes": [],
    }


def test_hands_a_step_the_values_of_the_steps_it_lists_and_no_others() -> None:
    seen = play(step("a"), step("b", "a"), step("c", "b"), step("d", "a", "c"))
    assert seen["values"] == {
        "a": {},
        "b": {"a": "value of a"},
        "c": {"b": "value of b"},
        "d": {"a": "value of a", "c": "value of c"},
    }


def test_fills_the_limit_and_never_exceeds_it() -> None:
    seen = play(*(step(f"s{number}", takes=2) for number in range(7)), limit=3)
    assert seen["peak"] == 3
    assert [time for time, _ in starts(seen)] == [0, 0, 0, 2, 2, 2, 4]


def test_starts_the_ready_step_that_was_given_first() -> None:
    seen = play(
        step("late", "gate", takes=1),
        step("gate", takes=1),
        step("x", takes=1),
        step("y", takes=1),
        step("z", takes=1),
        limit=1,
    )
    assert starts(seen) == [[0, "gate"], [1, "late"], [2, "x"], [3, "y"], [4, "z"]]


def test_each_rest_is_twice_as_long_as_the_one_before() -> None:
    script = [failing("one"), failing("two"), failing("three"), {"takes": 1, "value": "at last"}]
    seen = play(step("flaky", retries=3, backoff=0.5, script=script))
    assert [time for time, _ in starts(seen)] == [0, 1.5, 3.5, 6.5]
    flaky = seen["outcomes"]["flaky"]
    assert [flaky["status"], flaky["value"], flaky["attempts"]] == ["succeeded", "at last", 4]
    assert [flaky["started"], flaky["finished"]] == [0, 7.5]


def test_a_resting_step_takes_up_no_room_and_queues_again_by_its_place() -> None:
    seen = play(
        step("flaky", retries=1, backoff=4, script=[failing("once"), {"takes": 1}]),
        step("b", takes=3),
        step("c", takes=3),
        step("d", takes=1),
        limit=1,
    )
    assert starts(seen) == [[0, "flaky"], [1, "b"], [4, "c"], [7, "flaky"], [8, "d"]]


def test_an_attempt_beyond_its_timeout_is_cancelled_and_tried_again() -> None:
    seen = play(step("slow", timeout=2, retries=1, backoff=1, script=[{"takes": 9}, {"takes": 9}]))
    assert seen["log"][:5] == [
        [0, "slow", "start"],
        [2, "slow", "cancelled"],
        [2, "slow", "cleaned up"],
        [3, "slow", "start"],
        [5, "slow", "cancelled"],
    ]
    slow = seen["outcomes"]["slow"]
    assert [slow["status"], slow["attempts"], slow["error"][0]] == ["failed", 2, "TimeoutError"]
    too_late = {"takes": 9, "value": "late", "message": "broken"}
    seen = play(*(step(then, timeout=1, script=[{**too_late, "then": then}]) for then in ("returns", "raises")))
    ended = [(each["status"], each["value"], each["error"][0]) for each in seen["outcomes"].values()]
    assert ended == [("failed", None, "TimeoutError")] * 2


def test_a_timed_out_attempt_takes_up_its_room_until_it_has_cleaned_up() -> None:
    seen = play(step("slow", timeout=1, script=[{"takes": 9, "cleanup": 2}]), step("next", takes=1), limit=1)
    assert starts(seen) == [[0, "slow"], [3, "next"]]
    assert seen["outcomes"]["slow"]["finished"] == 3


def test_a_step_that_cancels_itself_has_failed_and_the_others_go_on() -> None:
    script = [{"takes": 1, "ends": "cancels itself"}]
    seen = play(step("odd", script=script), step("below", "odd"), step("other", takes=3))
    statuses = {name: outcome["status"] for name, outcome in seen["outcomes"].items()}
    assert statuses == {"odd": "failed", "below": "skipped", "other": "succeeded"}
    assert seen["outcomes"]["odd"]["error"][0] == "CancelledError"


def test_skips_all_that_depend_on_a_failure_and_names_every_cause() -> None:
    seen = play(
        step("end", "middle", "broken late"),
        step("broken late", script=[failing("late", takes=5)]),
        step("middle", "broken early", "fine"),
        step("broken early", script=[failing("early")]),
        step("fine", takes=3),
        step("apart", "fine", takes=1),
    )
    causes = {name: outcome["causes"] for name, outcome in seen["outcomes"].items() if outcome["status"] == "skipped"}
    assert causes == {"end": ["broken late", "broken early"], "middle": ["broken early"]}
    assert seen["outcomes"]["broken early"]["error"] == ["RuntimeError", "early"]
    skipped = seen["outcomes"]["end"]
    assert [skipped["attempts"], skipped["started"], skipped["finished"]] == [0, None, None]
    assert [3, "apart"] in starts(seen)
    assert len(starts(seen)) == 4


def test_rejects_a_cycle_and_names_it() -> None:
    seen = play(
        step("tail", "c"),
        step("free"),
        step("b", "a", "free"),
        step("a", "free", "d"),
        step("c", "b"),
        step("d", "c"),
    )
    assert seen["refused"] == {"type": "CycleError", "cycle": ["b", "a", "d", "c", "b"]}
    assert seen["log"] == []


def test_a_step_that_lists_itself_is_a_cycle() -> None:
    seen = play(step("before"), step("self", "before", "self"))
    assert seen["refused"] == {"type": "CycleError", "cycle": ["self", "self"]}


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        pytest.param(
            [step("a"), step("b", "c"), step("a"), step("c", "b")],
            {"type": "DuplicateStepError", "name": "a"},
            id="duplicate",
        ),
        pytest.param(
            [step("x", "y"), step("y", "x"), step("z", "x", "nowhere")],
            {"type": "UnknownStepError", "step": "z", "missing": "nowhere"},
            id="unknown",
        ),
    ],
)
def test_rejects_bad_names_before_anything_runs(steps: list[dict[str, Any]], refused: dict[str, Any]) -> None:
    seen = play(*steps)
    assert seen["refused"] == refused
    assert seen["log"] == []


def test_cancelling_the_run_waits_until_every_attempt_has_cleaned_up() -> None:
    seen = play(
        step("quick", takes=1),
        step("one", script=[{"takes": 9, "cleanup": 1}]),
        step("two", script=[{"takes": 9, "cleanup": 3}]),
        step("resting", retries=1, backoff=2, script=[failing("once"), {"takes": 1}]),
        step("never", "quick", "one"),
        cancel_at=2,
    )
    assert sorted(seen["log"][-5:-3]) == [[2, "one", "cancelled"], [2, "two", "cancelled"]]
    assert seen["log"][-3:] == [[3, "one", "cleaned up"], [5, "two", "cleaned up"], [5, "workflow", "cancelled"]]


def test_runs_a_chain_of_thousands_given_in_reverse() -> None:
    length = 3000
    steps = [step(f"s{number}", f"s{number - 1}") for number in range(length, 0, -1)]
    seen = play(*steps, step("s0"))
    assert [name for _, name in starts(seen)] == [f"s{number}" for number in range(length + 1)]
