"""Reports from hostile or broken hands are read as cases, or not at all, and never as more than they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from benchgen.errors import BadFile
from benchgen.judge.report import LONGEST_MESSAGE, read
from benchgen.judge.verdict import verdict
from benchgen.sandbox.spec import Captured, Outcome

DONE = Outcome("exited", 0, Captured(), Captured(), 1.0, 0.5, 1000)


def test_a_case_that_failed_and_was_skipped_failed():
    text = '<testsuite><testcase name="a"><skipped/><failure message="no"/></testcase></testsuite>'
    assert [case.status for case in read("junit", text)] == ["failed"]


@pytest.mark.parametrize("time", ["nan", "inf", "-inf", "soon", ""])
def test_a_time_that_is_no_number_is_left_out(time):
    text = f'<testsuite><testcase name="a" time="{time}"/></testsuite>'
    assert read("junit", text)[0].seconds is None


@pytest.mark.parametrize("elapsed", ['"long"', "[1]", "null", "1e999"])
def test_a_time_of_go_that_is_no_number_is_left_out(elapsed):
    text = f'{{"Action":"pass","Test":"TestA","Elapsed":{elapsed}}}'
    assert [case.seconds for case in read("go", text)] in ([None], [])


@pytest.mark.parametrize("text", ["", "<", "<a>", "<testsuite><testcase name='a'></testsuite>", "not ok"])
def test_xml_that_is_none_is_refused(text):
    with pytest.raises(BadFile):
        read("junit", text)


def test_a_case_without_a_name_is_a_stranger():
    cases = read("junit", '<testsuite><testcase/><testcase name="a"/></testsuite>')
    assert verdict(("a",), cases, DONE).category == "tests_failed"


def test_lines_that_only_look_like_cargos_are_none():
    text = "note: test a ... ok\n test b ... ok\ntest c...ok\ntest d ... okay\ntest e ... ok\n"
    assert [case.id for case in read("cargo", text)] == ["d", "e"]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("ok 1 - a", "passed"),
        ("not ok 1 - a", "failed"),
        ("ok 1 - a # skip", "skipped"),
        ("ok 1 - a # TODO later", "skipped"),
        ("not ok 1 - a # TODO", "skipped"),
        ("ok - a", "passed"),
        ("ok a", "passed"),
    ],
)
def test_tap_is_read_with_its_directives(line, status):
    assert [(case.id, case.status) for case in read("tap", line)] == [("a", status)]


@pytest.mark.parametrize("line", ["okay 1 - a", "  ok 1 - a", "# ok 1 - a", "Ok 1 - a", "1 ok - a", "notok 1 - a"])
def test_what_only_looks_like_tap_is_none(line):
    assert read("tap", line) == []


def test_a_forged_line_beside_the_real_one_makes_no_pass():
    cases = read("tap", "ok 1 - a\nok 1 - a\nok 2 - b\n")
    assert verdict(("a", "b"), cases, DONE).category == "tests_failed"


@given(some.text(), some.sampled_from(["junit", "go", "cargo", "tap"]))
def test_any_text_gives_cases_or_a_clean_error(text, form):
    try:
        cases = read(form, text)
    except BadFile:
        return
    assert all(len(case.message.encode()) <= LONGEST_MESSAGE for case in cases)
    assert verdict(("a_case_that_is_not_in_it",), cases, DONE).category is not None
