"""The fold: what a log means, from any prefix of it, in any order of looking."""

from collections import Counter
from collections.abc import Mapping

from factories import at, attempt, attempt_events, outcomes_of, run_config, run_events, run_state, superseded_by
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import CONFIG, logs, unknown

from benchgen import codec
from benchgen.fold import Fold, fold
from benchgen.outcomes import RECENT
from benchgen.record import field_names, replace
from benchgen.records.checkpoint import Checkpoint
from benchgen.records.events import (
    AnswerReceived,
    AttemptFinished,
    AttemptStarted,
    Cost,
    RunFinished,
    RunResumed,
    StepRecorded,
    WorkerJoined,
    WorkerLeft,
)
from benchgen.records.run import planned
from benchgen.records.state import Tally
from benchgen.records.status import is_evaluated
from benchgen.under_way import NEXT_UP


def state_of(events, config=CONFIG):
    return fold(config, iter(events))


def recounted(state):
    """The tallies' counts, counted again from the rows."""
    found = {}
    for row in state.counted_rows():
        counts = found.setdefault((row.task, row.model), Counter())
        counts["finished"] += 1
        counts["passed"] += row.category is None
        counts["evaluated"] += is_evaluated(row.category)
        counts["score_count"] += row.score is not None
        counts[row.category] += 1
    return found


@given(logs())
def test_any_prefix_of_a_log_folds(log):
    folding = Fold(CONFIG)
    for event in log:
        folding.apply(event)
        state = folding.state()
        assert state.seq == event.seq
        assert 0 <= state.finished == sum(tally.finished for tally in state.tallies.values())


@given(logs(), st.integers(1, 7))
def test_looking_in_between_changes_nothing(log, step):
    folding = Fold(CONFIG)
    for event in log:
        folding.apply(event)
        if event.seq % step == 0:
            folding.state()
    assert codec.plain(list(folding.state().tallies.items())) == codec.plain(list(state_of(log).tallies.items()))
    assert folding.state().running == state_of(log).running
    assert folding.state().next_up == state_of(log).next_up


@given(logs(), st.integers(0), st.sampled_from(["code", "openbench", "agent"]))
def test_a_fold_that_was_put_down_goes_on_as_if_it_had_taken_all(log, cut, kind):
    config = replace(CONFIG, kind=kind)
    whole, first = Fold(config), Fold(config)
    taken = 1 + cut % len(log)
    for event in log:
        whole.apply(event)
    for event in log[:taken]:
        first.apply(event)
    checkpoint = codec.read(codec.quick(first.checkpoint()), Checkpoint, where="")
    second = Fold(config)
    second.resume(checkpoint)
    for event in log[taken:]:
        second.apply(event)
    assert told(second.state()) == told(whole.state())
    assert codec.quick(second.checkpoint()) == codec.quick(whole.checkpoint())


def told(state):
    """Everything in a state, in the order in which it stands there."""
    parts = {name: getattr(state, name) for name in field_names(state)}
    listed = {name: list(part.items()) for name, part in parts.items() if isinstance(part, Mapping)}
    counted = [list(tally.categories.items()) for tally in state.tallies.values()]
    return parts | listed | {"rows": list(state.rows)}, counted


@given(logs())
def test_tallies_agree_with_the_rows_that_count(log):
    state = state_of(log)
    counts = recounted(state)
    for key, tally in state.tallies.items():
        again = counts.get(key, Counter())
        assert tally.finished == again["finished"]
        assert (tally.passed, tally.evaluated, tally.score_count) == (
            again["passed"],
            again["evaluated"],
            again["score_count"],
        )
        assert dict(tally.categories) == {name: n for name, n in again.items() if name in tally.categories}
        assert tally.passed + sum(tally.categories.values()) == tally.finished


@given(logs())
def test_a_state_is_not_changed_by_later_events(log):
    folding = Fold(CONFIG)
    for event in log[: len(log) // 2]:
        folding.apply(event)
    early = folding.state()
    rows, tallies, workers = list(early.rows), dict(early.tallies), dict(early.workers)
    for event in log[len(log) // 2 :]:
        folding.apply(event)
    assert (list(early.rows), dict(early.tallies), dict(early.workers)) == (rows, tallies, workers)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1)), min_size=1, max_size=20))
