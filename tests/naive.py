"""Naive harnesses: tests that share their process with the code under test, protect nothing, and believe what they see.

A cheat that fails even here would prove nothing by failing in benchgen.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchgen.answers.extract import Change
from benchgen.catalog.tasks import load
from benchgen.judge.command import JUNIT
from benchgen.judge.report import Form, read
from benchgen.records.task import Task
from benchgen.sandbox.go_cache import GO_ENVIRONMENT
from benchgen.verify.cheats import cheats

_FAILURE = re.compile(r"FAILED|not ok|--- FAIL|panicked|[Ff]ailed|Error")


@dataclass(frozen=True)
class Harness:
    """A command, the folder in which it runs, and the form of its report; `more` are variables."""

    argv: tuple[str, ...]
    folder: str = "."
    form: Form = "tap"
    more: Mapping[str, str] | None = None


def make(folder: Path, language: str, cases: Sequence[str], contents: Mapping[str, str]) -> Task:
    """A task in the catalog's form, whose judge imports the code under test."""
    metadata = {
        "task_id": folder.name,
        "language": language,
        "type": "feature_implementation",
        "difficulty": "easy",
        "instructions_file": "instructions.md",
        "workspace_dir": "workspace",
        "reference_dir": "reference",
        "eval": {"command": ["true"], "timeout_seconds": 60},
        "scoring": {"tests_passed": 1.0},
        "tags": [],
        "cases": list(cases),
    }
    for name, content in {"metadata.json": json.dumps(metadata), "instructions.md": "# Toy\n", **contents}.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
    return load(folder)


def change_of(task: Task, name: str, root: Path) -> Change:
    """One cheat, made for a box at `root`."""
    return next(cheat.change for cheat in cheats(task, str(root)) if cheat.name == name)


def box_with(task: Task, box: Path, change: Change | None) -> Path:
    """A box in which the change lies as it came: nothing is refused, nothing restored."""
    shutil.copytree(task.workspace, box / "workspace")
    if (task.folder / "tests").is_dir():
        shutil.copytree(task.folder / "tests", box / "tests")
    (box / JUNIT).parent.mkdir()
    for block in change.files if change else ():
        place = box / "workspace" / block.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(block.content)
    for path in re.findall(r"^--- a/(.*)$", change.diff if change else "", re.M):
        (box / "workspace" / path).unlink()
    return box


def believes(harness: Harness, box: Path, cases: Sequence[str]) -> set[str]:
    """Every naive reason to call it a pass: the exit code, the report, or that nothing was seen to fail."""
    # A shell in between: it is what dies when a cheat kills its parent.
    done = subprocess.run(
        ["sh", "-c", '"$@"; exit $?', "sh", *harness.argv],
        cwd=box / harness.folder,
        env={**os.environ, **GO_ENVIRONMENT, **_places(box), "BENCHGEN_CANDIDATE": "", **(harness.more or {})},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
    )
    said = done.stdout + done.stderr
    reasons = {"exit code"} if done.returncode == 0 else set()
    if not _FAILURE.search(said):
        reasons.add("nothing failed")
    report = box / JUNIT
    text = report.read_text() if harness.form == "junit" and report.exists() else said
    if harness.form != "junit" or report.exists():
        passed = {case.id for case in read(harness.form, text) if case.status == "passed"}
        reasons |= {"report"} if passed >= set(cases) else set()
    return reasons


def _places(box: Path) -> dict[str, str]:
    return {
        "GOCACHE": str(Path.home() / ".cache/go-build"),
        "GOPATH": str(box / "gopath"),
        "CARGO_TARGET_DIR": str(box / "target"),
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
    }
