"""The box in which an attempt is judged: a fresh copy of the task, the model's change over it, the judge restored."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchgen.answers.extract import Change
from benchgen.answers.patch import PatchRefused, apply
from benchgen.catalog.globs import matches
from benchgen.judge.command import REPORT_FOLDER
from benchgen.records.attempt import PatchReport
from benchgen.records.task import Task
from benchgen.sandbox.files import UnsafePath, make_box, walk

WORKSPACE = "workspace"
TESTS = "tests"


def prepare(task: Task, parent: Path | None = None) -> Path:
    """A box with the task's starter code and tests. Remove it with `sandbox.files.remove_tree`."""
    layout = {WORKSPACE: task.workspace}
    if task.tests is not None:
        layout[TESTS] = task.tests
    box = make_box(layout, parent)
    (box / REPORT_FOLDER).mkdir()
    return box


def lay_change(box: Path, task: Task, change: Change) -> PatchReport:
    """Applies a model's change to the workspace and restores everything protected. PatchRefused when it cannot."""
    report = apply(_below_workspace(change), box / WORKSPACE)
    try:
        restore(box, task)
    except UnsafePath as reason:
        raise PatchRefused(f"the change leaves a workspace that cannot be judged: {reason}") from reason
    return report


def restore(box: Path, task: Task) -> None:
    """Puts back every protected file of the task, and removes those that only the model has."""
    workspace = box / WORKSPACE
    for found in list(walk(workspace)):
        if matches(f"{WORKSPACE}/{found.path}", task.protected) and not (task.workspace / found.path).is_file():
            (workspace / found.path).unlink()
    for found in walk(task.workspace):
        if matches(f"{WORKSPACE}/{found.path}", task.protected):
            _put_back(task.workspace / found.path, workspace / found.path)


def _put_back(source: Path, target: Path) -> None:
    for parent in reversed(target.parents):
        if parent.is_file():
            parent.unlink()  # the model made a file where the judge has a folder
    if target.is_dir():
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    shutil.copymode(source, target)


def _below_workspace(change: Change) -> Change:
    """Models often write paths from the task folder; a diff that only speaks of `workspace/…` is taken at its word."""
    heads = [line for line in change.diff.splitlines() if line.startswith(("--- ", "+++ ")) and "/dev/null" not in line]
    prefixes = ("--- a/workspace/", "+++ b/workspace/", "--- workspace/", "+++ workspace/")
    if not heads or not all(head.startswith(prefixes) for head in heads):
        return change
    lines = change.diff.split("\n")
    return Change(diff="\n".join(_shortened(line) for line in lines))


def _shortened(line: str) -> str:
    if line.startswith("diff --git "):
        return line.replace(" a/workspace/", " a/").replace(" b/workspace/", " b/")
    if line.startswith(("--- ", "+++ ")):
        return line.replace("workspace/", "", 1)
    return line
