"""One code attempt: prompt, answer, change, judge, outcome. It never raises for what a model does."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchgen import paths
from benchgen.answers import prompt
from benchgen.answers.extract import NoChange, extract
from benchgen.answers.patch import PatchRefused
from benchgen.clock import Clock
from benchgen.errors import BenchgenError
from benchgen.judge.box import lay_change, prepare
from benchgen.judge.judging import Judgement, judge
from benchgen.judge.report import cut, tail
from benchgen.providers.answer import Answer, ApiError, Message
from benchgen.records.attempt import Attempt, PatchReport, Phase
from benchgen.records.run import Settings
from benchgen.records.status import Category
from benchgen.records.task import Task
from benchgen.runner.desk import Assignment, Desk, Made
from benchgen.sandbox.files import remove_tree
from benchgen.sandbox.spec import Missing, Sandbox, Toolchain

ToolsOf = Callable[[Task], Sequence[Toolchain] | Missing]


class RunStopped(BenchgenError):
    """The run cannot go on (a full disk, a lost log): no fault of this attempt, so no outcome either."""

    code = "run_stopped"


@dataclass(frozen=True, slots=True)
class Bench:
    """What every code attempt of a run uses. `slots` bounds how many judge at once."""

    tasks: Mapping[str, Task]
    settings: Settings
    sandbox: Sandbox
    tools_of: ToolsOf
    slots: asyncio.Semaphore
    clock: Clock
    mock_models: frozenset[str]
    boxes: Path


@dataclass(slots=True)
class _Notes:
    """What is known of an attempt so far; it grows until the outcome is written from it."""

    started_at: str
    started: float
    files: dict[str, bytes] = field(default_factory=dict)
    phases: dict[str, float] = field(default_factory=dict)
    phase: Phase | None = None
    phase_since: float = 0.0
    answer: Answer | None = None
    patch: PatchReport | None = None
    judgement: Judgement | None = None


class _Ended(Exception):
    """The attempt is over before the judge spoke."""

    def __init__(self, category: Category, message: str) -> None:
        super().__init__(message)
        self.category = category


async def attempt_code(assignment: Assignment, bench: Bench, desk: Desk) -> Made:
    """Makes one attempt. Cancelling it kills what runs in the sandbox and leaves no outcome."""
    notes = _Notes(bench.clock.stamp(), bench.clock.monotonic())
    try:
        await _steps(assignment, bench, desk, notes)
        category, message = _verdict(notes)
    except _Ended as end:
        category, message = end.category, str(end)
    except RunStopped:
        raise
    except Exception as fault:  # noqa: BLE001 - one attempt is a border: a fault of ours ends it alone, on record
        category, message = "harness", f"{type(fault).__name__}: {fault}"
        notes.files[paths.ERROR_LOG] = traceback.format_exc().encode("utf-8", "replace")
    _close_phase(notes, bench.clock)
    return Made(_outcome(assignment, bench, notes, category, message), notes.files)


async def _steps(assignment: Assignment, bench: Bench, desk: Desk, notes: _Notes) -> None:
    task = bench.tasks.get(assignment.planned.task)
    if task is None:
        raise _Ended("not_runnable", f"the catalog here has no task {assignment.planned.task!r}")
    tools = await asyncio.to_thread(bench.tools_of, task)
    if isinstance(tools, Missing):
        raise _Ended("not_runnable", f"not runnable here: {tools.name} is missing; {tools.install}")
    asked = await _ask(task, bench, desk, notes)
    async with bench.slots:
        await _judge_answer(task, asked, bench, desk, notes, tools)


async def _ask(task: Task, bench: Bench, desk: Desk, notes: _Notes) -> str:
    await _enter("prompting", bench, desk, notes)
    asked = await asyncio.to_thread(prompt.build, task, bench.settings)
    notes.files[paths.PROMPT] = asked.text().encode("utf-8", "replace")
    await _enter("waiting", bench, desk, notes)
    try:
        answer = await desk.answer(0, (Message("system", asked.system), Message("user", asked.user)))
    except ApiError as fault:
        notes.files[paths.ERROR_LOG] = str(fault).encode("utf-8", "replace")
        raise _Ended("api_error", str(fault)) from fault
    notes.answer = answer
    notes.files[paths.RESPONSE] = answer.text.encode("utf-8", "surrogateescape")
    notes.files[paths.RESPONSE_JSON] = answer.raw
    return answer.text


async def _judge_answer(
    task: Task, answer: str, bench: Bench, desk: Desk, notes: _Notes, tools: Sequence[Toolchain]
) -> None:
    await _enter("applying", bench, desk, notes)
    box = await asyncio.to_thread(prepare, task, bench.boxes)
    try:
        notes.patch = await asyncio.to_thread(_apply, task, answer, box, bench.settings, notes)
        await _enter("testing", bench, desk, notes)
        notes.judgement = await judge(task, box, bench.sandbox, tools)
        notes.files[paths.STDOUT] = notes.judgement.stdout.encode("utf-8", "replace")
        notes.files[paths.STDERR] = notes.judgement.stderr.encode("utf-8", "replace")
    finally:
        await asyncio.shield(asyncio.to_thread(remove_tree, box))


def _apply(task: Task, answer: str, box: Path, settings: Settings, notes: _Notes) -> PatchReport:
    try:
        change = extract(
            answer,
            settings.edit_format,
            allow_incomplete=settings.allow_incomplete_diffs,
            allow_rewrite=settings.allow_diff_rewrite_fallback,
        )
        if change.diff:
            notes.files[paths.PATCH] = change.diff.encode("utf-8", "surrogateescape")
        return lay_change(box, task, change)
    except NoChange as nothing:
        raise _Ended(nothing.category, str(nothing)) from nothing
    except PatchRefused as refusal:
        raise _Ended("patch_failed", str(refusal)) from refusal


def _verdict(notes: _Notes) -> tuple[Category | None, str]:
    if notes.judgement is None:
        raise BenchgenError("the judge was never asked")
    return notes.judgement.verdict.category, notes.judgement.verdict.message


async def _enter(phase: Phase, bench: Bench, desk: Desk, notes: _Notes) -> None:
    _close_phase(notes, bench.clock)
    notes.phase, notes.phase_since = phase, bench.clock.monotonic()
    await desk.phase(phase)


def _close_phase(notes: _Notes, clock: Clock) -> None:
    if notes.phase is not None:
        spent = clock.monotonic() - notes.phase_since
        notes.phases[notes.phase] = round(notes.phases.get(notes.phase, 0.0) + spent, 6)
        notes.phase = None


def _outcome(assignment: Assignment, bench: Bench, notes: _Notes, category: Category | None, message: str) -> Attempt:
    planned, answer, judged = assignment.planned, notes.answer, notes.judgement
    return Attempt(
        attempt=planned.attempt,
        task=planned.task,
        model=planned.model,
        sample=planned.sample,
        category=category,
        started_at=notes.started_at,
        finished_at=bench.clock.stamp(),
        duration_seconds=round(bench.clock.monotonic() - notes.started, 6),
        folder=assignment.folder,
        worker=assignment.worker,
        score=judged.verdict.score if judged else None,
        message=cut(message),
        cases=judged.verdict.cases if judged else (),
        stdout_excerpt=tail(judged.stdout) if judged else "",
        stderr_excerpt=tail(judged.stderr) if judged else "",
        usage=answer.usage if answer else None,
        api_latency_seconds=answer.latency_seconds if answer else None,
        first_token_seconds=answer.first_token_seconds if answer else None,
        phases=notes.phases,
        patch=notes.patch,
        judge=judged.report if judged else None,
        replaces=assignment.replaces,
        from_cache=bool(answer and answer.from_cache),
        is_mock=planned.model in bench.mock_models,
    )
