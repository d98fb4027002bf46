"""What a task is: the whole of it as the catalog reads it, and the card of it that a run freezes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Language = Literal["python", "javascript", "go", "rust", "cpp", "html"]
TaskType = Literal["feature_implementation", "bug_fix"]
Difficulty = Literal["easy", "medium", "expert"]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The command that judges a task; `working_dir` is relative to the task folder, `timeout_seconds` wall time."""

    command: tuple[str, ...]
    timeout_seconds: float
    working_dir: str = "."
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Where an imported task comes from; `sha256` is of the original files."""

    url: str
    license: str
    sha256: str


@dataclass(frozen=True, slots=True)
class TaskCard:
    """What result pages say of a task, frozen in `config.json` when the run is planned."""

    title: str
    language: str
    type: str
    difficulty: str
    domain: str
    tags: tuple[str, ...]
    cases: tuple[str, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong solution and the case that must catch it; `folder` holds the files that differ from the reference."""

    name: str
    caught_by: str
    why: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Task:
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