@settings(max_examples=50)
def test_superseding_all_attempts_leaves_exactly_nothing(figures):
    folding = Fold(run_config(samples=len(figures)))
    for sample, (seconds, score) in enumerate(figures):
        first = attempt(sample=sample, seconds=seconds, score=score, category="tests_failed", steps=3)
        folding.apply(AttemptFinished(seq=1, at=at(), attempt=first.attempt, outcome=first))
        folding.apply(superseded_by(first, attempt(sample=sample, again=1)))
    assert folding.state().tallies == {("task_0", "acme/fast"): Tally()}
    assert folding.state().finished == 0


def test_a_retry_counts_in_place_of_what_it_replaces():
    first, second = attempt(category="api_error"), attempt(again=1)
    state = state_of([*attempt_events(first), superseded_by(first, second), *attempt_events(second)])
    assert [row.attempt for row in state.counted_rows()] == [second.attempt]
    assert (state.finished, state.tallies["task_0", "acme/fast"].passed, len(state.rows)) == (1, 1, 2)


def test_superseding_twice_subtracts_once():
    first = attempt()
    once = superseded_by(first, attempt(again=1))
    assert state_of([*attempt_events(first), once, once]).tallies["task_0", "acme/fast"] == Tally()


def test_superseding_an_attempt_without_an_outcome_subtracts_nothing():
    state = state_of([superseded_by(attempt(), attempt(again=1)), *attempt_events(attempt())])
    assert state.finished == 1


def test_a_second_outcome_of_one_attempt_never_counts():
    first = attempt(category="tests_failed")
    again = attempt()
    events = [*attempt_events(first), AttemptFinished(attempt=first.attempt, outcome=again)]
    assert state_of(events).tallies["task_0", "acme/fast"].passed == 0
    assert len(state_of(events).rows) == 1


def test_money_is_summed_from_answers_also_of_attempts_that_no_longer_count():
    first, second = attempt(category="api_error"), attempt(again=1)
    events = [*attempt_events(attempt(sample=0)), superseded_by(first, second), *attempt_events(second)]
    assert state_of(events).spending["acme/fast"].cost_nanousd == 2 * 1_500_000


def test_one_answer_without_a_price_makes_the_attempts_cost_unknown():
    outcome = attempt(turns=2)
    one, two = (
        AnswerReceived(
            attempt=outcome.attempt, turn=turn, answer_sha256="", provider="acme", model="acme/fast", cost_nanousd=cost
        )
        for turn, cost in ((0, 5), (1, None))
    )
    state = state_of([one, two, AttemptFinished(attempt=outcome.attempt, outcome=outcome)])
    assert state.rows[0].cost_nanousd is None
    assert (state.spending["acme/fast"].cost_nanousd, state.spending["acme/fast"].answers_unpriced) == (5, 1)


def test_a_speed_rests_on_answers_whose_tokens_and_time_are_both_known():
    timed = AnswerReceived(
        attempt="a", turn=0, answer_sha256="", provider="p", model="m", usage=attempt().usage, latency_seconds=2.0
    )
    untimed = AnswerReceived(attempt="a", turn=1, answer_sha256="", provider="p", model="m", latency_seconds=60.0)
    spending = state_of([timed, untimed]).spending["m"]
    assert (spending.timed_output_tokens, spending.timed_seconds) == (30, 2.0)


def test_tokens_add_up_over_all_answers():
    folding = Fold(CONFIG)
    for event in (*attempt_events(attempt()), *attempt_events(attempt("task_1"))):
        folding.apply(event)
    assert folding.tokens_total() == 2 * (120 + 30)


