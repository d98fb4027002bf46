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
from benchgen.answers.feedback import feedback
from benchgen.answers.patch import PatchRefused
from benchgen.clock import Clock
from benchgen.errors import BenchgenError
from benchgen.judge.box import lay_change, prepare
from benchgen.judge.judging import Judgement, judge
from benchgen.judge.report import cut, tail
from benchgen.providers.answer import Answer, ApiError
from benchgen.record import Record, field_names
from benchgen.records.attempt import Attempt, PatchReport, Phase, Usage
from benchgen.records.message import Message
from benchgen.records.run import Settings
from benchgen.records.status import MODEL_CATEGORIES, Category
from benchgen.records.task import Task
from benchgen.runner.desk import Assignment, Desk, Made
from benchgen.sandbox.files import remove_tree
from benchgen.sandbox.spec import Missing, Sandbox, Toolchain

REQUIREMENTS = "requirements"
ToolsOf = Callable[[Task], Sequence[Toolchain] | Missing]


class RunStopped(BenchgenError):
    """The run cannot go on (a full disk, a lost log): no fault of this attempt, so no outcome either."""

    code = "run_stopped"


class Bench(Record):
    """What every code attempt of a run uses. `slots` bounds how many judge at once."""

    tasks: Mapping[str, Task]
    settings: Settings
    sandbox: Sandbox
    tools_of: ToolsOf
    slots: asyncio.Semaphore
    clock: Clock
    mock_models: frozenset[str]
    boxes: Path


class _Result(Record):
    """What one turn came to."""

    category: Category | None
    message: str
    patch: PatchReport | None = None
    judgement: Judgement | None = None


@dataclass(slots=True)
class _Notes:
    """What is known of an attempt so far; it grows until the outcome is written from it."""

    started_at: str
    started: float
    files: dict[str, bytes] = field(default_factory=dict)
    phases: dict[str, float] = field(default_factory=dict)
    phase: Phase | None = None
    phase_since: float = 0.0
    answers: list[Answer] = field(default_factory=list)
    results: list[_Result] = field(default_factory=list)

    def keep(self, name: str, data: bytes) -> None:
        """A file of the attempt's folder; those of a further turn say which."""
        self.files[paths.of_turn(name, len(self.results) + 1)] = data


class _Ended(Exception):
    """The attempt is over before the judge spoke."""

    def __init__(self, category: Category, message: str) -> None:
        super().__init__(message)
        self.category = category


async def attempt_code(assignment: Assignment, bench: Bench, desk: Desk) -> Made:
    """Makes one attempt. Cancelling it kills what runs in the sandbox and leaves no outcome."""
    notes = _Notes(bench.clock.stamp(), bench.clock.monotonic())
    try:
        await _turns(assignment, bench, desk, notes)
    except _Ended as end:
        notes.results.append(_Result(end.category, str(end)))
    except RunStopped:
        raise
    except Exception as fault:  # noqa: BLE001 - one attempt is a border: a fault of ours ends it alone, on record
        notes.keep(paths.ERROR_LOG, traceback.format_exc().encode("utf-8", "replace"))
        notes.results.append(_Result("harness", f"{type(fault).__name__}: {fault}"))
    _close_phase(notes, bench.clock)
    return Made(_outcome(assignment, bench, notes), notes.files)


async def _turns(assignment: Assignment, bench: Bench, desk: Desk, notes: _Notes) -> None:
    """The first answer and, where the run allows and the model failed, further ones that saw what failed."""
    task = bench.tasks.get(assignment.planned.task)
    if task is None:
        raise _Ended("not_runnable", f"the catalog here has no task {assignment.planned.task!r}")
    tools = await asyncio.to_thread(bench.tools_of, task)
    if isinstance(tools, Missing):
        raise _Ended("not_runnable", f"not runnable here: {tools.name} is missing; {tools.install}")
    for chain in tools:
        if chain.name == REQUIREMENTS:
            notes.keep(paths.DEPENDENCIES, f"{chain.version}\n".encode("utf-8", "replace"))
    await _enter("prompting", bench, desk, notes)
    asked = await asyncio.to_thread(prompt.build, task, bench.settings)
    messages: tuple[Message, ...] = (Message("system", asked.system), Message("user", asked.user))
    told = asked.text()
    for turn in range(bench.settings.turns):
        notes.keep(paths.PROMPT, told.encode("utf-8", "replace"))
        answer = await _ask(messages, bench, desk, notes)
        result = await _judged(task, answer, bench, desk, notes, tools)
        notes.results.append(result)
        if result.category not in MODEL_CATEGORIES or turn + 1 == bench.settings.turns:
            return
        told = _told(result, bench.settings)
        messages = (*messages, Message("assistant", answer or "(no answer)"), Message("user", told))


def _told(result: _Result, settings: Settings) -> str:
    judged = result.judgement
    output = tail(judged.stderr or judged.stdout) if judged else ""
    return feedback(result.message, judged.verdict.cases if judged else (), output, settings.edit_format)


