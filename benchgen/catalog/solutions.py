"""The change that a reference or a mutant stands for, as the unified diff that a model would have answered."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchgen.catalog.tasks import files
from benchgen.errors import BadFile, BenchgenError, NotFound
from benchgen.records.task import Mutant, Task


def reference_diff(task: Task) -> str:
    """Starter code to reference, as a unified diff with paths relative to the workspace."""
    with _solved(task) as folder:
        return _diff(folder)


def mutant_diff(task: Task, name: str) -> str:
    """Starter code to one of the task's mutants. BadFile when its patch does not fit the reference."""
    for mutant in task.mutants:
        if mutant.name == name:
            with _solved(task) as folder:
                _apply(folder, mutant)
                return _diff(folder)
    raise NotFound(f"{task.task_id} has no mutant {name!r}", where=str(task.folder))


def mutations(task: Task) -> dict[str, str]:
    """How each mutant differs from the reference, by its name, as unified diffs."""
    return {mutant.name: _patch(mutant).decode("utf-8", "surrogateescape") for mutant in task.mutants}


def mutated_files(task: Task) -> Iterator[tuple[Mutant, tuple[str, ...] | BadFile]]:
    """Each mutant with the files of the workspace that it changes, or with why its patch does not fit the reference."""
    if task.reference is None:
        return
    with _solved(task) as folder:
        for mutant in task.mutants:
            try:
                yield mutant, _changed_files(folder, mutant)
            except BadFile as fault:
                yield mutant, fault


@contextmanager
def _solved(task: Task) -> Iterator[Path]:
    """A folder with the starter code as `a` and the reference laid over it as `b`, as long as the block lasts."""
    if task.reference is None:
        raise NotFound(f"{task.task_id} has no reference solution", where=str(task.folder))
    with tempfile.TemporaryDirectory(prefix="benchgen-diff-") as scratch:
        folder = Path(scratch)
        _lay(task.workspace, folder / "a")
        for layer in (task.workspace, task.reference):
            _lay(layer, folder / "b")
        yield folder


def _diff(folder: Path) -> str:
    """The unified diff between `a` and `b`, with git's own prefixes."""
    done = _git(folder, "diff", "--no-index", "--no-color", "--no-prefix", "--no-renames", "a", "b")
    if done.returncode not in (0, 1):
        raise BenchgenError(f"git diff failed: {_complaint(done)}")
    return done.stdout.decode("utf-8", "surrogateescape")


def _changed_files(folder: Path, mutant: Mutant) -> tuple[str, ...]:
    entries = _apply(folder, mutant, "--check", "--numstat", "-z").decode("utf-8", "replace").split("\0")
    return tuple(entry.split("\t", 2)[2] for entry in entries if entry)


def _apply(folder: Path, mutant: Mutant, *words: str) -> bytes:
    """Lays a mutant's patch over `b`, or only looks at it as the words say; what git says of it."""
    done = _git(folder / "b", "apply", "--whitespace=nowarn", *words, "-", data=_patch(mutant))
    if done.returncode != 0:
        raise BadFile(f"does not fit the reference: {_complaint(done)}", where=str(mutant.patch))
    return done.stdout


def _patch(mutant: Mutant) -> bytes:
    try:
        return mutant.patch.read_bytes()
    except OSError as fault:
        raise BadFile(f"cannot be read: {fault.strerror}", where=str(mutant.patch)) from fault


def _git(folder: Path, command: str, *words: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """git in a folder, deaf to the user's settings and to a checkout that may lie around the folder."""
    path = shutil.which("git")
    if path is None:
        raise BenchgenError("git is not on PATH", hint="install git: patches are made and applied with it")
    environment = {
        "PATH": str(Path(path).parent),
        "GIT_CEILING_DIRECTORIES": str(folder.parent),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "LC_ALL": "C",
    }
    return subprocess.run(
        [path, "-c", "core.quotePath=false", command, *words],
        cwd=folder,
        env=environment,
        input=data,
        capture_output=True,
        check=False,
    )


def _complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode("utf-8", "replace").removeprefix("error: ").strip().replace("\nerror: ", "; ")


def _lay(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for relative in files(source):
        place = target / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / relative, place)
        shutil.copymode(source / relative, place)
