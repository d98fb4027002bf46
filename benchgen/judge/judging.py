"""Judging one box: run the hardened command in the sandbox, read its report, reach a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchgen.catalog.layout import layout
from benchgen.errors import BadFile
from benchgen.judge.command import JUNIT, REPORT_FOLDER, WHOLE, JudgeCommand, Scope, judge_command
from benchgen.judge.report import read
from benchgen.judge.verdict import Verdict, verdict
from benchgen.record import Record
from benchgen.records.attempt import CaseResult, JudgeReport
from benchgen.records.task import Task
from benchgen.sandbox.files import Caps, UnsafePath, read_file
from benchgen.sandbox.spec import Job, Limits, Outcome, Sandbox, Toolchain

KEPT_BYTES = 4 * 1024 * 1024
_JUNIT_CAPS = Caps(file_bytes=16 * 1024 * 1024)


class Judgement(Record):
    """The verdict, how it was reached, and what was printed on the way. `reported` is every case that was told."""

    verdict: Verdict
    report: JudgeReport
    stdout: str
    stderr: str
    reported: tuple[CaseResult, ...] = ()


async def judge(
    task: Task, box: Path, sandbox: Sandbox, toolchains: Sequence[Toolchain], scope: Scope = WHOLE
) -> Judgement:
    """Runs the judge of `task` on a prepared box. Never raises for what the model's code does.

    A narrower scope asks for less, never for something else: what passes in whole passes in part.
    """
    command = judge_command(task, scope)
    outcome = await sandbox.run(_job(task, box, command, toolchains, is_open=sandbox.name == "none"))
    cases = _cases(command, box, outcome)
    return Judgement(
        verdict=verdict(task.cases, cases, outcome, scope),
        report=JudgeReport(
            command=command.argv,
            ended=outcome.ended,
            exit_code=outcome.exit_code,
            wall_seconds=round(outcome.wall_seconds, 3),
            cpu_seconds=round(outcome.cpu_seconds, 3),
            peak_memory_bytes=outcome.peak_memory_bytes,
            sandbox=sandbox.name,
        ),
        stdout=outcome.stdout.text(),
        stderr=outcome.stderr.text(),
        reported=tuple(cases),
    )


def _job(task: Task, box: Path, command: JudgeCommand, tools: Sequence[Toolchain], *, is_open: bool) -> Job:
    parts = layout(task)
    return Job(
        argv=command.argv,
        box=box,
        limits=Limits(wall_seconds=task.evaluation.timeout_seconds, kept_bytes=KEPT_BYTES),
        cwd=task.evaluation.working_dir,
        env={**task.evaluation.env, **command.env},
        read_only=parts.judge,
        hidden=(*parts.judge, REPORT_FOLDER),
        visible=parts.driver,
        secret=(task.folder, task.folder.parent),
        candidate_cwd="workspace",
        # Who asked for no sandbox by name was told that nothing is kept apart; everybody else gets it or a refusal.
        nested=task.isolation == "process" and not is_open,
        toolchains=tuple(tools),
        enough=command.enough,
    )


def _cases(command: JudgeCommand, box: Path, outcome: Outcome) -> list[CaseResult]:
    """What the judge reported; nothing where there is no report, which no verdict takes for a pass."""
    try:
        text = _report_text(command, box, outcome)
        return read(command.form, text)
    except (UnsafePath, BadFile):
        return []


def _report_text(command: JudgeCommand, box: Path, outcome: Outcome) -> str:
    if command.form == "junit":
        return read_file(box, JUNIT, _JUNIT_CAPS).decode("utf-8", "replace")
    return outcome.stdout.text()
