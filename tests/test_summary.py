"""summary.json: every key of every kind, valid in any state, None for what nobody knows."""

import json

import pytest
from factories import (
    attempt,
    attempt_events,
    model_spec,
    outcomes_of,
    run_config,
    run_events,
    run_state,
    superseded_by,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import CONFIG, logs

from benchgen import codec
from benchgen.fold import fold
from benchgen.record import replace
from benchgen.records.events import Cost, LimitReached, RunFinished
from benchgen.records.report import Breakdown, BreakdownItem, EngineReport, Metric
from benchgen.records.status import KINDS
from benchgen.records.summary import KIND_OF, Summary
from benchgen.summary import summarise
from benchgen.summary_kinds import first_named

SHARED = (
    "schema_version kind run_id run_name benchmark_name status model_id models created_at finished_at num_tasks "
    "num_success success_rate success_rate_ci primary_metric breakdowns notes raw cost_usd cost_parts is_mock"
)
OWN = {
    "code": "timestamp_utc run_dir output_dir tasks provider samples temperature max_tokens include_tests install_deps "
    "attempts superseded_attempts status_counts model_status_counts task_status metrics timing token_usage pricing",
    "openbench": "metrics token_usage",
    "dataset": "dataset_id dataset_name completed total successful failed total_time_seconds throughput prompt_tokens "
    "completion_tokens total_tokens avg_prompt_tokens avg_completion_tokens",
    "agent": "avg_score avg_steps avg_time_seconds num_infrastructure_failures tasks",
}
ATTEMPT = (
    "task_id model provider sample_index status return_code error attempt_dir eval_command eval_timeout_seconds "
    "stdout_excerpt stderr_excerpt usage api_latency_seconds duration_seconds cost_usd"
)


def outcomes_in(events):
    return {event.attempt: event.outcome for event in events if hasattr(event, "outcome")}


def summary_of(config, events):
    """As the file has it."""
    state, outcomes = fold(config, iter(events)), outcomes_in(events)
    summary = summarise(state, [outcomes[row.attempt] for row in state.counted_rows()])
    assert isinstance(summary, KIND_OF[config.kind])
    return json.loads(codec.file(summary))


def whole_run(outcomes=None, *, config=None, **options):
    config = config or run_config()
    return summary_of(config, run_events(config, outcomes_of(config, outcomes), **options))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_the_shared_keys_and_its_own_in_order(kind):
    found = whole_run(config=run_config(kind=kind))
    assert list(found) == [*SHARED.split(), *OWN[kind].split()]


def test_attempts_have_seed_001s_keys():
    (entry, _) = whole_run()["attempts"]
    assert list(entry) == ATTEMPT.split()
    assert list(entry["usage"]) == ["prompt_tokens", "completion_tokens"]


@pytest.mark.parametrize("kind", KINDS)
@given(log=logs(), length=st.integers(0, 200))
@settings(max_examples=20)
def test_any_run_in_any_state_has_a_valid_summary(kind, log, length):
    config = run_config(kind=kind, tasks=CONFIG.tasks, models=CONFIG.models, samples=2)
    found = summary_of(config, log[:length])
    assert found["success_rate"] is None or 0 <= found["success_rate"] <= 1
    assert 0 <= found["num_success"] <= found["num_tasks"]


def test_a_run_nobody_could_evaluate_has_no_rate_and_says_why():
    found = whole_run("api_error")
    assert (found["success_rate"], found["success_rate_ci"], found["primary_metric"]) == (None, None, None)
    assert any("nothing could be evaluated" in note for note in found["notes"])


def test_the_rate_leaves_out_what_is_not_the_models_and_counts_it():
    found = whole_run([None, "tests_failed", "api_error", "harness"], config=run_config(tasks=4))
    assert (found["success_rate"], found["num_success"], found["num_tasks"]) == (0.5, 1, 4)
    assert found["metrics"]["api_errors_excluded"] == 1
    assert found["status_counts"] == {"api_error": 1, "error": 1, "failed": 1, "passed": 1}
    low, high = found["success_rate_ci"]
    assert 0 < low < 0.5 < high < 1


def test_pass_at_k_uses_all_samples():
    metrics = whole_run([None, "tests_failed"], config=run_config(tasks=1, samples=2))["metrics"]
    assert metrics["pass_at_1"] == {"acme/fast": 0.5}
    assert metrics["pass_at_k"] == {"acme/fast": 1.0}
    assert metrics["model_accuracy"] == {"acme/fast": 1.0}
    assert metrics["model_attempt_success"] == {"acme/fast": 0.5}
    assert metrics["overall"] == {"macro_model_accuracy": 1.0, "macro_attempt_success": 0.5}


def test_models_are_named_once_and_alone_only_when_alone():
    one, two = whole_run(), whole_run(config=run_config(models=("a/x", "b/y")))
    assert (one["model_id"], one["models"], one["provider"]) == ("acme/fast", ["acme/fast"], "acme")
    assert (two["model_id"], two["models"], two["provider"]) == (None, ["a/x", "b/y"], None)
    assert two["model_status_counts"] == {"a/x": {"passed": 2}, "b/y": {"passed": 2}}


def test_a_task_counts_as_passed_when_any_attempt_did():
    found = whole_run(["tests_failed", "timeout", None, "timeout"], config=run_config(samples=2))
    assert found["task_status"] == {"task_0": "passed", "task_1": "timeout"}


def test_a_price_unknown_for_one_answer_leaves_the_cost_unknown_and_a_lower_bound():
    config = run_config(tasks=2)
    one, two = outcomes_of(config)
    found = summary_of(config, [*attempt_events(one), *attempt_events(two, cost_nanousd=None)])
    assert found["cost_usd"] is None
    assert found["token_usage"]["total_cost_usd"] == 0.0015
    assert "the price of some answers is unknown: the cost is a lower bound" in found["notes"]


def test_machines_are_part_of_the_cost():
    cost = Cost(machine="vm", kind="azure_vm", hours=1.0, cost_nanousd=192_000_000)
    assert summary_of(run_config(), [cost])["cost_usd"] == pytest.approx(0.192)


@pytest.mark.parametrize(("kind", "cost"), [("code", 0.0), ("openbench", None), ("agent", None)])
def test_who_reports_no_cost_has_none_and_who_asked_nothing_paid_nothing(kind, cost):
    assert summary_of(run_config(kind=kind), [])["cost_usd"] == cost


def test_no_usage_is_null_and_not_zero():
    found = whole_run("api_error")
    assert found["token_usage"] == {"prompt_tokens": None, "completion_tokens": None, "total_cost_usd": None}
    assert found["attempts"][0]["usage"] is None


def test_a_mock_is_marked():
    assert whole_run(config=run_config(models=(model_spec("builtin/noop", is_mock=True),)))["is_mock"]
    assert not whole_run()["is_mock"]


def test_breakdowns_are_by_what_the_cards_say():
    found = whole_run([None, "tests_failed"])["breakdowns"]
    assert [breakdown["name"] for breakdown in found] == ["language", "difficulty", "domain"]
    assert found[0]["items"] == [
        {"key": "go", "value": 0.0, "unit": None},
        {"key": "python", "value": 1.0, "unit": None},
    ]


def test_replaced_attempts_are_not_listed_and_said():
    first, second = attempt(category="api_error"), attempt(again=1)
    events = [*attempt_events(first), superseded_by(first, second), *attempt_events(second)]
    found = summary_of(run_config(tasks=1), events)
    assert [entry["status"] for entry in found["attempts"]] == ["passed"]
    assert "1 attempts were replaced by retries and do not count" in found["notes"]


def test_what_went_wrong_is_in_the_notes():
    limit = LimitReached(limit="cost", message="the budget of $1 is used up")
    end = RunFinished(status="failed", exit_code=1, error="disk full")
    notes = summary_of(run_config(), [limit, end])["notes"]
    assert notes == [
        "disk full",
        "the run is failed: 0 of 2 attempts have an outcome",
        "the budget of $1 is used up",
    ]


def test_no_sandbox_is_recorded():
    config = run_config()
    state = run_state(config)
    assert "model-written code ran without a sandbox" not in summarise(state, outcomes_of(config)).notes
    events = run_events(config, outcomes_of(config))
    bare = [event for event in events if getattr(event, "sandbox", "") != "bwrap"]
    started = type(events[1])(run_id="r", format=1, sandbox="none")
    assert "model-written code ran without a sandbox" in summary_of(config, [started, *bare])["notes"]


def test_an_engines_metrics_stand_as_it_reported_them():
    report = EngineReport(
        metrics=(Metric("stderr", 0.01), Metric("Accuracy", 0.82), Metric("f1", None)),
        breakdowns=(Breakdown("category", (BreakdownItem("math", 0.9),)),),
        notes=("3 samples had errors",),
        source="openbench.log.json",
        hint="best-effort extraction",
        samples=600,
    )
    end = RunFinished(status="completed", exit_code=0, report=report)
    found = summary_of(run_config(kind="openbench", tasks=0), [end])
    assert found["primary_metric"] == {"name": "Accuracy", "value": 0.82, "unit": None}
    assert found["metrics"][0] == {"name": "stderr", "value": 0.01, "unit": None}
    assert found["breakdowns"] == [{"name": "category", "items": [{"key": "math", "value": 0.9, "unit": None}]}]
    assert found["raw"] == {"source": "openbench.log.json", "hint": "best-effort extraction"}
    assert (found["num_tasks"], found["notes"]) == (600, ["3 samples had errors"])


def test_an_engine_that_said_nothing_has_no_metrics():
    found = whole_run([], config=run_config(kind="openbench", tasks=0))
    assert (found["metrics"], found["primary_metric"], found["breakdowns"]) == ([], None, [])


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["loss", "recall", "f1", "acc"], "acc"),
        (["loss", "bleu"], "loss"),
        (["score", "accuracy"], "accuracy"),
        ([], None),
    ],
)
def test_the_primary_metric_follows_seed_002s_order(names, chosen):
    found = first_named([Metric(name, 0.5) for name in names])
    assert (found and found.name) == chosen


