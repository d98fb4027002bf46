"""Result folders of openadapt-evals: `tasks/<id>/{task.json,execution.json,screenshots/}` beside `metadata.json`.

The same shapes are written for every harness that reports through the tracker, so that its viewers go on working.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchgen import codec, paths
from benchgen.errors import BadFile, NotFound
from benchgen.records.status import Category

# What another harness says broke outside of the agent: not counted against it.
_NOT_THE_AGENTS = frozenset(("infrastructure", "evaluation"))


@dataclass(frozen=True, slots=True)
class TaskFile:
    """`task.json`, as far as it is read."""

    task_id: str
    instruction: str = ""
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class StepEntry:
    """One step of `execution.json`; `timestamp` counts seconds since the epoch."""

    step_idx: int
    action: dict[str, Any] = field(default_factory=dict)
    screenshot_path: str | None = None
    reasoning: str | None = None
    timestamp: float | None = None
    correct: bool | None = None


@dataclass(frozen=True, slots=True)
class Execution:
    """`execution.json`, as far as it is read."""

    task_id: str
    success: bool
    model_id: str = "unknown"
    score: float | None = None
    num_steps: int | None = None
    total_time_seconds: float | None = None
    error: str | None = None
    reason: str | None = None
    error_type: str | None = None
    steps: tuple[StepEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class MetadataFile:
    """`metadata.json` of a run."""

    benchmark_name: str
    run_name: str
    model_id: str | None = None
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class Episode:
    """One task of a run; without an execution it was begun and never finished."""

    folder: Path
    task: TaskFile
    execution: Execution | None


@dataclass(frozen=True, slots=True)
class ForeignRun:
    """A whole result folder."""

    metadata: MetadataFile
    episodes: tuple[Episode, ...]


def is_openadapt(folder: Path) -> bool:
    """Whether a folder holds such results."""
    return any((folder / paths.EPISODES).glob(f"*/{paths.EXECUTION}"))


def read_folder(folder: Path) -> ForeignRun:
    """The results in a folder. BadFile names the file that is damaged."""
    metadata = folder / paths.METADATA
    if metadata.is_file():
        about = codec.read(metadata.read_bytes(), MetadataFile, where=str(metadata))
    else:
        about = MetadataFile(folder.name, folder.name)
    episodes = tuple(_episodes(folder))
    if not episodes:
        raise NotFound("no tasks/*/execution.json", where=str(folder))
    return ForeignRun(about, episodes)


def category_of(success: bool, error: str | None, error_type: str | None) -> Category | None:
    """Why an episode did not succeed: what broke outside of the agent is in no rate."""
    if error_type in _NOT_THE_AGENTS:
        return "harness"
    if success:
        return None
    return "no_answer" if error or error_type == "agent" else "tests_failed"


def task_file(task: TaskFile) -> bytes:
    return codec.file(task)


def execution_file(execution: Execution) -> bytes:
    """`execution.json` with the keys that its readers expect."""
    return codec.file({**codec.plain(execution), "logs": []})


def _episodes(folder: Path) -> Iterator[Episode]:
    for place in sorted((folder / paths.EPISODES).iterdir()):
        task_path, execution_path = place / paths.TASK, place / paths.EXECUTION
        if place.is_symlink() or not place.is_dir():
            continue
        execution = _read(execution_path)
        if task_path.is_file():
            task = codec.read(task_path.read_bytes(), TaskFile, where=str(task_path))
        elif execution is not None:
            task = TaskFile(execution.task_id)
        else:
            continue
        yield Episode(place, task, execution)


def _read(path: Path) -> Execution | None:
    if not path.is_file():
        return None
    found = codec.read(path.read_bytes(), Execution, where=str(path))
    if found.score is not None and not 0 <= found.score <= 1:
        raise BadFile(f"score {found.score} is not in 0..1", where=str(path))
    return found


def screenshot_of(episode: Episode, step: StepEntry) -> Path | None:
    """The picture of a step, where there is one below the episode's own folder."""
    if not step.screenshot_path:
        return None
    relative = Path(step.screenshot_path)
    inside = [relative] if not relative.is_absolute() else []
    for candidate in (*inside, Path(paths.SCREENSHOTS, relative.name)):
        path = episode.folder / candidate
        if ".." not in candidate.parts and path.is_file() and not path.is_symlink():
            return path
    return None
