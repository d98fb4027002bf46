"""The live panels: progress, costs, performance, workers and domains of a run at one event."""

from __future__ import annotations

import pytest
from factories import (
    at,
    attempt,
    attempt_events,
    model_spec,
    run_config,
    run_events,
    run_state,
    superseded_by,
    task_card,
)

from benchgen.digest import digest_of
from benchgen.fold import fold
from benchgen.panels.breakdown import breakdowns
from benchgen.panels.costs import Money, costs, per_solve, total_of
from benchgen.panels.current_job import current_job
from benchgen.panels.domains import domains
from benchgen.panels.live_head import live_head
from benchgen.panels.performance import performance
from benchgen.panels.workers import workers
from benchgen.record import replace
from benchgen.records.events import (
    AnswerReceived,
    AttemptPhase,
    AttemptStarted,
    Cost,
    LimitReached,
    Progress,
    RunResumed,
    WorkerJoined,
    WorkerLeft,
)
from benchgen.records.run import Budget, Machine
from benchgen.summary import cost_usd


def going(config=None, finished=0, extra=(), cost_nanousd=1_500_000):
    """A run with so many attempts of one task each done, and more events after them."""
    config = config or run_config(tasks=6)
    done = [attempt(f"task_{n}", started=1 + 2 * n, seconds=2.0 + n % 2) for n in range(finished)]
    events = [*run_events(config, done, finished=False, cost_nanousd=cost_nanousd), *extra]
    return fold(config, iter(events))


def begun(task="task_5", seconds=20.0, worker="local-1"):
    name = attempt(task).attempt
    return AttemptStarted(at=at(seconds), attempt=name, task=task, model="acme/fast", sample=0, worker=worker)


def test_progress_counts_finished_of_planned():
    job = current_job(going(finished=4, extra=[begun()]))
    assert (job.finished, job.total, job.share, job.waiting) == (4, 6, 4 / 6, 1)


def test_a_running_attempt_says_where_it_is():
    phase = AttemptPhase(at=at(21), attempt=begun().attempt, phase="testing")
    job = current_job(going(finished=1, extra=[begun(), phase]))
    assert [(one.task, one.phase, one.worker) for one in job.running] == [("task_5", "testing", "local-1")]


def test_there_is_no_estimate_before_three_attempts_finished():
    assert current_job(going(finished=2)).eta is None
    assert current_job(going(finished=3)).eta is not None


def test_the_estimate_is_an_instant_within_its_range():
    eta = current_job(going(finished=4)).eta
    assert at(0) < eta.low_at <= eta.at <= eta.high_at


def test_the_same_state_gives_the_same_estimate():
    state = going(finished=4)
    assert current_job(state).eta == current_job(state).eta


def test_a_pause_before_a_resume_is_no_time_at_work():
    config = run_config(tasks=6)
    quick = current_job(going(config, finished=4))
    resumed = RunResumed(at=at(90_000), run_id=config.run_id, format=1, pid=1)
    more = [attempt(f"task_{n}", started=90_001 + n, seconds=2.0) for n in range(3)]
    again = [
        event for one in more for event in attempt_events(replace(one, attempt=one.attempt + "__r1"), start=90_001)
    ]
    later = current_job(going(config, finished=2, extra=[resumed, *again]))
    assert quick.eta is not None
    assert later.eta.at < at(90_100)


def test_a_dead_run_has_no_estimate_and_does_not_run():
    job = current_job(going(finished=4), is_dead=True)
    assert (job.eta, job.is_running, job.status) == (None, False, "running")


def test_an_engine_without_attempts_reports_its_own_progress():
    config = run_config(kind="openbench", tasks={}, total=600)
    job = current_job(going(config, extra=[Progress(at=at(5), done=211, total=600, detail="accuracy: 0.66")]))
    assert (job.finished, job.total, job.detail) == (211, 600, "accuracy: 0.66")


def test_progress_that_nobody_knows_has_no_share():
    job = current_job(going(run_config(kind="openbench", tasks={}, total=0)))
    assert (job.share, job.total) == (None, 0)


