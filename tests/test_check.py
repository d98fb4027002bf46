"""The gate: what stops, what is only said, and the exit code that tells a pipeline."""

from __future__ import annotations

import csv
import io
import json

import pytest
import toys
from factories import make_run, run_config, run_digest

from benchgen.errors import EXIT_GATE, EXIT_INCOMPLETE, EXIT_USAGE
from benchgen.numbers.gate import GateVerdict
from benchgen.panels.check import Demand, check


def digest(run_id, outcomes=None, *, models=("acme/fast",), tasks=40, **options):
    return run_digest(run_config(run_id=run_id, tasks=tasks, models=models), outcomes, **options)


HALF = [None, "tests_failed"]


def test_a_separable_drop_of_the_size_that_was_named_stops():
    found = check(digest("b", HALF), digest("a"), Demand(max_drop=0.05))
    assert (found.passed, found.models[0].gate.verdict) == (False, GateVerdict.REGRESSED)
    assert (
        found.models[0]
        .sentences[-1]
        .startswith("regressed by at least 5 pp: this run solves 50.0 pp fewer than the baseline")
    )


def test_a_drop_that_the_test_does_not_see_does_not_stop_and_is_said():
    found = check(digest("b", {"task_0": "tests_failed"}), digest("a"), Demand())
    assert (found.passed, found.models[0].gate.verdict) == (True, GateVerdict.NO_EVIDENCE)
    assert "would be visible" in found.models[0].sentences[-1]


def test_each_model_must_reach_the_rate():
    run = digest("b", {"task_0__b/b__sample00": "tests_failed"}, models=("a/a", "b/b"), tasks=2)
    found = check(run, None, Demand(fail_under=0.75))
    assert [(one.model, one.reaches) for one in found.models] == [("a/a", True), ("b/b", False)]
    assert not found.passed


def test_a_rate_that_nobody_knows_reaches_nothing():
    assert not check(digest("b", "api_error"), None, Demand(fail_under=0.0)).passed


def test_a_model_that_the_baseline_lacks_is_said_to_be_missing():
    found = check(digest("b", models=("a/a", "b/b")), digest("a", models=("a/a",)), Demand())
    assert [one.gate is None for one in found.models] == [False, True]
    assert found.models[1].sentences == ("the baseline does not have this model",)


@pytest.fixture
def results(tmp_path):
    make_run(tmp_path, run_config(run_id="good", tasks=30), artifacts=False)
    make_run(tmp_path, run_config(run_id="bad", tasks=30), HALF, artifacts=False)
    make_run(tmp_path, run_config(run_id="going", tasks=30), artifacts=False, finished=False, upto=9)
    return tmp_path


def run(results, *words):
    return toys.run("check", *words, "-o", results, cwd=results)


def test_a_gate_that_is_not_met_ends_with_3(results):
    done = run(results, "bad", "--baseline", "good")
    assert done.returncode == EXIT_GATE
    assert "the gate is not met" in done.stdout


def test_a_gate_that_is_met_ends_with_0_and_one_of_a_partial_run_with_4(results):
    assert run(results, "bad", "--fail-under", "50").returncode == 0
    assert run(results, "going", "--fail-under", "50").returncode == EXIT_INCOMPLETE


def test_nothing_asked_is_wrong_usage(results):
    assert run(results, "bad").returncode == EXIT_USAGE


def test_the_answer_can_be_passed_on(results):
    words = ("bad", "--baseline", "good", "--fail-under", "80")
    assert json.loads(run(results, *words, "--json").stdout)["passed"] is False
    (row,) = csv.DictReader(io.StringIO(run(results, *words, "--csv").stdout))
    assert row["verdict"] == "not met, regressed"
    assert "| acme/fast | not met, regressed | 50.0 % |" in run(results, *words, "--md").stdout


def test_a_share_in_place_of_a_percentage_is_refused_with_what_to_write(tmp_path):
    done = toys.run("check", "latest", "--fail-under", "0.9", cwd=tmp_path)
    assert done.returncode == 2
    assert "for 90 % write 90" in done.stderr
