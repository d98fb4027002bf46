"""Foreign tasks on their way in: written down, judged once with their own solution, and kept if that passes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from benchgen.answers.extract import Change
from benchgen.catalog import exercism, harbor, humaneval
from benchgen.catalog.foreign import Foreign, NotImportable, with_cases, write
from benchgen.catalog.solutions import reference_diff
from benchgen.catalog.tasks import load
from benchgen.errors import BadFile, BenchgenError, NotFound
from benchgen.judge.box import lay_change, prepare
from benchgen.judge.judging import Judgement, judge
from benchgen.judge.report import tail
from benchgen.record import Record
from benchgen.records.task import Task
from benchgen.sandbox.files import remove_tree
from benchgen.sandbox.spec import Missing, Sandbox, Toolchain

Collection = Literal["exercism", "humaneval", "harbor"]
# The name of a foreign task, and the task; the reason where it cannot be read.
Found = tuple[str, Foreign | BenchgenError]
# Their tests run in threads and report in the order in which they end; by name, one exercise is one task.
_SIDE_BY_SIDE = ("go", "rust")


class Imported(Record):
    """What became of a foreign task: how many cases it has now, or why it is not one of ours."""

    name: str
    outcome: Literal["imported", "refused"]
    message: str
    cases: int = 0
    seconds: float = 0.0


class Workshop(Record):
    """Where imported tasks go, and what judges them."""

    folder: Path
    sandbox: Sandbox
    tools_of: Callable[[Task], Sequence[Toolchain] | Missing]


def found_at(path: Path, collection: Collection) -> Iterator[Found]:
    """Every foreign task at a path, with its name; one that cannot be read, with the reason instead."""
    if collection == "humaneval":
        yield from ((foreign.task_id, foreign) for foreign in humaneval.read(path))
        return
    places = exercism.folders(path) if collection == "exercism" else _harbor_folders(path)
    if not places:
        raise NotFound(f"no task of {collection} here", where=str(path))
    for place in places:
        try:
            yield place.name, exercism.read(place) if collection == "exercism" else harbor.refuse(place)
        except (NotImportable, BadFile) as reason:
            yield place.name, reason


async def bring(
    found: Iterable[Found],
    workshop: Workshop,
    jobs: int,
    tell: Callable[[Imported], None],
) -> list[Imported]:
    """Imports everything that was found, some at a time; `tell` hears of each as it ends."""
    queue = iter(found)
    results: list[Imported] = []

    async def work() -> None:
        for name, foreign in queue:
            result = await _settled(name, foreign, workshop)
            results.append(result)
            tell(result)

    async with asyncio.TaskGroup() as group:
        for _ in range(jobs):
            group.create_task(work())
    return sorted(results, key=lambda result: result.name)


async def _settled(name: str, foreign: Foreign | BenchgenError, workshop: Workshop) -> Imported:
    if not isinstance(foreign, Foreign):
        return Imported(name, "refused", foreign.message)
    try:
        return await _bring_one(foreign, workshop)
    except (NotImportable, BadFile) as reason:
        return Imported(foreign.task_id, "refused", reason.message)


async def _bring_one(foreign: Foreign, workshop: Workshop) -> Imported:
    place = await asyncio.to_thread(write, foreign, workshop.folder)
    try:
        judgement = await _judged(load(place), workshop)
        cases = _cases(judgement)
        if foreign.language in _SIDE_BY_SIDE:
            cases = tuple(sorted(cases))
    except (NotImportable, BadFile):
        await asyncio.to_thread(remove_tree, place)
        raise
    await asyncio.to_thread(write, with_cases(foreign, cases), workshop.folder)
    seconds = judgement.report.wall_seconds or 0.0
    return Imported(foreign.task_id, "imported", f"{len(cases)} cases", len(cases), seconds)


async def _judged(task: Task, workshop: Workshop) -> Judgement:
    """The tests' word on the task's own solution."""
    tools = await asyncio.to_thread(workshop.tools_of, task)
    if isinstance(tools, Missing):
        raise NotImportable(f"cannot be tried here: install {tools.install}")
    box = await asyncio.to_thread(prepare, task)
    try:
        await asyncio.to_thread(lay_change, box, task, Change(diff=reference_diff(task)))
        return await judge(task, box, workshop.sandbox, tools)
    finally:
        await asyncio.to_thread(remove_tree, box)


def _cases(judgement: Judgement) -> tuple[str, ...]:
    """The ids that the tests report, when each of them is told once and passes."""
    failed = [case.id for case in judgement.reported if case.status != "passed"]
    twice = [name for name, times in Counter(case.id for case in judgement.reported).items() if times > 1]
    said = tail(judgement.stderr or judgement.stdout)
    if judgement.report.ended != "exited" or not judgement.reported:
        raise NotImportable(f"its tests report nothing of its own solution ({judgement.report.ended}): {said}")
    if failed or judgement.report.exit_code != 0:
        raise NotImportable(f"its own solution does not pass: {', '.join(failed[:3]) or said}")
    if twice:
        raise NotImportable(f"two of its tests have one name: {', '.join(twice[:3])}")
    return tuple(case.id for case in judgement.reported)


def _harbor_folders(path: Path) -> list[Path]:
    if (path / harbor.TASK_FILE).is_file():
        return [path]
    return [entry.parent for entry in sorted(path.rglob(harbor.TASK_FILE))]
