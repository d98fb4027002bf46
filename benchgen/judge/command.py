"""The judging command as it is really run: the task's own, with the flags that harden it and make it report."""

from __future__ import annotations

import re
from collections.abc import Mapping

from benchgen.judge.report import Form
from benchgen.record import Record, field
from benchgen.records.task import Task

REPORT_FOLDER = ".benchgen"
JUNIT = f"{REPORT_FOLDER}/junit.xml"
_PYTEST = (
    "-p",
    "no:cacheprovider",
    "--noconftest",
    "-c",
    "/dev/null",
    "--rootdir=.",
    f"--junitxml={JUNIT}",
    "-o",
    "junit_family=xunit1",
)


# Plugins that happen to be installed beside pytest cost two seconds a start, and none of them is part of the judge.
_PYTEST_ENV = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
_BAD_CASE: Mapping[Form, re.Pattern[bytes]] = {
    "go": re.compile(rb'^\{.*"Action":"fail".*"Test":.*\n', re.M),
    "cargo": re.compile(rb"^test \S+(?: - should panic)? \.\.\. FAILED\n", re.M),
    "tap": re.compile(rb"^not ok\b.*\n", re.M),
}


class Scope(Record):
    """How much of a suite to run: the named cases only (none named: all), and no further than the first bad one."""

    cases: tuple[str, ...] = ()
    until_failure: bool = False


WHOLE = Scope()


class JudgeCommand(Record):
    """The argument list, the form in which it reports its cases, and the line after which it may be ended."""

    argv: tuple[str, ...]
    form: Form
    env: Mapping[str, str] = field(default_factory=dict)
    enough: re.Pattern[bytes] | None = None


def judge_command(task: Task, scope: Scope = WHOLE) -> JudgeCommand:
    """The hardened command of a task; one that is not known to report otherwise is taken to print TAP."""
    argv = task.evaluation.command
    if argv[:3] == ("python", "-m", "pytest"):
        argv = ("python", "-P", "-m", "pytest", *_PYTEST, *argv[3:], *_pytest_scope(scope))
        return JudgeCommand(argv, "junit", _PYTEST_ENV)
    if argv[:2] == ("go", "test"):
        return _streaming(("go", "test", "-json", "-count=1", *_go_scope(scope), *argv[2:]), "go", scope)
    if argv[:2] == ("cargo", "test"):
        return _streaming((*argv, *(("--", "--exact", *scope.cases) if scope.cases else ())), "cargo", scope)
    return _streaming((*argv, *scope.cases), "tap", scope)


def _streaming(argv: tuple[str, ...], form: Form, scope: Scope) -> JudgeCommand:
    """A command that tells of each case as it ends."""
    return JudgeCommand(argv, form, enough=_BAD_CASE[form] if scope.until_failure else None)


def _pytest_scope(scope: Scope) -> tuple[str, ...]:
    names = dict.fromkeys(case.partition("[")[0] for case in scope.cases)
    chosen = ("-k", " or ".join(names)) if names else ()
    return (*chosen, "-x") if scope.until_failure else chosen


def _go_scope(scope: Scope) -> tuple[str, ...]:
    names = dict.fromkeys(re.escape(case.partition("/")[0]) for case in scope.cases)
    return ("-run", f"^({'|'.join(names)})$") if names else ()