def test_an_unknown_price_makes_the_total_a_lower_bound():
    answer = AnswerReceived(
        at=at(9), attempt="x", turn=0, answer_sha256="", provider="acme", model="acme/fast", cost_nanousd=None
    )
    panel = costs(going(finished=2, extra=[answer]))
    assert panel.total == Money(3_000_000, is_lower_bound=True)


def test_costs_that_nobody_knows_are_unknown_and_not_zero():
    assert costs(going(finished=2, cost_nanousd=None)).total == Money(None)


def test_a_run_whose_requests_all_failed_has_an_unknown_cost_and_one_that_asked_nobody_yet_has_none():
    failed = run_state(run_config(tasks=2), "api_error")
    assert [len(failed.spending), costs(failed).total] == [0, Money(None)]
    assert [model.cost_nanousd for model in digest_of(failed).models] == [None]
    assert costs(going()).total == Money(0)


@pytest.mark.parametrize(("category", "cost"), [("api_error", None), ("not_runnable", 0)])
def test_what_an_attempt_without_an_answer_cost_is_the_same_on_its_own_and_in_its_run(category, cost):
    state = run_state(run_config(tasks=1), category)
    assert [state.rows[0].cost_nanousd, costs(state).total, cost_usd(state)] == [cost, Money(cost), cost]


def test_a_local_model_that_never_answered_sent_no_bill():
    state = run_state(run_config(tasks=1, models=[model_spec(is_local=True)]), "api_error")
    assert costs(state).total.is_local


def test_a_local_model_costs_nothing_to_compare():
    config = run_config(tasks=6, models=[model_spec(is_local=True)])
    assert costs(going(config, finished=1, cost_nanousd=0)).total == Money(0, is_local=True)


def test_machines_and_the_projection_are_in_the_total():
    machine = Machine("gpu_time", "lambda", "gpu_1x_a10", 750_000_000)
    config = run_config(tasks=6, machines=(machine,), budget=Budget(max_cost_nanousd=10**9))
    event = Cost(at=at(9), machine="lambda", kind="gpu_time", hours=0.5, cost_nanousd=375_000_000)
    panel = costs(going(config, finished=3, extra=[event]))
    assert panel.total.nanousd == 3 * 1_500_000 + 375_000_000
    assert panel.projected == Money(2 * panel.total.nanousd)
    assert panel.budget_nanousd == 10**9


@pytest.mark.parametrize(
    ("amounts", "total"),
    [
        ([], Money(0)),
        ([Money(1), Money(2)], Money(3)),
        ([Money(1), Money(None)], Money(1, is_lower_bound=True)),
        ([Money(None)], Money(None)),
        ([Money(0, is_local=True), Money(5)], Money(5)),
        ([Money(0, is_local=True)], Money(0, is_local=True)),
    ],
)
def test_amounts_add_up_to_what_is_known(amounts, total):
    assert total_of(amounts) == total


def test_nothing_solved_has_no_cost_per_solve():
    assert per_solve(Money(10), 0) is None
    assert per_solve(Money(10), 4) == Money(2)


def test_nothing_evaluated_gives_no_rate():
    panel = performance(run_state(run_config(tasks=3), "api_error"))
    assert (panel.rate.value, panel.points, panel.rate.left_out) == (None, (), 3)


def test_success_over_time_ends_with_the_last_attempt():
    panel = performance(run_state(run_config(tasks=30), [None, "tests_failed"]))
    assert (panel.points[-1].evaluated, panel.points[-1].value) == (30, 0.5)
    assert panel.points[-1].low < 0.5 < panel.points[-1].high
    assert [point.value for point in panel.rolling] == [0.5] * 11


def test_a_superseded_attempt_leaves_the_curve():
    config = run_config(tasks=1)
    first, second = attempt(category="api_error"), attempt(again=1)
    events = [*run_events(config, [first, second], finished=False), superseded_by(first, second)]
    panel = performance(fold(config, iter(events)))
    assert (panel.rate.passed, panel.rate.evaluated, panel.rate.left_out) == (1, 1, 0)


def test_nobody_judging_first_actions_gives_none():
    assert performance(run_state()).first_action_accuracy is None


