"""The panels across runs: lines with their change, leaderboards, matrices, trends, models, tasks, comparisons."""

from __future__ import annotations

import pytest
from factories import at, attempt, model_spec, outcomes_of, run_config, run_digest, run_events, run_state, task_card

from benchgen.digest import digest_of
from benchgen.fold import fold
from benchgen.numbers.paired import Verdict
from benchgen.panels import api_runs, costs, matrix, notices
from benchgen.panels.compare import compare
from benchgen.panels.history import trends
from benchgen.panels.leaderboard import leaderboards
from benchgen.panels.model_page import model_page
from benchgen.panels.recent_runs import recent_runs
from benchgen.panels.run_cards import run_cards
from benchgen.panels.run_controls import run_controls
from benchgen.panels.run_head import run_head
from benchgen.panels.run_line import Lines, lines
from benchgen.panels.task_page import task_page
from benchgen.panels.tasks import tasks
from benchgen.record import replace
from benchgen.records.annotations import Annotations
from benchgen.records.events import AnswerReceived, Cost
from benchgen.records.run import Git, Settings


def digest(number, outcomes=None, *, tasks=30, models=("acme/fast",), options=None, **changes):
    config = run_config(
        tasks=tasks,
        models=models,
        run_id=f"run_{number}",
        run_name=f"r{number}",
        created_at=at(3600.0 * number),
        **changes,
    )
    return run_digest(config, outcomes, **(options or {}))


FAILS_MOST = [None, *["tests_failed"] * 4]


def test_a_change_has_a_direction_only_where_the_test_sees_one():
    newest_first = lines([digest(1, FAILS_MOST), digest(2, None), digest(3, [None] * 29 + ["tests_failed"])])
    assert [line.delta and line.delta.direction for line in newest_first] == ["unclear", "up", None]


def test_a_change_is_taken_against_the_complete_run_before():
    partial = digest(2, None, options={"finished": False})
    newest = lines([digest(1, FAILS_MOST), partial, digest(3, FAILS_MOST)])[0]
    assert newest.delta.run_id == "run_1"
    assert newest.delta.difference == 0


def test_runs_with_other_settings_are_not_compared():
    warm = digest(2, None, settings=Settings(temperature=0.7))
    assert lines([digest(1, FAILS_MOST), warm])[0].delta is None


def test_two_sets_of_tasks_with_one_name_are_told_apart_wherever_they_are_listed():
    runs = [
        digest(1),
        digest(2),
        digest(3, task_set="aaaabbbbcccc", benchmark_name="small"),
        digest(4, benchmark_name="x"),
    ]
    shown = [line.benchmark_name for line in lines(runs)]
    assert shown == ["x", "small, aaaabb", "small, 5f5f5f", "small, 5f5f5f"]
    assert {one.benchmark_name for one in leaderboards(runs)} == set(shown)
    assert [one.benchmark_name for one in trends(runs)] == ["small, 5f5f5f"]


def test_recent_runs_say_how_many_more_there_are():
    panel = recent_runs(lines([digest(n, tasks=2) for n in range(10)]), shown=3)
    assert ([line.run_id for line in panel.lines], panel.more) == (["run_9", "run_8", "run_7"], 7)


def board(*digests):
    return leaderboards(digests)[0]


def test_the_newest_complete_run_ranks_and_the_best_is_a_column():
    panel = board(digest(1, None), digest(2, FAILS_MOST))
    assert [(row.run_id, row.best.run_id, row.best.rate) for row in panel.rows] == [("run_2", "run_1", 1.0)]


def test_models_that_the_test_tells_apart_have_ranks_of_their_own():
    panel = board(digest(1, None, models=["good/one"]), digest(2, FAILS_MOST, models=["bad/one"]))
    assert [(row.model, row.best_rank, row.worst_rank) for row in panel.rows] == [("good/one", 1, 1), ("bad/one", 2, 2)]


def test_models_that_it_cannot_tell_apart_share_a_range():
    panel = board(digest(1, None, models=["a/a"]), digest(2, [None] * 29 + ["tests_failed"], models=["b/b"]))
    assert [(row.best_rank, row.worst_rank) for row in panel.rows] == [(1, 2), (1, 2)]


def test_a_partial_run_is_listed_apart():
    panel = board(digest(1, None), digest(2, None, models=["b/b"], options={"finished": False}))
    assert [row.model for row in panel.rows] == ["acme/fast"]
    assert [line.model for line in panel.partial] == ["b/b"]


def test_api_errors_are_left_out_of_the_rate_and_counted():
    row = board(digest(1, [None, "api_error"])).rows[0]
    assert (row.rate.value, row.rate.evaluated, row.left_out) == (1.0, 15, 15)


