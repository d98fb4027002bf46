"""Does a task measure something? Runs its reference, its starter, its mutants and the cheats, and says what held."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from benchgen.answers.extract import Change, NoChange
from benchgen.answers.patch import PatchRefused
from benchgen.catalog.solutions import mutant_diff, reference_diff
from benchgen.judge.box import lay_change, prepare
from benchgen.judge.judging import Judgement, judge
from benchgen.records.task import Task
from benchgen.sandbox.files import remove_tree
from benchgen.sandbox.spec import Missing, Sandbox, Toolchain
from benchgen.verify.cheats import cheats

Kind = Literal["reference", "starter", "noop", "mutant", "cheat"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold. `expected_case` is the case that a mutant must fail on."""

    kind: Kind
    name: str
    change: Change | None
    expected_case: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check: whether it held, in words, and what it took (seconds, bytes)."""

    task_id: str
    kind: Kind
    name: str
    held: bool
    message: str
    seconds: float
    peak_memory_bytes: int | None


def checks(task: Task, repeat: int = 1) -> Iterator[Check]:
    """Everything to try on a task; `repeat` runs of the reference must agree."""
    for number in range(repeat):
        yield Check("reference", f"run {number + 1}", Change(diff=reference_diff(task)))
    yield Check("starter", "as it is", None)
    for mutant in task.mutants:
        yield Check("mutant", mutant.name, Change(diff=mutant_diff(task, mutant.name)), mutant.caught_by)
    for cheat in cheats(task):
        yield Check("cheat", cheat.name, cheat.change)


async def verify(task: Task, check: Check, sandbox: Sandbox, toolchains: Sequence[Toolchain]) -> Checked:
    """Tries one thing. The judge really runs."""
    box = await asyncio.to_thread(prepare, task)
    try:
        if check.change is not None:
            await asyncio.to_thread(lay_change, box, task, check.change)
        judgement = await judge(task, box, sandbox, toolchains)
    except (PatchRefused, NoChange) as refusal:
        held = check.kind == "cheat"
        return Checked(task.task_id, check.kind, check.name, held, f"refused: {refusal}", 0.0, None)
    finally:
        await asyncio.to_thread(remove_tree, box)
    return _checked(task, check, judgement)


def missing(task: Task, tools: Missing) -> Checked:
    """A task that cannot be tried here."""
    return Checked(task.task_id, "reference", "not runnable here", False, f"{tools.name}: {tools.install}", 0.0, None)


def _checked(task: Task, check: Check, judgement: Judgement) -> Checked:
    problem = _problem(check, judgement)
    return Checked(
        task_id=task.task_id,
        kind=check.kind,
        name=check.name,
        held=problem is None,
        message=problem or judgement.verdict.message,
        seconds=judgement.report.wall_seconds,
        peak_memory_bytes=judgement.report.peak_memory_bytes,
    )


def _problem(check: Check, judgement: Judgement) -> str | None:
    category = judgement.verdict.category
    if category == "harness":
        return judgement.verdict.message
    if check.kind == "reference":
        return None if category is None else f"the reference does not pass: {judgement.verdict.message}"
    if category is None:
        return f"the {check.kind} passes"
    if check.kind == "mutant":
        failed = [case.id for case in judgement.verdict.cases if case.status != "passed"]
        if check.expected_case not in failed:
            return f"caught by {', '.join(failed[:3]) or category}, not by {check.expected_case}"
        if category == "compile_error":
            return "the mutant does not build, so it shows nothing"
    return None
