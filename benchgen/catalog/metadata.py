"""`metadata.json` of a task: its shape, and what must hold between its fields."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Literal

from benchgen import codec
from benchgen.errors import BadFile
from benchgen.record import Record, field
from benchgen.records.task import Difficulty, Language, Source, TaskType

ALWAYS_PROTECTED = ("tests/**",)
PROTECTED_OF: Mapping[Language, tuple[str, ...]] = {
    "python": (
        "workspace/**/conftest.py",
        "workspace/**/pytest.ini",
        "workspace/**/tox.ini",
        "workspace/**/setup.cfg",
        "workspace/**/pyproject.toml",
        "workspace/**/sitecustomize.py",
        "workspace/**/usercustomize.py",
        "workspace/**/*.pth",
    ),
    "javascript": ("workspace/**/package.json", "workspace/**/node_modules/**", "workspace/**/.npmrc"),
    "html": ("workspace/**/package.json", "workspace/**/node_modules/**", "workspace/**/.npmrc"),
    "go": (
        "workspace/judge/**",
        "workspace/driver/**",
        "workspace/**/*_test.go",
        "workspace/**/go.mod",
        "workspace/**/go.sum",
        "workspace/go.work",
        "workspace/vendor/**",
    ),
    "rust": (
        "workspace/tests/**",
        "workspace/src/bin/**",
        "workspace/**/Cargo.toml",
        "workspace/Cargo.lock",
        "workspace/build.rs",
        "workspace/.cargo/**",
        "workspace/rust-toolchain*",
    ),
    "cpp": ("workspace/**/Makefile", "workspace/**/CMakeLists.txt"),
}


class EvalEntry(Record):
    command: tuple[str, ...]
    timeout_seconds: float
    env: Mapping[str, str] = field(default_factory=dict)
    working_dir: str = "."


class Scoring(Record):
    tests_passed: float


class Metadata(Record):
    """The file as it stands; seed 001's keys are required, the others are ours."""

    task_id: str
    language: Language
    type: TaskType
    difficulty: Difficulty
    instructions_file: str
    workspace_dir: str
    eval: EvalEntry
    scoring: Scoring
    tags: tuple[str, ...]
    tests_dir: str | None = None
    title: str = ""
    domain: str = "other"
    cases: tuple[str, ...] = ()
    reference_dir: str | None = None
    protected: tuple[str, ...] = ()
    isolation: Literal["process"] | None = None
    network: bool = False
    source: Source | None = None

    def all_protected(self) -> tuple[str, ...]:
        """The task's own globs and those that its language always needs."""
        return tuple(dict.fromkeys((*ALWAYS_PROTECTED, *PROTECTED_OF[self.language], *self.protected)))


def read(data: bytes, *, where: str, folder_name: str) -> Metadata:
    """The record in `data`, checked. BadFile names the field."""
    found = codec.read(data, Metadata, where=where)
    _require(found.task_id == folder_name, where, "task_id", f"must be the folder's name, {folder_name!r}")
    _require(bool(found.eval.command), where, "eval.command", "must name a command")
    _require(found.eval.timeout_seconds > 0, where, "eval.timeout_seconds", "must be above 0")
    _require(bool(found.cases), where, "cases", "must list the ids that the judge reports")
    _require(len(set(found.cases)) == len(found.cases), where, "cases", "must not name a case twice")
    for name in ("instructions_file", "workspace_dir", "tests_dir", "reference_dir"):
        _require(_stays_inside(getattr(found, name)), where, name, "must be a path inside the task folder")
    _require(_stays_inside(found.eval.working_dir), where, "eval.working_dir", "must be inside the task folder")
    _require(not found.network, where, "network", "must be false: tasks are judged without a network")
    return found


def _stays_inside(path: str | None) -> bool:
    if path is None:
        return True
    pure = PurePosixPath(path)
    return bool(path) and not pure.is_absolute() and ".." not in pure.parts


def _require(holds: bool, where: str, name: str, what: str) -> None:
    if not holds:
        raise BadFile(f"`{name}` {what}", where=where)
