"""The judging command as it is really run: the task's own, with the flags that harden it and make it report."""

from __future__ import annotations

from dataclasses import dataclass

from benchgen.judge.report import Form
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


@dataclass(frozen=True, slots=True)
class JudgeCommand:
    """The argument list, and the form in which it reports its cases."""

    argv: tuple[str, ...]
    form: Form


def judge_command(task: Task) -> JudgeCommand:
    """The hardened command of a task; one that is not known to report otherwise is taken to print TAP."""
    argv = task.evaluation.command
    if argv[:3] == ("python", "-m", "pytest"):
        return JudgeCommand(("python", "-P", "-m", "pytest", *_PYTEST, *argv[3:]), "junit")
    if argv[:2] == ("go", "test"):
        return JudgeCommand(("go", "test", "-json", "-count=1", *argv[2:]), "go")
    if argv[:2] == ("cargo", "test"):
        return JudgeCommand(argv, "cargo")
    return JudgeCommand(argv, "tap")