def test_only_a_board_that_leaves_attempts_out_has_a_column_of_them():
    assert board(digest(1, [None, "api_error"])).leaves_out
    assert not board(digest(1, FAILS_MOST)).leaves_out


def test_only_a_board_with_a_model_of_several_runs_has_a_column_of_the_best():
    assert board(digest(1, None), digest(2, FAILS_MOST)).has_earlier
    assert not board(digest(1, None, models=["a/a"]), digest(2, None, models=["b/b"])).has_earlier


def test_a_model_of_which_nothing_could_be_evaluated_has_neither_rate_nor_rank():
    row = board(digest(1, "api_error")).rows[0]
    assert (row.rate.value, row.best_rank, row.per_solve) == (None, None, None)


def test_mock_and_local_models_are_marked_and_never_on_the_frontier():
    specs = [model_spec("m/mock", is_mock=True), model_spec("l/local", is_local=True), model_spec("p/paid")]
    rows = {row.model: row for row in board(digest(1, None, models=specs)).rows}
    assert rows["m/mock"].is_mock and not rows["m/mock"].on_frontier
    assert rows["l/local"].money.is_local and not rows["l/local"].on_frontier
    assert rows["p/paid"].on_frontier


def test_benchmarks_and_settings_have_leaderboards_of_their_own():
    found = leaderboards(
        [digest(1), digest(2, models=["b/b"]), digest(3, tasks=5, benchmark_name="other", task_set="x")]
    )
    assert [(one.benchmark_name, len(one.rows)) for one in found] == [("small", 2), ("other", 1)]


def test_the_matrix_of_a_run_links_each_finished_cell():
    config = run_config(tasks=2, models=["a/a", "b/b"])
    panel = matrix.of_state(run_state(config, {"task_0__a/a__sample00": "tests_failed", "task_1": "api_error"}))
    assert [[cell.status for cell in row.cells] for row in panel.rows] == [["failed", "passed"], ["api_error"] * 2]
    assert all(cell.href for row in panel.rows for cell in row.cells)
    assert (panel.rows[0].differs, panel.rows[1].differs) == (True, False)


def test_a_cell_with_samples_that_differ_is_mixed():
    config = run_config(tasks=1, samples=2)
    panel = matrix.of_state(run_state(config, {"task_0__acme/fast__sample01": "timeout"}))
    assert [(c.status, c.passed, c.evaluated) for c in panel.rows[0].cells] == [("mixed", 1, 2)]


def test_what_has_not_run_is_pending_without_a_link():
    panel = matrix.of_state(run_state(run_config(tasks=1), None, finished=False))
    empty = matrix.of_runs([(one := digest(1, None, tasks=["other"]), one.models[0])])
    assert panel.rows[0].cells[0].href is not None
    assert [row.task for row in empty.rows] == ["other"]


def test_the_matrix_shows_two_hundred_tasks_at_most():
    panel = matrix.of_state(run_state(run_config(tasks=230)))
    assert (len(panel.rows), panel.hidden) == (200, 30)


def test_a_long_matrix_shows_the_worst_tasks_first_and_those_not_tried_last():
    config = run_config(tasks=60, models=["a/a", "b/b"])
    failed = {"task_7": "tests_failed", "task_50__a/a__sample00": "timeout", "task_3": "api_error"}
    panel = matrix.of_state(run_state(config, failed))
    order = [row.task for row in panel.rows]
    assert panel.worst_first
    assert (order[:3], order[-1]) == (["task_7", "task_50", "task_0"], "task_3")
    assert (len(panel.first_rows), len(panel.later_rows)) == (50, 10)


def test_a_long_matrix_of_several_runs_shows_few_tasks_at_once_those_solved_least():
    one = run_digest(run_config(tasks=60), {"task_7": "tests_failed", "task_50": "tests_failed"})
    other = run_digest(run_config(tasks=60), {"task_50": "timeout"})
    panel = matrix.of_runs([(one, one.models[0]), (other, other.models[0])])
    assert [row.task for row in panel.first_rows][:3] == ["task_50", "task_7", "task_0"]
    assert (panel.worst_first, len(panel.first_rows), len(panel.later_rows)) == (True, 10, 50)


def test_a_matrix_that_is_seen_whole_stays_in_the_order_of_the_plan():
    panel = matrix.of_state(run_state(run_config(tasks=50), {"task_7": "tests_failed"}))
    assert [row.task for row in panel.rows] == [f"task_{number}" for number in range(50)]
    assert (panel.later_rows, panel.worst_first) == ((), False)


