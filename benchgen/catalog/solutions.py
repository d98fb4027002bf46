"""The change that a reference or a mutant stands for, as the unified diff that a model would have answered."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchgen import paths
from benchgen.catalog.tasks import files
from benchgen.errors import BenchgenError, NotFound
from benchgen.records.task import Task


def reference_diff(task: Task) -> str:
    """Starter code to reference, as a unified diff with paths relative to the workspace."""
    if task.reference is None:
        raise NotFound(f"{task.task_id} has no reference solution", where=str(task.folder))
    return overlay_diff(task.workspace, [task.reference])


def mutant_diff(task: Task, name: str) -> str:
    """Starter code to one of the task's mutants."""
    for mutant in task.mutants:
        if mutant.name == name and task.reference is not None:
            return overlay_diff(task.workspace, [task.reference, mutant.folder])
    raise NotFound(f"{task.task_id} has no mutant {name!r}", where=str(task.folder))


def mutations(task: Task) -> dict[str, str]:
    """How each mutant differs from the reference, by its name, as unified diffs."""
    if task.reference is None:
        return {}
    return {
        mutant.name: overlay_diff(task.workspace, [task.reference, mutant.folder], base=[task.reference])
        for mutant in task.mutants
    }


def overlay_diff(workspace: Path, overlays: Sequence[Path], base: Sequence[Path] = ()) -> str:
    """The unified diff from a folder, with `base` laid over it, to the same one under others. git writes it."""
    with tempfile.TemporaryDirectory(prefix="benchgen-diff-") as scratch:
        before, after = Path(scratch, "a"), Path(scratch, "b")
        for place, layers in ((before, base), (after, overlays)):
            for layer in (workspace, *layers):
                _lay(layer, place)
        return tree_diff(before, after)


def tree_diff(before: Path, after: Path) -> str:
    """The unified diff between the sibling folders `a` and `b`, with git's own `a/` and `b/` prefixes."""
    command = ["git", "-c", "core.quotePath=false", "diff", "--no-index", "--no-color", "--no-prefix", "--no-renames"]
    done = subprocess.run(
        [*command, before.name, after.name], cwd=before.parent, capture_output=True, check=False, env=_git_environment()
    )
    if done.returncode not in (0, 1):
        raise BenchgenError(f"git diff failed: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout.decode("utf-8", "surrogateescape")


def _git_environment() -> dict[str, str]:
    path = shutil.which("git")
    if path is None:
        raise BenchgenError("git is not on PATH", hint="install git: patches are made and applied with it")
    return {"PATH": str(Path(path).parent), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C"}


def _lay(source: Path, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for relative in files(source):
        if relative.as_posix() == paths.MUTANT:
            continue
        place = target / relative
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / relative, place)
        shutil.copymode(source / relative, place)
