"""The judge's report, read as cases."""

from __future__ import annotations

import pytest

from benchgen.errors import BadFile
from benchgen.judge.report import cut, read


def statuses(form: str, text: str) -> dict[str, str]:
    return {case.id: case.status for case in read(form, text)}


def test_pytest_reports_passes_failures_errors_and_skips():
    xml = (
        '<testsuites><testsuite><testcase name="test_a" time="0.5"/>'
        '<testcase name="test_b"><failure message="boom"/></testcase>'
        '<testcase name="test_c"><error message="no"/></testcase>'
        '<testcase name="test_d"><skipped/></testcase></testsuite></testsuites>'
    )
    assert statuses("junit", xml) == {"test_a": "passed", "test_b": "failed", "test_c": "failed", "test_d": "skipped"}


def test_a_junit_file_with_entities_is_refused():
    with pytest.raises(BadFile):
        read("junit", '<!DOCTYPE x [<!ENTITY a "b">]><testsuites/>')


def test_go_reports_by_event_and_keeps_what_a_failure_said():
    text = (
        '{"Action":"run","Test":"TestA"}\n{"Action":"pass","Test":"TestA","Elapsed":0.1}\n'
        '{"Action":"output","Test":"TestB","Output":"judge_test.go:9: want 1\\n"}\n'
        '{"Action":"fail","Test":"TestB"}\n{"Action":"fail"}\n'
    )
    cases = read("go", text)
    assert [(case.id, case.status) for case in cases] == [("TestA", "passed"), ("TestB", "failed")]
    assert "want 1" in cases[1].message


def test_a_go_line_that_was_cut_is_passed_over():
    assert read("go", '{"Action":"pa\n{"Action":"pass","Test":"TestA"}\n')[0].id == "TestA"


def test_cargo_reports_one_line_a_test_with_the_panic_of_a_failure():
    text = (
        "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n"
        "---- b stdout ----\nthread panicked: left 1 right 2\n\nfailures:\n    b\n"
    )
    cases = read("cargo", text)
    assert [(case.id, case.status) for case in cases] == [("a", "passed"), ("b", "failed")]
    assert "left 1" in cases[1].message


def test_tap_reports_with_detail_and_directives():
    text = (
        "TAP version 14\n1..3\nok 1 - first\n"
        "not ok 2 - second\n  ---\n  message: wrong\n  ...\nok 3 - third # SKIP later\n"
    )
    cases = read("tap", text)
    assert [(case.id, case.status) for case in cases] == [
        ("first", "passed"),
        ("second", "failed"),
        ("third", "skipped"),
    ]
    assert cases[1].message == "message: wrong"


def test_a_case_told_twice_stays_twice():
    assert len(read("tap", "ok 1 - a\nok 2 - a\n")) == 2


def test_what_a_failed_case_says_keeps_its_columns():
    said = "not ok 1 - first\n  ---\n  message: |\n    differs:\n      [\n    +   'a'\n      ]\n  ...\n"
    assert read("tap", said)[0].message == "differs:\n  [\n+   'a'\n  ]"


def test_a_long_message_is_cut_to_500_bytes():
    assert len(cut("é" * 1000).encode()) <= 500


def test_a_line_of_a_megabyte_of_blanks_stalls_nobody():
    (case,) = read("tap", "ok 1 - a" + " " * 1_000_000 + "x\n")
    assert case.id.startswith("a ")


def test_a_name_and_its_directive_are_told_apart():
    found = read("tap", "ok 1 - a b  # SKIP no network\nnot ok 2 c\t\nok\n")
    assert [(case.id, case.status) for case in found] == [("a b", "skipped"), ("c", "failed"), ("", "passed")]