def test_dataset_rows_that_got_an_answer_are_successful_right_or_wrong():
    config = run_config(kind="dataset", tasks=4, dataset_id="ds_0123456789ab", benchmark_name="batch.jsonl")
    found = whole_run([None, "tests_failed", "api_error", None], config=config)
    assert (found["completed"], found["total"], found["successful"], found["failed"]) == (4, 4, 3, 1)
    assert (found["num_success"], found["dataset_name"]) == (2, "batch.jsonl")
    assert (found["prompt_tokens"], found["completion_tokens"], found["total_tokens"]) == (360, 90, 450)
    assert (found["avg_prompt_tokens"], found["avg_completion_tokens"]) == (120.0, 30.0)
    assert found["throughput"] == pytest.approx(90 / found["total_time_seconds"])


def test_episodes_tell_a_fault_of_the_infrastructure_from_the_agents_own():
    config = run_config(kind="agent", tasks=3)
    done, wrong, fault = outcomes_of(config, [None, "tests_failed", "harness"])
    found = summary_of(config, [event for one in (done, wrong, fault) for event in attempt_events(one)])
    assert [entry["success"] for entry in found["tasks"]] == [True, False, False]
    assert [entry["error"] for entry in found["tasks"]] == [None, None, "it ended as harness"]
    assert [entry["reason"] for entry in found["tasks"]] == [None, "it ended as tests_failed", None]
    assert [entry["error_type"] for entry in found["tasks"]] == [None, None, "harness"]
    assert found["num_infrastructure_failures"] == 1


def test_every_kind_has_a_record():
    assert set(KIND_OF) == set(KINDS)
    assert all(issubclass(record, Summary) for record in KIND_OF.values())


def test_the_parts_of_the_cost_add_up_to_it_and_replaced_attempts_stand_with_theirs():
    config = run_config()
    first, *others = outcomes_of(config, "tests_failed")
    again = replace(first, attempt=f"{first.attempt}__r1", category=None, replaces=first.attempt)
    found = summary_of(
        config, [*run_events(config, [first, *others]), *attempt_events(again), superseded_by(first, again)]
    )
    parts, (old,) = found["cost_parts"], found["superseded_attempts"]
    assert sum(parts.values()) == pytest.approx(found["cost_usd"], abs=1e-9)
    assert sum(each["cost_usd"] for each in found["attempts"]) == pytest.approx(parts["counted_usd"], abs=1e-9)
    assert old["cost_usd"] == pytest.approx(parts["superseded_usd"]) == pytest.approx(0.0015)
    assert old["replaced_by"].endswith("__r1")