def test_machine_time_adds_up():
    cost = Cost(machine="vm", kind="azure_vm", hours=0.5, cost_nanousd=96_000_000)
    folding = Fold(CONFIG)
    for _ in range(3):
        folding.apply(cost)
    machine = folding.state().machines["vm"]
    assert (machine.hours, machine.cost_nanousd, folding.spent_nanousd()) == (1.5, 288_000_000, 288_000_000)


def test_steps_of_faults_that_are_not_the_models_do_not_count():
    state = state_of(attempt_events(attempt(category="api_error", steps=1)))
    assert state.tallies["task_0", "acme/fast"].steps_count == 0


def test_a_running_episode_shows_its_steps():
    start = AttemptStarted(at=at(), attempt="a", task="task_0", model="acme/fast", sample=0)
    step = StepRecorded(seq=2, at=at(1), attempt="a", step=0, action={"type": "click"}, screenshot="s.png")
    running = state_of([start, step]).running["a"]
    assert (running.step, running.steps) == (0, (step,))


def test_a_resume_forgets_what_was_running_and_puts_it_back_into_the_plan():
    plan = next(planned(CONFIG))
    start = AttemptStarted(attempt=plan.attempt, task=plan.task, model=plan.model, sample=plan.sample, worker="w0")
    folding = Fold(CONFIG)
    folding.apply(start)
    assert plan not in folding.state().next_up
    folding.apply(RunResumed(seq=2, at=at(9), run_id=CONFIG.run_id, format=1))
    state = folding.state()
    assert (dict(state.running), state.next_up[0], state.resumes, state.session_at) == ({}, plan, 1, at(9))
    assert (state.workers["w0"].current, state.workers["w0"].left_at) == (None, at(9))


def test_next_up_follows_the_plan_whatever_order_attempts_start_in():
    config = run_config(tasks=20)
    plans = list(planned(config))
    folding = Fold(config)
    folding.state()
    for plan in (plans[5], plans[0]):
        folding.apply(AttemptStarted(attempt=plan.attempt, task=plan.task, model=plan.model, sample=plan.sample))
    assert folding.state().next_up == tuple(plans[index] for index in (1, 2, 3, 4, *range(6, 6 + NEXT_UP - 4)))


def test_recent_holds_the_last_outcomes_newest_first():
    config = run_config(tasks=RECENT + 5)
    outcomes = outcomes_of(config)
    state = run_state(config)
    assert [row.attempt for row in state.recent] == [outcome.attempt for outcome in reversed(outcomes)][:RECENT]


def test_a_workers_life_is_known_from_events_alone():
    outcome = attempt(worker="w0", seconds=4.0)
    joined = WorkerJoined(at=at(0), worker="w0", host="node-1")
    state = state_of([joined, *attempt_events(outcome, start=1.0), WorkerLeft(at=at(9), worker="w0")])
    worker = state.workers["w0"]
    assert (worker.host, worker.done, worker.busy_seconds, worker.left_at) == ("node-1", 1, 4.0, at(9))
    assert (worker.current, worker.since) == (None, at(5))


def test_the_end_of_a_run_is_told_as_it_was_written():
    state = state_of([RunFinished(seq=9, at=at(9), status="failed", exit_code=1, error="disk full")])
    assert (state.status, state.exit_code, state.error, state.finished_at) == ("failed", 1, "disk full", at(9))


def test_going_on_takes_the_end_back():
    end = RunFinished(seq=1, at=at(1), status="canceled", exit_code=130)
    state = state_of([end, RunResumed(seq=2, at=at(2), run_id="r", format=1)])
    assert (state.status, state.finished_at, state.exit_code) == ("running", None, None)


def test_unknown_events_are_counted():
    assert state_of([unknown(1), unknown(2)]).unknown_events == {"telepathy": 2}


def test_an_outcome_written_whole_and_one_read_slim_fold_alike():
    config = run_config(tasks=3)
    events = run_events(config, outcomes_of(config, ["tests_failed", None]))
    slim = [codec.event(codec.event_line(event), where="here") for event in events]
    assert state_of(slim, config).tallies == state_of(events, config).tallies
    assert list(state_of(slim, config).rows) == list(state_of(events, config).rows)