def test_a_trend_falls_into_levels():
    runs = [digest(n, None) for n in range(6)] + [digest(n, FAILS_MOST) for n in range(6, 12)]
    trend = trends(runs)[0]
    assert [(one.start, one.end) for one in trend.segments] == [(0, 6), (6, 12)]


def test_a_single_run_is_no_trend():
    assert trends([digest(1)]) == ()


def test_a_models_page_names_a_run_going_on_without_its_numbers():
    fewer = digest(2, None, options={"finished": False})
    more = replace(fewer, finished=fewer.finished - 1)
    pages = [model_page("acme/fast", runs, lines(runs)) for runs in ([digest(1), fewer], [digest(1), more])]
    assert pages[0] == pages[1]
    assert pages[0].incomplete == ("run_2",)


def test_a_task_says_who_solves_it_in_the_newest_run():
    runs = [digest(1, None, tasks=2), digest(2, {"task_0": "tests_failed"}, tasks=2)]
    panel = task_page("task_0", None, (), runs)
    assert [(one.model, one.run_id, one.passed) for one in panel.solvers] == [("acme/fast", "run_2", 0)]
    assert (panel.instructions, panel.title) == (None, "The task task_0")


def test_the_list_of_tasks_counts_its_solvers():
    panel = tasks([task_page("task_0", None, (), [digest(1, None, tasks=1)])])
    assert [(one.task, one.solved_by, one.evaluated_for, one.in_catalog) for one in panel.lines] == [
        ("task_0", 1, 1, False)
    ]


def test_a_comparison_says_what_was_fixed_and_broken():
    a = digest(1, {"task_0": "tests_failed", "task_1": "tests_failed"})
    b = digest(2, {"task_1": "tests_failed", "task_2": "tests_failed"})
    pair = compare(a, b).pairs[0]
    assert [(one.task, one.change) for one in pair.discordant] == [("task_0", "fixed"), ("task_2", "broke")]
    assert (pair.fixed, pair.broke, pair.both, pair.neither) == (1, 1, 27, 1)
    assert pair.result.verdict is Verdict.NOT_SEPARABLE
    assert "r2 and r1 solve equally many" in pair.sentence


def test_runs_without_a_name_of_their_own_go_by_their_letters():
    a, b = (
        replace(digest(number, outcomes), run_name=f"run_{number}") for number, outcomes in ((1, None), (2, FAILS_MOST))
    )
    assert compare(a, b).pairs[0].sentence.startswith("B solves 80.0 pp fewer than A")


def test_a_task_that_changed_is_not_compared():
    a = digest(1, tasks={"task_0": task_card(digest="1" * 64), "task_1": task_card()})
    b = digest(2, "tests_failed", tasks={"task_0": task_card(digest="2" * 64), "task_1": task_card()})
    pair = compare(a, b).pairs[0]
    assert (pair.changed_tasks, pair.result.tasks) == (("task_0",), 1)


def test_runs_of_one_model_each_are_compared_across_models():
    pair = compare(digest(1, None, models=["a/a"]), digest(2, FAILS_MOST, models=["b/b"])).pairs[0]
    assert (pair.a.model, pair.b.model) == ("a/a", "b/b")
    assert pair.sentence.startswith("b/b solves 80.0 pp fewer than a/a")


def test_settings_that_nobody_said_are_unknown_beside_those_of_a_run_of_ours():
    theirs = digest(2, settings=Settings(temperature=0.7, said=("temperature",)))
    said = {one.name: one.values for one in compare(digest(1), theirs).settings}
    assert (said["temperature"], said["turns"]) == (("0.0", "0.7"), ("1", "unknown"))
    assert not compare(theirs, theirs).settings


def test_a_version_that_one_run_does_not_tell_is_unknown_there():
    older = digest(2, versions={}, git=Git("5f", False))
    said = {one.name: one.values for one in compare(digest(1), older).settings}
    assert said == {"benchgen": ("1.0.0", "unknown"), "commit": ("unknown", "5f")}


def test_settings_that_differ_are_listed():
    other = digest(2, settings=Settings(temperature=0.7, max_tokens=1024))
    assert [(one.name, one.values) for one in compare(digest(1), other).settings] == [("temperature", ("0.0", "0.7"))]


def test_the_head_of_a_run_has_the_exact_command_and_its_notes():
    config = run_config(command=("benchgen", "run", "a task", "-m", "x"))
    panel = run_head(run_state(config), Annotations(note="look", tags=("t",)))
    assert panel.command == "benchgen run 'a task' -m x"
    assert (panel.annotations.note, panel.is_unsandboxed) == ("look", False)


