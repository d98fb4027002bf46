"""The hardened command of each language, in whole and in part."""

from __future__ import annotations

from pathlib import Path

import pytest
import toys

from benchgen.catalog.tasks import load
from benchgen.judge.command import Scope, judge_command
from benchgen.record import replace
from benchgen.records.task import Task


@pytest.fixture
def task(tmp_path: Path) -> Task:
    return load(toys.make_task(tmp_path, "toy"))


def words(task: Task, *command: str, **scope) -> tuple[str, ...]:
    evaluation = replace(task.evaluation, command=command)
    return judge_command(replace(task, evaluation=evaluation), Scope(**scope)).argv


def test_pytest_starts_without_the_plugins_that_happen_to_be_there(task):
    assert judge_command(task).env == {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


@pytest.mark.parametrize(
    ("command", "part"),
    [
        (("python", "-m", "pytest", "tests"), ("-k", "test_a or test_b")),
        (("go", "test", "./judge/"), ("-run", "^(test_a|test_b)$")),
        (("cargo", "test", "--test", "judge"), ("--", "--exact", "test_a", "test_b[1/2]")),
        (("node", "tests/run-tests.js"), ("test_a", "test_b[1/2]")),
    ],
    ids=["pytest", "go", "cargo", "tap"],
)
def test_named_cases_are_asked_for_in_the_words_of_each_tool(task, command, part):
    cases = ("test_a", "test_b[1/2]")
    if command[0] == "go":
        cases = ("test_a", "test_b/1")
    assert "\0".join(part) in "\0".join(words(task, *command, cases=cases))
    assert part[-1] not in words(task, *command)


@pytest.mark.parametrize(
    ("command", "bad", "good"),
    [
        (
            ("go", "test", "./judge/"),
            b'{"Action":"fail","Package":"p","Test":"TestA"}\n',
            b'{"Action":"fail","Package":"p"}\n',
        ),
        (("cargo", "test"), b"test a ... FAILED\n", b"test a ... ok\n"),
        (("node", "tests/run-tests.js"), b"not ok 1 - a\n", b"ok 1 - not ok\n"),
    ],
    ids=["go", "cargo", "tap"],
)
def test_the_line_of_a_bad_case_is_known_and_no_other(task, command, bad, good):
    evaluation = replace(task.evaluation, command=command)
    enough = judge_command(replace(task, evaluation=evaluation), Scope(until_failure=True)).enough
    assert enough is not None
    assert enough.search(good + bad)
    assert not enough.search(good + bad[:-1])


def test_pytest_ends_itself_at_the_first_bad_case(task):
    command = judge_command(task, Scope(until_failure=True))
    assert command.argv[-1] == "-x"
    assert command.enough is None
    assert "-x" not in judge_command(task).argv