def test_a_worker_is_busy_idle_or_gone():
    joined = [WorkerJoined(at=at(0), worker=f"local-{n}") for n in (10, 2)]
    left = WorkerLeft(at=at(30), worker="local-10")
    panel = workers(going(finished=1, extra=[*joined, begun(), left]))
    assert [(line.worker, line.status) for line in panel.lines] == [
        ("local-1", "running"),
        ("local-2", "idle"),
        ("local-10", "left"),
    ]
    assert (panel.total, panel.active, panel.idle) == (2, 1, 1)


def test_a_worker_of_rows_that_are_too_quick_to_be_told_of_is_busy_until_it_leaves():
    config = run_config(kind="dataset", tasks=6)
    panel = workers(going(config, extra=[WorkerJoined(at=at(0), worker="w1"), WorkerLeft(at=at(30), worker="w1")]))
    assert [(line.worker, line.status) for line in panel.lines] == [("local-1", "running"), ("w1", "left")]
    assert (panel.total, panel.active, panel.idle) == (1, 1, 0)


def test_idle_time_is_uptime_without_attempts():
    state = going(finished=2, extra=[begun(seconds=20)])
    line = workers(state).lines[0]
    assert line.uptime_seconds(at(30)) == 30
    assert line.idle_seconds(at(30)) == pytest.approx(30 - 5 - 10)


def test_a_worker_of_an_ended_run_does_not_age():
    line = workers(run_state()).lines[0]
    assert line.uptime_seconds(at(10_000)) == line.uptime_seconds(at(20_000)) < 100


def test_nobody_is_busy_once_the_runner_is_gone():
    state = going(finished=2, extra=[begun(seconds=20)])
    assert workers(state).active == 1
    panel = workers(state, is_dead=True)
    assert ([line.status for line in panel.lines], panel.active) == (["left"], 0)
    assert panel.lines[0].ended_at == state.updated_at


def test_domains_stand_in_the_order_of_their_rates():
    panel = domains(run_state(run_config(tasks=4), {"task_0": "tests_failed", "task_2": "api_error"}))
    assert [(group.key, group.rate.passed, group.rate.evaluated) for group in panel.groups] == [
        ("graphs", 2, 2),
        ("text", 0, 1),
    ]


def test_a_breakdown_has_every_planned_task_in_it():
    by_name = {one.name: one for one in breakdowns(going(finished=1))}
    assert sum(group.tasks for group in by_name["language"].groups) == 6
    assert set(by_name) == {"language", "difficulty", "domain"}


def test_difficulties_stand_from_easy_to_expert_and_a_single_group_is_no_breakdown():
    named = {"a": "expert", "b": "medium", "c": "odd", "d": "easy"}
    cards = {task: task_card(language="go", domain="text", difficulty=found) for task, found in named.items()}
    (only,) = breakdowns(run_state(run_config(tasks=cards)))
    assert [group.key for group in only.groups] == ["easy", "medium", "expert", "odd"]


def test_a_limit_that_was_reached_needs_no_warning_beside_it():
    said = [
        LimitReached(limit="max_cost", message="at 80 %", warning=True),
        LimitReached(limit="max_time", message="at 90 %", warning=True),
        LimitReached(limit="max_cost", message="reached"),
    ]
    state = fold(run_config(), iter([*run_events(run_config(), [], finished=False), *said]))
    assert [limit.message for limit in costs(state).limits] == ["reached", "at 90 %"]
    assert current_job(state).limits == costs(state).limits


def test_a_dataset_that_waits_has_as_many_rows_as_were_planned():
    head = live_head(going(run_config(kind="dataset", tasks={}, total=600, models=["test/a", "test/b"])))
    assert head is not None and head.tasks == 300


def test_attempts_that_differ_by_a_factor_of_a_million_give_no_end_instead_of_one_that_no_clock_can_tell():
    config = run_config(tasks=200)
    done = [attempt(f"task_{n}", started=1 + n, seconds=taken) for n, taken in enumerate((0.0, 0.0, 600.0))]
    assert current_job(fold(config, iter(run_events(config, done, finished=False)))).eta is None
