"""The task folders: the only reader of `tasks/`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from benchgen import codec, paths
from benchgen.catalog import metadata
from benchgen.errors import BadFile, NotFound
from benchgen.record import Record
from benchgen.records.task import Evaluation, Mutant, Task

METADATA_FILE = "metadata.json"
WORKSPACE = "workspace"
MUTANTS = "mutants"
REFERENCE = "reference"
LEFT_OUT = frozenset(("__pycache__", ".pytest_cache", "target", ".gocache", "node_modules", ".git"))


class BrokenTask(Record):
    """A folder that could not be read as a task, with the reason; the others are unaffected."""

    task_id: str
    reason: str


class _MutantEntry(Record):
    caught_by: str
    why: str


class Catalog:
    """All tasks below one folder, read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def _read(self) -> tuple[dict[str, Task], list[BrokenTask]]:
        found: dict[str, Task] = {}
        broken: list[BrokenTask] = []
        for entry in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if not entry.is_dir() or entry.name.startswith((".", "_")):
                continue
            try:
                found[entry.name] = load(entry)
            except BadFile as fault:
                broken.append(BrokenTask(entry.name, str(fault)))
        return found, broken

    def tasks(self) -> list[Task]:
        """Every readable task, by id."""
        return list(self._read[0].values())

    def broken(self) -> list[BrokenTask]:
        return self._read[1]

    def task(self, task_id: str) -> Task:
        """One task. NotFound, or BadFile when its folder is broken."""
        if task_id in self._read[0]:
            return self._read[0][task_id]
        for entry in self._read[1]:
            if entry.task_id == task_id:
                raise BadFile(entry.reason, where=str(self.folder / task_id))
        raise NotFound(f"no task {task_id!r} in {self.folder}", hint="`benchgen list tasks` shows them all")


def load(folder: Path) -> Task:
    """One task folder, read and checked. BadFile says what is wrong and where."""
    where = str(folder / METADATA_FILE)
    found = metadata.read(_bytes(folder / METADATA_FILE), where=where, folder_name=folder.name)
    instructions = _bytes(folder / found.instructions_file).decode("utf-8", "replace")
    workspace = _folder(folder / found.workspace_dir)
    if found.workspace_dir != WORKSPACE:
        raise BadFile("`workspace_dir` must be `workspace`", where=where)
    return Task(
        task_id=found.task_id,
        folder=folder,
        title=found.title or found.task_id,
        language=found.language,
        type=found.type,
        difficulty=found.difficulty,
        domain=found.domain,
        tags=found.tags,
        instructions=instructions,
        workspace=workspace,
        tests=_folder(folder / found.tests_dir) if found.tests_dir else None,
        reference=_folder(folder / found.reference_dir) if found.reference_dir else None,
        mutants=tuple(_mutants(folder / MUTANTS)),
        evaluation=Evaluation(
            found.eval.command, found.eval.timeout_seconds, found.eval.working_dir, dict(found.eval.env)
        ),
        cases=found.cases,
        protected=found.all_protected(),
        isolation=found.isolation,
        network=found.network,
        source=found.source,
        digest=digest(folder),
    )


def files(folder: Path) -> Iterator[Path]:
    """The regular files of a folder of a task, relative and sorted, without what tools leave behind."""
    return map(Path, _names(folder, "", LEFT_OUT))


def _names(folder: Path | str, prefix: str, left_out: frozenset[str]) -> Iterator[str]:
    """Names below a folder, in the order that their paths sort in."""
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        for entry in sorted(os.scandir(folder), key=attrgetter("name")):
            if entry.name in left_out:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _names(entry.path, f"{prefix}{entry.name}/", LEFT_OUT)
            elif entry.is_file(follow_symlinks=False):
                yield prefix + entry.name


def digest(folder: Path) -> str:
    """SHA-256 over names and bytes of everything that decides a result: two runs with equal digests met equal tasks."""
    total = hashlib.sha256()
    for name in _names(folder, "", LEFT_OUT | {MUTANTS, REFERENCE}):
        content = (folder / name).read_bytes()
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _mutants(folder: Path) -> Iterator[Mutant]:
    for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
        if entry.is_dir():
            place = entry / paths.MUTANT
            said = codec.read(_bytes(place), _MutantEntry, where=str(place))
            yield Mutant(entry.name, said.caught_by, said.why, entry / paths.MUTANT_PATCH)


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise BadFile("this folder is missing", where=str(path))
    return path


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise BadFile(f"cannot be read: {fault.strerror}", where=str(path)) from fault
