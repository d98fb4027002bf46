"""What must hold of a task for it to measure something, and one try of each such thing by the real judge."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from benchgen.answers.extract import Change, NoChange, extract
from benchgen.answers.patch import PatchRefused
from benchgen.answers.prompt import EDIT_FORMATS
from benchgen.catalog.solutions import mutant_diff, reference_diff
from benchgen.errors import BadFile
from benchgen.judge.box import lay_change, prepare
from benchgen.judge.command import WHOLE, Scope
from benchgen.judge.judging import Judgement, judge
from benchgen.providers.builtin import NOOP_ANSWER
from benchgen.record import Record, replace
from benchgen.records.task import Task
from benchgen.sandbox.files import remove_tree
from benchgen.sandbox.spec import Missing, Sandbox, Toolchain
from benchgen.verify.cheats import cheats

_COMPANIONS = 2
Kind = Literal["reference", "starter", "noop", "mutant", "cheat", "agreement"]
Held = Literal["held", "broken", "weak", "not_runnable"]


class Check(Record):
    """One thing that must hold. `change` is a cheat's; the others' are made when their turn comes."""

    kind: Kind
    name: str
    caught_by: str = ""
    change: Change | None = None


class Checked(Record):
    """What came of a check: whether it held, in words, and what it took (seconds, bytes).

    `weak` is a cheat that passes where the task runs its tests in one process with the model's code. `cases` are the
    statuses of the task's cases, in their order.
    """

    task_id: str
    kind: Kind
    name: str
    outcome: Held
    message: str
    seconds: float = 0.0
    peak_memory_bytes: int | None = None
    cases: tuple[str, ...] = ()


def checks(task: Task, repeat: int = 1) -> list[Check]:
    """Everything to try on a task; `repeat` runs of the reference must agree."""
    if task.reference is None:
        return [Check("starter", "as it is"), Check("noop", "answer")]
    return [
        *(Check("reference", f"run {number}") for number in range(1, repeat + 1)),
        Check("starter", "as it is"),
        Check("noop", "answer"),
        *(Check("mutant", mutant.name, mutant.caught_by) for mutant in task.mutants),
        *(Check("cheat", cheat.name, change=cheat.change) for cheat in cheats(task)),
    ]


async def verify(task: Task, check: Check, sandbox: Sandbox, toolchains: Sequence[Toolchain]) -> Checked:
    """Tries one thing. The judge really runs, unless there is nothing that it could judge."""
    try:
        change = await asyncio.to_thread(_change, task, check)
        return await _tried(task, check, change, sandbox, toolchains)
    except (PatchRefused, NoChange) as refusal:
        held = check.kind in ("cheat", "noop")
        return Checked(task.task_id, check.kind, check.name, "held" if held else "broken", f"refused: {refusal}")
    except BadFile as fault:
        return Checked(task.task_id, check.kind, check.name, "broken", fault.message)


async def _tried(
    task: Task, check: Check, change: Change | None, sandbox: Sandbox, toolchains: Sequence[Toolchain]
) -> Checked:
    """What the least scope shows; where that settles nothing, what the whole suite shows."""
    scope = _least(task, check)
    tried = _checked(task, check, await _judged(task, change, scope, sandbox, toolchains))
    if tried.outcome == "held" or not scope.cases:
        return tried
    again = _checked(task, check, await _judged(task, change, WHOLE, sandbox, toolchains))
    return replace(again, seconds=tried.seconds + again.seconds)


async def _judged(
    task: Task, change: Change | None, scope: Scope, sandbox: Sandbox, toolchains: Sequence[Toolchain]
) -> Judgement:
    box = await asyncio.to_thread(prepare, task)
    try:
        if change is not None:
            await asyncio.to_thread(lay_change, box, task, change)
        return await judge(task, box, sandbox, toolchains, scope)
    finally:
        await asyncio.to_thread(remove_tree, box)


def not_runnable(task: Task, tools: Missing) -> Checked:
    """A task that cannot be tried here, and what to install."""
    message = f"not runnable here: install {tools.install}"
    return Checked(task.task_id, "reference", tools.name, "not_runnable", message)


def agreement(task: Task, results: Sequence[Checked]) -> Checked:
    """Whether all runs of the reference came to the same result of each case."""
    runs = [result.cases for result in results if result.kind == "reference"]
    unsteady = [case for case, *seen in zip(task.cases, *runs, strict=True) if len(set(seen)) > 1] if all(runs) else []
    message = f"runs of the reference disagree on {', '.join(unsteady)}" if unsteady else f"{len(runs)} runs agree"
    return Checked(task.task_id, "agreement", "of runs", "broken" if unsteady else "held", message)


def _least(task: Task, check: Check) -> Scope:
    """As much of the suite as may do. A pass takes all of it; a single bad case settles that there is none.

    A mutant must fail the case that catches it, and pass another.
    """
    if check.kind in ("starter", "cheat"):
        return Scope(until_failure=True)
    if check.kind == "mutant" and check.caught_by in task.cases:
        others = [case for case in task.cases if case != check.caught_by]
        return Scope(cases=(check.caught_by, *others[:_COMPANIONS]))
    return WHOLE


def _change(task: Task, check: Check) -> Change | None:
    if check.kind == "reference":
        return Change(diff=reference_diff(task))
    if check.kind == "mutant":
        return Change(diff=mutant_diff(task, check.name))
    if check.kind == "noop":
        return _change_of_nothing()
    return check.change


def _change_of_nothing() -> Change:
    """What the answer that proposes nothing is taken for; NoChange unless an edit format reads a change into it."""
    for edit_format in EDIT_FORMATS:
        try:
            return extract(NOOP_ANSWER, edit_format, allow_incomplete=True, allow_rewrite=True)
        except NoChange:
            continue
    raise NoChange("no_diff", "no change in any edit format")


def _checked(task: Task, check: Check, judgement: Judgement) -> Checked:
    problem = _problem(check, judgement)
    outcome: Held = "held" if problem is None else "broken"
    if problem is not None and check.kind == "cheat" and task.isolation is None:
        outcome = "weak"
    return Checked(
        task_id=task.task_id,
        kind=check.kind,
        name=check.name,
        outcome=outcome,
        message=problem or judgement.verdict.message,
        seconds=judgement.report.wall_seconds or 0.0,
        peak_memory_bytes=judgement.report.peak_memory_bytes,
        cases=tuple(case.status for case in judgement.verdict.cases),
    )


def _problem(check: Check, judgement: Judgement) -> str | None:
    """Why the check does not hold, in a sentence; None when it does."""
    category = judgement.verdict.category
    if category == "harness":
        return judgement.verdict.message
    if check.kind == "reference":
        return None if category is None else f"the reference does not pass: {judgement.verdict.message}"
    if category is None:
        return f"the {check.kind} passes"
    if check.kind == "mutant":
        return _escape(check, judgement)
    return None


def _escape(check: Check, judgement: Judgement) -> str | None:
    """How a mutant got past the case that must catch it. What does not build or run shows nothing about a case."""
    if judgement.verdict.category == "compile_error":
        return "the mutant does not build, so it shows nothing"
    if len(judgement.verdict.cases) > 1 and all(case.status != "passed" for case in judgement.verdict.cases):
        return "no case passes: the mutant does not even load, or is more than one mistake"
    failed = [case.id for case in judgement.verdict.cases if case.status == "failed"]
    if check.caught_by not in failed:
        return f"caught by {', '.join(failed[:3]) or judgement.verdict.message}, not by {check.caught_by}"
    return None
