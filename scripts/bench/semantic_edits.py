"""Breaks each reference by one small edit at a time and counts the edits that the task's tests do not notice.

    python scripts/bench/semantic_edits.py [--edits N] [--jobs N] [--seed N] [TARGET…]

An edit swaps one operator, constant or word of the reference for its neighbour. What survives is printed with its
place: it is either equivalent (the program does the same) or a claim that no case makes.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchgen.answers.extract import Change
from benchgen.assets import tasks as tasks_folder
from benchgen.catalog.select import select
from benchgen.catalog.solutions import overlay_diff
from benchgen.catalog.tasks import Catalog, files
from benchgen.records.task import Task
from benchgen.sandbox.choose import choose
from benchgen.sandbox.spec import Sandbox
from benchgen.sandbox.toolchains import for_language
from benchgen.verify.checks import Check, verify

SWAPS = {
    " < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > ", " == ": " != ", " != ": " == ", " === ": " !== ",
    " !== ": " === ", " && ": " || ", " || ": " && ", " and ": " or ", " or ": " and ", " + ": " - ", " - ": " + ",
    "true": "false", "false": "true", "True": "False", "False": "True", " += ": " -= ", "min(": "max(", "max(": "min(",
    "continue": "break", " 0": " 1", " 1": " 2",
}  # fmt: skip
_SWAP = re.compile("|".join(f"{re.escape(old)}(?![\\w.])" for old in sorted(SWAPS, key=len, reverse=True)))
_NO_CODE = re.compile(r"^\s*(//|#|\*|/\*|\"\"\"|import |from |use |package )")


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of one file of a reference; `line` counts from 1."""

    task: Task
    path: Path
    line: int
    before: str
    after: str


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*", default=["all"])
    parser.add_argument("--edits", type=int, default=5, help="edits of each task")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tasks = select(Catalog(tasks_folder()), options.targets)
    chosen = [edit for task in tasks for edit in _some(task, options.edits, options.seed)]
    asyncio.run(_measure(chosen, options.jobs))


def _some(task: Task, count: int, seed: int) -> list[Edit]:
    found = list(_edits(task))
    return random.Random(f"{seed} {task.task_id}").sample(found, min(count, len(found)))


def _edits(task: Task) -> Iterator[Edit]:
    assert task.reference is not None
    for path in files(task.reference):
        in_comment = False
        for number, line in enumerate((task.reference / path).read_text("utf-8").splitlines(), 1):
            in_comment ^= line.count('"""') == 1
            if in_comment or _NO_CODE.match(line):
                continue
            code = re.split(r"\s(?://|#)\s", line)[0]
            for found in _SWAP.finditer(code):
                after = line[: found.start()] + SWAPS[found[0]] + line[found.end() :]
                yield Edit(task, Path(path), number, line, after)


async def _measure(edits: list[Edit], jobs: int) -> None:
    sandbox = await choose("auto")
    queue, caught, survived = iter(edits), 0, []

    async def work() -> None:
        nonlocal caught
        for edit in queue:
            if await _passes(edit, sandbox):
                survived.append(edit)
                print(f"survives: {edit.task.task_id} {edit.path}:{edit.line}\n  - {edit.before.strip()}", end="")
                print(f"\n  + {edit.after.strip()}", flush=True)
            else:
                caught += 1

    await asyncio.gather(*(work() for _ in range(jobs)))
    print(f"{caught} of {len(edits)} edits are noticed, {len(survived)} survive")


async def _passes(edit: Edit, sandbox: Sandbox) -> bool:
    tools = for_language(edit.task.language)
    assert isinstance(tools, tuple), tools
    check = Check("cheat", "edit", change=Change(diff=await asyncio.to_thread(_diff, edit)))
    return (await verify(edit.task, check, sandbox, tools)).outcome == "broken"


def _diff(edit: Edit) -> str:
    assert edit.task.reference is not None
    with tempfile.TemporaryDirectory(prefix="edit-") as folder:
        place = Path(folder) / edit.path
        place.parent.mkdir(parents=True, exist_ok=True)
        lines = (edit.task.reference / edit.path).read_text("utf-8").splitlines()
        lines[edit.line - 1] = edit.after
        place.write_text("\n".join(lines) + "\n", "utf-8")
        return overlay_diff(edit.task.workspace, [edit.task.reference, Path(folder)])


if __name__ == "__main__":
    main()
