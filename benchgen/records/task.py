"""What a task is: the whole of it as the catalog reads it, and the card of it that a run freezes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from benchgen.record import Record, field

Language = Literal["python", "javascript", "go", "rust", "cpp", "html"]
TaskType = Literal["feature_implementation", "bug_fix"]
Difficulty = Literal["easy", "medium", "expert"]


class Evaluation(Record):
    """The command that judges a task; `working_dir` is relative to the task folder, `timeout_seconds` wall time."""

    command: tuple[str, ...]
    timeout_seconds: float
    working_dir: str = "."
    env: Mapping[str, str] = field(default_factory=dict)


class Source(Record):
    """Where an imported task comes from; `sha256` is of the original files."""

    url: str
    license: str
    sha256: str


class TaskCard(Record):
    """What result pages say of a task, frozen in `config.json` when the run is planned."""

    title: str
    language: str
    type: str
    difficulty: str
    domain: str
    tags: tuple[str, ...]
    cases: tuple[str, ...]
    digest: str


class Mutant(Record):
    """A wrong solution and the case that must catch it; `patch` makes it of the reference."""

    name: str
    caught_by: str
    why: str
    patch: Path


class Task(Record):
    """One task folder, read and validated. `workspace`, `tests`, `reference` are absolute; `protected` are globs."""

    task_id: str
    folder: Path
    title: str
    language: Language
    type: TaskType
    difficulty: Difficulty
    domain: str
    tags: tuple[str, ...]
    instructions: str
    workspace: Path
    tests: Path | None
    reference: Path | None
    mutants: tuple[Mutant, ...]
    evaluation: Evaluation
    cases: tuple[str, ...]
    protected: tuple[str, ...]
    isolation: Literal["process"] | None
    network: bool
    source: Source | None
    digest: str

    def card(self) -> TaskCard:
        return TaskCard(
            title=self.title,
            language=self.language,
            type=self.type,
            difficulty=self.difficulty,
            domain=self.domain,
            tags=self.tags,
            cases=self.cases,
            digest=self.digest,
        )