def test_tokens_are_a_lower_bound_where_an_answer_came_without_a_count():
    config = run_config(tasks=2)
    told, silent = attempt("task_0"), attempt("task_1")
    events = run_events(config, [told, silent], finished=False)
    events = [
        replace(event, usage=None) if isinstance(event, AnswerReceived) and event.attempt == silent.attempt else event
        for event in events
    ]
    whole = run_cards(fold(config, iter(events))).whole
    assert (whole.output_tokens, whole.lacks_usage) == (30, True)
    assert not run_cards(run_state(config)).whole.lacks_usage


def test_the_cards_of_a_run_add_up():
    config = run_config(tasks=3, models=["a/a", "b/b"])
    cards = run_cards(run_state(config, [None, "tests_failed", "api_error"]))
    assert cards.whole.finished == sum(one.figures.finished for one in cards.models) == 6
    assert cards.whole.money.nanousd == sum(one.figures.money.nanousd for one in cards.models)
    assert cards.whole.left_out == 2


def test_several_samples_give_pass_at_k():
    config = run_config(tasks=2, samples=2)
    cards = run_cards(run_state(config, {"task_0__acme/fast__sample01": "tests_failed"}))
    assert [(one.k, one.value) for one in cards.pass_at_k] == [(2, 1.0)]
    assert [(one.k, one.value) for one in cards.pass_hat_k] == [(2, 0.5)]


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, []),
        ({"models": [model_spec(is_mock=True)]}, ["mock"]),
    ],
)
def test_made_up_numbers_are_announced(changes, kinds):
    assert [one.kind for one in notices.of_runs([digest(1, **changes)]).items] == kinds


def test_a_notice_knows_whether_all_that_a_page_shows_is_meant():
    mocked = digest(1, models=[model_spec(is_mock=True)])
    alone, among = notices.of_runs([mocked]), notices.of_runs([mocked, digest(2)])
    assert [one.items[0].is_all for one in (alone, among)] == [True, False]


def test_a_run_without_sandbox_and_a_broken_one_are_announced():
    unsafe = replace(digest(1), sandbox="none")
    found = notices.of_runs([unsafe], [notices.Broken("run_x", "run_x/config.json", "not valid JSON")])
    assert [(one.kind, one.runs, one.reason) for one in found.items] == [
        ("unreadable", ("run_x",), "not valid JSON"),
        ("unsandboxed", ("run_1",), ""),
    ]


def test_a_matrix_of_many_models_shows_fewer_tasks_and_counts_the_rest():
    models = [f"acme/{number}" for number in range(20)]
    shown = matrix.of_state(run_state(run_config(tasks=210, models=models), finished=False))
    assert (len(shown.rows), shown.hidden) == (50, 160)


def test_a_pass_at_a_later_turn_is_counted_beside_the_rate_and_never_in_it():
    config = run_config(tasks=2, settings=Settings(turns=2))
    outcomes = [replace(one, passed_at_turn=2) for one in outcomes_of(config, "tests_failed")]
    state = fold(config, iter(run_events(config, outcomes)))
    cards = run_cards(state)
    (row,) = leaderboards([digest_of(state)])[0].rows
    assert (cards.whole.passed, cards.whole.passed_later, cards.turns) == (0, 2, 2)
    assert (row.rate.value, row.passed_later) == (0.0, 2)


def test_machines_are_in_the_cost_of_the_whole_run_alone():
    config = run_config()
    cost = Cost(machine="gpu", kind="gpu_time", hours=1.0, cost_nanousd=2_000_000_000)
    events = list(run_events(config, outcomes_of(config)))
    state = fold(config, iter([*events[:-1], cost, events[-1]]))
    cards = run_cards(state)
    assert cards.whole.money.nanousd == cards.models[0].figures.money.nanousd + 2_000_000_000
    assert costs.of_run(digest_of(state)) == cards.whole.money
    assert api_runs.full_entry(digest_of(state))["total_cost_usd"] == cards.whole.money.nanousd / 1e9


@pytest.mark.parametrize(("kind", "can"), [("code", True), ("agent", False)])
def test_only_what_benchgen_itself_can_run_is_offered_to_be_resumed_or_repeated(kind, can):
    config = run_config(tasks=3, kind=kind)
    events = run_events(config, outcomes_of(config, "api_error")[:2], finished=False)
    ended = replace(fold(config, iter(events)), status="failed")
    offered = run_controls(ended, Annotations(), is_dead=False)
    assert (offered.can_resume, offered.can_retry, offered.can_remove) == (can, can, True)


def test_the_newest_lines_are_the_same_where_only_they_are_made():
    runs = [digest(number, [None, "tests_failed"]) for number in range(4)]
    assert Lines(runs)[:2] == lines(runs)[:2]
