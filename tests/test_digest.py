"""The digest: counts and sums of a run, and None for what nobody knows."""

import json

import pytest
from factories import attempt, attempt_events, model_spec, run_config, run_digest, run_events
from hypothesis import given
from strategies import CONFIG, logs

from benchgen import codec
from benchgen.digest import Counting, digest_of
from benchgen.errors import BadFile
from benchgen.fold import fold
from benchgen.panels.run_cards import run_cards
from benchgen.records.digest import RowTallies, TaskTally
from benchgen.records.events import Cost


def only_model(digest):
    (model,) = digest.models
    return model


@given(logs())
def test_the_digest_of_any_run_is_read_back_and_adds_up(log):
    digest = digest_of(fold(CONFIG, iter(log)))
    assert codec.digest(codec.file(digest), where="here") == digest
    assert sum(model.finished for model in digest.models) == digest.finished
    for model in digest.models:
        assert sum(tally.passed for tally in model.tasks.values()) == model.passed
        assert sum(tally.evaluated + tally.excluded for tally in model.tasks.values()) == model.finished


def test_models_stand_in_the_order_of_the_plan_also_before_any_outcome():
    digest = run_digest(run_config(models=("b/b", "a/a")), finished=False)
    assert [model.model_id for model in digest.models] == ["b/b", "a/a"]


def test_a_model_that_only_the_log_knows_comes_last():
    config = run_config(models=())
    digest = digest_of(fold(config, iter(attempt_events(attempt(model="engine/own")))))
    assert only_model(digest).model_id == "engine/own"


def test_excluded_attempts_are_counted_apart():
    model = only_model(run_digest(run_config(tasks=1, samples=3), [None, "api_error", "tests_failed"]))
    assert model.tasks == {"task_0": TaskTally(1, 2, excluded=1, steps=1.0, seconds=2.0, cost_nanousd=1_500_000.0)}
    assert model.categories == {"api_error": 1, "tests_failed": 1}


def test_no_known_price_is_none_and_not_zero():
    model = only_model(run_digest(cost_nanousd=None))
    assert (model.cost_nanousd, model.cost_is_lower_bound) == (None, True)


def test_no_usage_at_all_is_none_and_not_zero():
    model = only_model(run_digest(outcomes="api_error"))
    assert (model.input_tokens, model.output_tokens, model.tokens_per_second) == (None, None, None)


def test_nothing_finished_has_no_median():
    config = run_config()
    model = only_model(digest_of(fold(config, iter(run_events(config, [], finished=False)))))
    assert (model.finished, model.median_seconds, model.p90_seconds, model.total_seconds) == (0, None, None, 0)


def test_times_of_faults_that_are_not_the_models_do_not_move_its_median():
    config = run_config(tasks=1, samples=2)
    slow, fault = attempt(seconds=8.0), attempt(sample=1, seconds=0.1, category="api_error")
    model = only_model(digest_of(fold(config, iter(run_events(config, [slow, fault])))))
    assert (model.median_seconds, model.total_seconds) == (8.0, pytest.approx(8.1))


@pytest.mark.parametrize("rows", [False, True])
def test_what_nobody_scored_has_its_time_in_the_median_and_in_no_tally(rows):
    config = run_config(tasks=2, kind="dataset" if rows else "code")
    done = [attempt("task_0", seconds=8.0), attempt("task_1", seconds=4.0, is_scored=False)]
    state = fold(config, iter(run_events(config, done)))
    counting = Counting(each_once=rows)
    for row in state.counted_rows():
        counting.add(row)
    model = only_model(counting.digest(state))
    assert model.median_seconds == 6.0 == run_cards(state).whole.seconds.median
    assert [tally.seconds for tally in model.tasks.values()] == [8.0, None]


def test_machine_time_is_summed():
    config = run_config()
    costs = [Cost(machine=name, kind="gpu_time", hours=1.0, cost_nanousd=7) for name in ("a", "b", "a")]
    assert digest_of(fold(config, iter(costs))).machine_nanousd == 21


def test_one_mock_model_marks_the_whole_run():
    models = ("acme/fast", model_spec("builtin/noop", is_mock=True))
    assert run_digest(run_config(models=models)).is_mock
    assert not run_digest().is_mock


def test_the_rows_of_a_dataset_are_columns_in_the_file_and_tallies_when_read():
    config = run_config(kind="dataset", tasks=4)
    digest = run_digest(config, [None, "tests_failed", "api_error", None])
    spelled = codec.digest_file(digest)
    assert json.loads(spelled)["models"][0]["rows"]["outcomes"] == "pfxp"
    assert json.loads(spelled)["models"][0]["tasks"] == {}
    assert codec.digest(spelled, where="here") == digest


def test_columns_that_do_not_fit_together_are_a_bad_file():
    spelled = codec.digest_file(run_digest(run_config(kind="dataset", tasks=2)))
    with pytest.raises(BadFile, match="columns"):
        codec.digest(spelled.replace(b'"outcomes":"pp"', b'"outcomes":"p"'), where="here")


def test_tallies_in_columns_are_a_mapping_like_any_other():
    rows = RowTallies(("ä", "b", "c"), "pfx", (1.0, 2.0, None), (3.0, None, None))
    found = rows.tallies()
    assert found == dict(found.items()) == {row: found[row] for row in found}
    assert list(found.values()) == [TaskTally(1, 1, 0, 1.0, 1.0, 3.0), TaskTally(0, 1, 0, 1.0, 2.0), TaskTally(0, 0, 1)]
    assert RowTallies.of(found) is rows
