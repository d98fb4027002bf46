"""What was made of records is made once, as long as they are the same and asked for."""

from __future__ import annotations

from factories import at, run_config, run_digest

from benchgen.panels import api_runs, run_line
from benchgen.panels.remembered import Remembered


def test_the_same_records_are_not_worked_on_twice():
    remembered, record, made = Remembered(), object(), []
    for _ in range(3):
        assert remembered.of("sum", (record,), lambda: made.append(1) or len(made)) == 1
        remembered.next_round()
    assert remembered.of("other", (record,), lambda: "new") == remembered.of("other", (record,), lambda: "no") == "new"


def test_equal_records_are_not_the_same():
    remembered = Remembered()
    assert [remembered.of("sum", ([number],), lambda number=number: number) for number in (1, 1, 2)] == [1, 1, 2]


def test_what_a_round_did_not_ask_for_is_forgotten():
    remembered, record = Remembered(), object()
    remembered.of("sum", (record,), lambda: 1)
    for other in (object(), object()):
        remembered.next_round()
        remembered.of("sum", (other,), lambda: 0)
    remembered.next_round()
    assert remembered.of("sum", (record,), lambda: 2) == 2


def test_a_change_of_one_run_makes_its_own_line_and_that_of_the_run_after_it_anew():
    first, second, third = (run_digest(run_config(run_id=f"run-{n}", created_at=at(60.0 * n))) for n in range(3))
    remembered = Remembered()
    before = run_line.lines([first, second, third], remembered)
    remembered.next_round()
    changed = run_digest(run_config(run_id="run-1", created_at=at(60.0)), "tests_failed")
    after = run_line.lines([first, changed, third], remembered)
    assert [old is new for old, new in zip(before, after, strict=True)] == [False, False, True]
    assert after == run_line.lines([first, changed, third])


def test_entries_of_runs_are_those_made_without_memory():
    digests, remembered = [run_digest(run_config(run_id=f"run-{n}")) for n in range(3)], Remembered()
    api_runs.runs(digests, remembered)
    assert api_runs.runs(digests, remembered) == api_runs.runs(digests)
