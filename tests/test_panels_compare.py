"""Comparisons of two to four runs: pairs, columns, aligned groups and metrics, and what is said of mismatches."""

from __future__ import annotations

import pytest
from factories import at, model_spec, run_config, run_digest, task_cards

from benchgen.panels.compare import compare
from benchgen.panels.compare_sheet import compare_sheet
from benchgen.record import replace
from benchgen.records.report import Breakdown, BreakdownItem, EngineReport, Metric


def digest(number, outcomes=None, *, tasks=12, models=("acme/fast",), **changes):
    created = at(3600.0 * number)
    return run_digest(
        run_config(
            tasks=tasks, models=models, run_id=f"run_{number}", run_name=f"r{number}", created_at=created, **changes
        ),
        outcomes,
    )


def test_every_further_run_is_compared_with_the_first():
    found = compare(digest(1), digest(2, {"task_0": "tests_failed"}), digest(3), digest(4, "tests_failed"))
    assert [(pair.a.letter, pair.b.letter, pair.broke) for pair in found.pairs] == [
        ("A", "B", 1),
        ("A", "C", 0),
        ("A", "D", 12),
    ]


def test_a_model_that_all_runs_have_gets_a_group_with_its_pairs():
    found = compare(*(digest(number, models=("a/a", "b/b")) for number in (1, 2, 3)))
    assert [group.sides[0].model for group in found.groups] == ["a/a", "b/b"]
    assert [pair.b.run_id for pair in found.pairs_of(1)] == ["run_2", "run_3"]
    assert {pair.a.model for pair in found.pairs_of(1)} == {"b/b"}


def test_rates_are_over_the_tasks_that_all_runs_evaluated():
    missing = digest(3, {"task_0": "api_error", "task_1": "api_error"})
    (group,) = compare(digest(1), digest(2, tasks=8), missing).groups
    assert (group.common, {side.rate.evaluated for side in group.sides}) == (6, {6})


def test_three_runs_have_rank_ranges_and_two_have_none():
    bad = digest(2, "tests_failed", tasks=30)
    good, other = digest(1, tasks=30), digest(3, tasks=30)
    assert [(side.best_rank, side.worst_rank) for side in compare(good, bad, other).groups[0].sides] == [
        (1, 2),
        (3, 3),
        (1, 2),
    ]
    assert {side.best_rank for side in compare(good, bad).groups[0].sides} == {None}


def test_the_tasks_that_differ_come_first_in_the_table():
    matrix = compare(digest(1), digest(2, {"task_7": "tests_failed"})).groups[0].matrix
    assert matrix.rows[0].task == "task_7"
    assert [column.label for column in matrix.columns] == ["A", "B"]


def test_of_many_tasks_hardly_more_than_those_that_differ_are_seen_at_once():
    failed = {f"task_{number}": "tests_failed" for number in range(0, 36, 3)}
    seen = [len(compare(digest(1), digest(2)).groups[0].matrix.first_rows)]
    seen += [
        len(compare(digest(1, tasks=80), digest(2, some, tasks=80)).groups[0].matrix.first_rows)
        for some in ({}, failed)
    ]
    assert seen == [12, 10, 12]


def test_changes_of_one_size_stand_in_the_order_of_the_plan():
    failed = {f"task_{number}": "tests_failed" for number in (2, 10, 7)}
    pair = compare(digest(1), digest(2, failed)).pairs[0]
    assert [one.task for one in pair.discordant] == ["task_2", "task_7", "task_10"]


def test_a_long_list_of_changes_holds_both_kinds_and_says_what_it_leaves_out():
    outcomes = {f"task_{number}": "tests_failed" for number in range(200)}
    later = {f"task_{number}": "tests_failed" for number in range(200, 500)}
    pair = compare(digest(1, outcomes, tasks=500), digest(2, later, tasks=500)).pairs[0]
    assert (pair.fixed, pair.broke, len(pair.discordant), pair.hidden) == (200, 300, 100, 400)
    assert {one.change for one in pair.discordant} == {"fixed", "broke"}


def test_ratios_of_time_and_cost_are_over_common_tasks():
    slow = run_digest(run_config(run_id="run_2", tasks=12), cost_nanousd=3_000_000)
    pair = compare(digest(1), slow).pairs[0]
    assert (pair.seconds.value, pair.cost.pairs) == (1.0, 12)
    assert pair.cost.value == pytest.approx(2.0)


def test_a_local_model_has_no_bill_to_compare():
    local = [model_spec("acme/fast", is_local=True)]
    assert compare(digest(1), digest(2, models=local)).pairs[0].cost.value is None


def test_breakdowns_are_aligned_over_common_tasks():
    (group,) = compare(digest(1), digest(2, {"task_1": "tests_failed", "task_3": "tests_failed"})).groups
    domains = next(one for one in group.breakdowns if one.name == "domain")
    rows = [(row.key, row.tasks, row.differences) for row in domains.groups]
    assert rows == [("text", 6, (0.0,)), ("graphs", 6, (pytest.approx(-1 / 3),))]


def test_the_delta_of_seed_004_is_there():
    delta = compare(digest(1), digest(2, {"task_1": "tests_failed"})).pairs[0].delta
    assert delta.success_rate == pytest.approx(-1 / 12)
    assert delta.avg_steps == 0
    assert delta.domain_deltas == {"text": 0.0, "graphs": pytest.approx(-1 / 6)}


def test_metrics_of_engines_are_aligned_by_name_and_group():
    one = EngineReport(
        (Metric("accuracy", 0.5), Metric("f1", 0.4)), (Breakdown("topic", (BreakdownItem("math", 0.9),)),)
    )
    two = EngineReport((Metric("accuracy", 0.75),), (Breakdown("topic", (BreakdownItem("art", 0.1),)),))
    whole, topics = compare(replace(digest(1), report=one), replace(digest(2), report=two)).metrics
    assert [(row.name, row.values) for row in whole.values] == [("accuracy", (0.5, 0.75)), ("f1", (0.4, None))]
    assert [(row.name, row.values) for row in topics.values] == [("math", (0.9, None)), ("art", (None, 0.1))]


def test_runs_of_other_benchmarks_are_compared_where_they_meet_and_said_to_be_others():
    other = digest(2, tasks=task_cards(["task_0", "else"]), benchmark_name="other", task_set="x")
    found = compare(digest(1), other)
    assert (found.same_benchmark, found.same_tasks, found.groups[0].common) == (False, False, 1)


def test_runs_with_nothing_in_common_say_so():
    pair = compare(digest(1), digest(2, tasks=["else"])).pairs[0]
    assert pair.sentence == "r1 and r2 have no evaluated task in common"


def test_a_table_of_a_comparison_has_every_task_and_names_each_change():
    runs = digest(1), digest(2, {"task_0": "tests_failed"}), digest(3, {"task_0": "tests_failed"})
    sheet = compare_sheet(runs)
    assert (sheet.names, len(sheet.rows)) == (("task", "model", "change", "A", "B", "C"), 12)
    assert compare_sheet(runs, only_differing=True).rows == (
        ("task_0", "acme/fast", "B broke, C broke", "100 %", "0 %", "0 %"),
    )


def test_many_attempts_left_out_are_a_warning():
    sides = compare(digest(1), digest(2, {"task_0": "api_error"})).groups[0].sides
    assert [(side.left_out, side.warns) for side in sides] == [(0, False), (1, True)]
