"""Only the exact set of cases, all passed, with exit code 0, is a pass."""

from __future__ import annotations

import pytest

from benchgen.judge.command import Scope
from benchgen.judge.verdict import verdict
from benchgen.records.attempt import CaseResult
from benchgen.sandbox.spec import Captured, Outcome

EXPECTED = ("a", "b")


def ended(how: str = "exited", code: int | None = 0, stdout: str = "") -> Outcome:
    return Outcome(how, code, Captured(stdout.encode()), Captured(), 1.0, 0.5, 1000)


def case(name: str, status: str = "passed") -> CaseResult:
    return CaseResult(name, status)


def test_all_cases_passed_and_exit_zero_is_a_pass():
    assert verdict(EXPECTED, [case("a"), case("b")], ended()).category is None


@pytest.mark.parametrize(
    "reported",
    [
        [],
        [case("a")],
        [case("a"), case("b", "failed")],
        [case("a"), case("b", "skipped")],
        [case("a"), case("b"), case("c")],
        [case("a"), case("b"), case("b")],
    ],
    ids=["nothing", "one missing", "one failed", "one skipped", "a stranger", "one twice"],
)
def test_anything_but_the_exact_set_is_a_failure(reported):
    found = verdict(EXPECTED, reported, ended())
    assert found.category == "tests_failed"
    assert found.score < 1


def test_a_failing_exit_code_is_a_failure_even_when_every_case_passed():
    assert verdict(EXPECTED, [case("a"), case("b")], ended(code=1)).category == "tests_failed"


def test_the_worst_result_of_a_case_counts():
    found = verdict(EXPECTED, [case("a"), case("b"), case("b", "failed")], ended(code=1))
    assert found.cases[1].status == "failed"


def test_running_out_of_time_is_a_timeout():
    assert verdict(EXPECTED, [case("a"), case("b")], ended("timeout", None)).category == "timeout"


def test_running_out_of_memory_is_the_models_failure():
    assert verdict(EXPECTED, [], ended("memory", None)).category == "tests_failed"


def test_a_broken_sandbox_is_ours():
    assert verdict(EXPECTED, [], ended("broken", None)).category == "harness"


def test_a_driver_that_does_not_build_is_a_compile_error():
    found = verdict(EXPECTED, [case("a", "failed")], ended(code=1, stdout="driver does not build: syntax error"))
    assert found.category == "compile_error"


def test_the_score_is_the_share_of_expected_cases():
    assert verdict(EXPECTED, [case("a"), case("b", "failed")], ended(code=1)).score == 0.5


def test_a_suite_that_stops_at_its_first_bad_case_says_at_which():
    found = verdict(EXPECTED, [case("b", "failed")], ended("enough", None), Scope(until_failure=True))
    assert (found.category, found.message) == ("tests_failed", "stopped at b, which did not pass")


def test_a_suite_that_was_ended_early_never_passes():
    assert verdict(EXPECTED, [case("a"), case("b")], ended("enough", None), Scope(until_failure=True)).category


def test_of_a_part_of_the_suite_only_the_named_cases_count():
    part = Scope(cases=("b",))
    assert verdict(EXPECTED, [case("a", "failed"), case("b")], ended(), part).category is None
    assert verdict(EXPECTED, [case("a"), case("b", "failed")], ended(), part).cases == (case("b", "failed"),)
    assert verdict(EXPECTED, [case("b"), case("c")], ended(), part).category == "tests_failed"