async def _ask(messages: tuple[Message, ...], bench: Bench, desk: Desk, notes: _Notes) -> str:
    await _enter("waiting", bench, desk, notes)
    try:
        answer = await desk.answer(len(notes.results), messages)
    except ApiError as fault:
        notes.keep(paths.ERROR_LOG, str(fault).encode("utf-8", "replace"))
        raise _Ended("api_error", str(fault)) from fault
    notes.answers.append(answer)
    notes.keep(paths.RESPONSE, answer.text.encode("utf-8", "surrogateescape"))
    notes.keep(paths.RESPONSE_JSON, answer.raw)
    return answer.text


async def _judged(
    task: Task, answer: str, bench: Bench, desk: Desk, notes: _Notes, tools: Sequence[Toolchain]
) -> _Result:
    """One answer in a fresh box: laid over it and tested."""
    async with bench.slots:
        await _enter("applying", bench, desk, notes)
        box = await asyncio.to_thread(prepare, task, bench.boxes)
        try:
            patch = await asyncio.to_thread(_apply, task, answer, box, bench.settings, notes)
            await _enter("testing", bench, desk, notes)
            judgement = await judge(task, box, bench.sandbox, tools)
        except _Ended as end:
            return _Result(end.category, str(end))
        finally:
            await asyncio.shield(asyncio.to_thread(remove_tree, box))
    notes.keep(paths.STDOUT, judgement.stdout.encode("utf-8", "replace"))
    notes.keep(paths.STDERR, judgement.stderr.encode("utf-8", "replace"))
    return _Result(judgement.verdict.category, judgement.verdict.message, patch, judgement)


def _apply(task: Task, answer: str, box: Path, settings: Settings, notes: _Notes) -> PatchReport:
    try:
        change = extract(
            answer,
            settings.edit_format,
            allow_incomplete=settings.allow_incomplete_diffs,
            allow_rewrite=settings.allow_diff_rewrite_fallback,
        )
        if change.diff:
            notes.keep(paths.PATCH, change.diff.encode("utf-8", "surrogateescape"))
        return lay_change(box, task, change)
    except NoChange as nothing:
        raise _Ended(nothing.category, str(nothing)) from nothing
    except PatchRefused as refusal:
        raise _Ended("patch_failed", str(refusal)) from refusal


async def _enter(phase: Phase, bench: Bench, desk: Desk, notes: _Notes) -> None:
    _close_phase(notes, bench.clock)
    notes.phase, notes.phase_since = phase, bench.clock.monotonic()
    await desk.phase(phase)


def _close_phase(notes: _Notes, clock: Clock) -> None:
    if notes.phase is not None:
        spent = clock.monotonic() - notes.phase_since
        notes.phases[notes.phase] = round(notes.phases.get(notes.phase, 0.0) + spent, 6)
        notes.phase = None


def _outcome(assignment: Assignment, bench: Bench, notes: _Notes) -> Attempt:
    """The first turn's result is the attempt's: what feedback helped to is told apart, and counts in no rate."""
    planned, first = assignment.planned, notes.results[0]
    judged, answers = first.judgement, notes.answers
    passed_at = next((turn for turn, result in enumerate(notes.results, 1) if result.category is None), None)
    later = f"; passed at turn {passed_at}, told what failed" if passed_at and passed_at > 1 else ""
    return Attempt(
        attempt=planned.attempt,
        task=planned.task,
        model=planned.model,
        sample=planned.sample,
        category=first.category,
        started_at=notes.started_at,
        finished_at=bench.clock.stamp(),
        duration_seconds=round(bench.clock.monotonic() - notes.started, 6),
        folder=assignment.folder,
        worker=assignment.worker,
        score=judged.verdict.score if judged else None,
        message=cut(first.message) + later,
        cases=judged.verdict.cases if judged else (),
        stdout_excerpt=tail(judged.stdout) if judged else "",
        stderr_excerpt=tail(judged.stderr) if judged else "",
        usage=_usage(answers),
        turns=len(answers) or 1,
        passed_at_turn=passed_at,
        api_latency_seconds=_latency(answers),
        first_token_seconds=answers[0].first_token_seconds if answers else None,
        phases=notes.phases,
        patch=first.patch,
        judge=judged.report if judged else None,
        replaces=assignment.replaces,
        from_cache=bool(answers) and all(answer.from_cache for answer in answers),
        is_mock=planned.model in bench.mock_models,
    )


def _usage(answers: Sequence[Answer]) -> Usage | None:
    """The tokens of all turns; None where one of them is not known."""
    known = [answer.usage for answer in answers if answer.usage is not None]
    if not known or len(known) < len(answers):
        return None
    names = field_names(Usage)
    return Usage(**{name: sum(getattr(usage, name) for usage in known) for name in names})


def _latency(answers: Sequence[Answer]) -> float | None:
    known = [answer.latency_seconds for answer in answers if answer.latency_seconds is not None]
    return round(sum(known), 6) if known else None
