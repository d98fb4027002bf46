"""Is a task written as the guide asks? Metadata, mutants, files and, for the built-in catalog, how many there are."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from benchgen.catalog.globs import matches
from benchgen.catalog.layout import layout
from benchgen.catalog.solutions import mutated_files
from benchgen.catalog.tasks import LEFT_OUT, METADATA_FILE, BrokenTask, files
from benchgen.errors import BadFile
from benchgen.paths import MUTANT_PATCH
from benchgen.record import Record
from benchgen.records.task import Task
from benchgen.verify import wording

DOMAINS = ("algorithms", "cli", "concurrency", "data-structures", "numerics", "parsing", "scheduling", "web")
FEWEST_MUTANTS = 4
SHORTEST_WHY = 20
CASES = range(8, 17)
_LEFT_BEHIND = (*LEFT_OUT, "build", ".mypy_cache", ".ruff_cache", "CMakeFiles")
# What the catalog promises to hold.
BY_LANGUAGE: Mapping[str, int] = {"python": 9, "javascript": 6, "go": 6, "rust": 6, "cpp": 2, "html": 2}
BY_DIFFICULTY: Mapping[str, int] = {"easy": 4, "medium": 11, "expert": 16}


class Finding(Record):
    """One thing to mend: in which task, in which of its files, and what."""

    task_id: str
    where: str
    message: str


def lint(task: Task) -> list[Finding]:
    """Everything that the guide asks of a task and that can be read off its files. Imported tasks are others' work."""
    rules = [_leftovers, _links, _judge_is_protected]
    if task.source is None:
        rules += [_metadata, _cases, _mutants, wording.heading, wording.blanks, wording.files_named, wording.names_told]
    return [Finding(task.task_id, where, message) for rule in rules for where, message in rule(task)]


def lint_broken(broken: Iterable[BrokenTask]) -> list[Finding]:
    """Folders that are no tasks at all."""
    return [Finding(entry.task_id, METADATA_FILE, entry.reason) for entry in broken]


def lint_catalog(tasks: Sequence[Task]) -> list[Finding]:
    """Whether the built-in catalog holds what it promises."""
    found = []
    languages = Counter[str](task.language for task in tasks)
    difficulties = Counter[str](task.difficulty for task in tasks)
    for counted, promised in ((languages, BY_LANGUAGE), (difficulties, BY_DIFFICULTY)):
        for name in sorted({*counted, *promised}):
            if counted[name] != promised.get(name, 0):
                message = f"{counted[name]} tasks of {name}, promised {promised.get(name, 0)}"
                found.append(Finding("catalog", "", message))
    return found


def _metadata(task: Task) -> Iterator[tuple[str, str]]:
    where = METADATA_FILE
    if task.domain not in DOMAINS:
        yield where, f"`domain` is {task.domain!r}, must be one of {', '.join(DOMAINS)}"
    if not task.tags or any(tag != tag.lower() or " " in tag for tag in task.tags):
        yield where, "`tags` must be lower-case words, at least one"
    if len(set(task.tags)) != len(task.tags):
        yield where, "`tags` names one twice"
    if task.title == task.task_id:
        yield where, "`title` is missing"
    if task.isolation != "process":
        yield where, '`isolation` must be "process": the model\'s code must not share a process with its judge'
    if task.reference is None:
        yield where, "`reference_dir` is missing"
    if not task.task_id.startswith(f"{task.language}_"):
        yield where, f"`task_id` must begin with {task.language}_"


def _cases(task: Task) -> Iterator[tuple[str, str]]:
    if len(task.cases) not in CASES:
        yield METADATA_FILE, f"{len(task.cases)} cases, must be {CASES.start} to {CASES.stop - 1}"
    for case in task.cases:
        if not wording.is_claim(case, task.language):
            yield METADATA_FILE, f"case {case!r} is no claim in the way of its language"


def _mutants(task: Task) -> Iterator[tuple[str, str]]:
    if len(task.mutants) < FEWEST_MUTANTS:
        yield "mutants", f"{len(task.mutants)} mutants, must be at least {FEWEST_MUTANTS}"
    for mutant in task.mutants:
        where = f"mutants/{mutant.name}"
        if len(mutant.why) < SHORTEST_WHY:
            yield where, f"`why` must say in {SHORTEST_WHY} characters or more what the mistake is"
        if mutant.caught_by not in task.cases:
            yield where, f"`caught_by` names {mutant.caught_by!r}, which is no case"
    for mutant, changed in mutated_files(task):
        if isinstance(changed, BadFile):
            yield f"mutants/{mutant.name}/{MUTANT_PATCH}", changed.message
            continue
        for path in changed:
            if matches(f"workspace/{path}", task.protected):
                yield f"mutants/{mutant.name}", f"{path} is protected, so it would be restored"


def _judge_is_protected(task: Task) -> Iterator[tuple[str, str]]:
    parts = layout(task)
    for folder in (*parts.judge, *parts.driver):
        for path in files(task.folder / folder):
            if not matches(f"{folder}/{path.as_posix()}", task.protected):
                yield METADATA_FILE, f"`protected` leaves out {folder}/{path.as_posix()}"


def _leftovers(task: Task) -> Iterator[tuple[str, str]]:
    for parent, folders, names in os.walk(task.folder):
        where = Path(parent).relative_to(task.folder).as_posix()
        for name in sorted(set(folders) & set(_LEFT_BEHIND)):
            yield f"{where}/{name}".removeprefix("./"), "left behind by a tool"
        folders[:] = [name for name in folders if name not in _LEFT_BEHIND]
        for name in names:
            if name.endswith((".pyc", ".o", ".orig", ".rej", "~")):
                yield f"{where}/{name}".removeprefix("./"), "left behind by a tool"


def _links(task: Task) -> Iterator[tuple[str, str]]:
    for path in sorted(task.folder.rglob("*")):
        if path.is_symlink():
            yield path.relative_to(task.folder).as_posix(), "is a link: a task holds regular files only"
