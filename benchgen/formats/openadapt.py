"""Result folders of openadapt-evals: `tasks/<id>/{task.json,execution.json,screenshots/}` beside `metadata.json`.

The same shapes are written for every harness that reports through the tracker, so that its viewers go on working.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import Any, TypeVar

from benchgen import codec, paths
from benchgen.errors import BadFile, NotFound
from benchgen.record import Record, field
from benchgen.records.status import Category

T = TypeVar("T")
LARGEST = 64 << 20
FARTHEST = 1e11
"""Seconds: more, such as milliseconds since the epoch, are a time that no clock can tell."""
# What another harness says broke outside of the agent: not counted against it.
_NOT_THE_AGENTS = frozenset(("infrastructure", "evaluation"))


class TaskFile(Record):
    """`task.json`, as far as it is read."""

    task_id: str
    instruction: str = ""
    domain: str | None = None


class StepEntry(Record):
    """One step of `execution.json`; `timestamp` counts seconds since the epoch."""

    step_idx: int
    action: dict[str, Any] = field(default_factory=dict)
    screenshot_path: str | None = None
    reasoning: str | None = None
    timestamp: float | None = None
    correct: bool | None = None


class LogLine(Record):
    """A line of an episode's log; `timestamp` counts seconds since the episode began."""

    message: str
    level: str = "INFO"
    timestamp: float | None = None


class _Log(Record):
    """The part of `execution.json` that is shown from there."""

    logs: tuple[LogLine, ...] = ()


class Execution(Record):
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
    logs: tuple[LogLine, ...] = ()


class MetadataFile(Record):
    """`metadata.json` of a run."""

    benchmark_name: str
    run_name: str
    model_id: str | None = None
    created_at: str = ""


class Episode(Record):
    """One task of a run; without an execution it was begun and has not finished. Times count from the epoch."""

    folder: Path
    task: TaskFile
    execution: Execution | None
    begun: float = 0.0

    @property
    def ended(self) -> float:
        """When it finished, as its own time says; when it began, where nothing does."""
        taken = self.execution.total_time_seconds if self.execution else None
        said = [step.timestamp for step in self.execution.steps if step.timestamp] if self.execution else []
        return max([self.begun + (taken or 0.0), *said])


class ForeignRun(Record):
    """A whole result folder."""

    metadata: MetadataFile
    episodes: tuple[Episode, ...]


def is_openadapt(folder: Path) -> bool:
    """Whether a folder holds such results."""
    return any((folder / paths.EPISODES).glob(f"*/{paths.EXECUTION}"))


def is_begun(folder: Path) -> bool:
    """Whether a folder holds such results, or will: its first episode may still be going on."""
    episodes = folder / paths.EPISODES
    if folder.is_symlink() or episodes.is_symlink() or not episodes.is_dir():
        return False
    return (folder / paths.METADATA).is_file() or is_openadapt(folder)


def folder_name(task_id: str) -> str:
    """The name that these harnesses give the folder of a task."""
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in task_id)


def read_folder(folder: Path) -> ForeignRun:
    """The results in a folder. BadFile names the file that is damaged."""
    about = read_metadata(folder)
    episodes = tuple(_episodes(folder))
    if not episodes:
        raise NotFound("no tasks/*/execution.json", where=str(folder))
    return ForeignRun(about, episodes)


def read_metadata(folder: Path) -> MetadataFile:
    """What a run is; its folder's name where nothing says it."""
    metadata = folder / paths.METADATA
    if metadata.is_file():
        return codec.read(metadata.read_bytes(), MetadataFile, where=str(metadata))
    return MetadataFile(folder.name, folder.name)


def peek(folder: Path, known: Container[str]) -> Iterator[Episode]:
    """The episodes of a folder that is being written, but those in `known` folders; half a file is as good as none."""
    episodes = folder / paths.EPISODES
    for place in sorted(episodes.iterdir()) if episodes.is_dir() else ():
        if place.name in known or place.is_symlink() or not place.is_dir():
            continue
        execution = _whole(place / paths.EXECUTION, _read)
        task = _whole(place / paths.TASK, _read_task)
        if task is None and execution is not None:
            task = TaskFile(execution.task_id)
        if task is not None:
            yield Episode(place, task, execution, _begun(place, execution))


def pictures(episode: Path) -> tuple[StepEntry, ...]:
    """The steps of a running episode as far as its screenshots tell of them: nobody has said yet what was done."""
    found = []
    for path in sorted((episode / paths.SCREENSHOTS).glob("step_*.png")):
        number = path.stem.removeprefix("step_")
        if number.isdecimal() and len(number) < 7 and not path.is_symlink():
            found.append(StepEntry(int(number), {}, f"{paths.SCREENSHOTS}/{path.name}", None, path.stat().st_mtime))
    return tuple(found)


def read_log(path: Path) -> tuple[LogLine, ...]:
    """The log of an episode, from its `execution.json`."""
    return codec.read(_bytes(path), _Log, where=str(path)).logs


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
    return codec.file(execution)


def _episodes(folder: Path) -> Iterator[Episode]:
    for place in sorted((folder / paths.EPISODES).iterdir()):
        if place.is_symlink() or not place.is_dir():
            continue
        execution, task = _read(place / paths.EXECUTION), _read_task(place / paths.TASK)
        if task is None and execution is not None:
            task = TaskFile(execution.task_id)
        if task is not None:
            yield Episode(place, task, execution, _begun(place, execution))


def _whole(path: Path, read: Callable[[Path], T | None]) -> T | None:
    try:
        return read(path)
    except (BadFile, OSError):
        return None


def _read_task(path: Path) -> TaskFile | None:
    return codec.read(_bytes(path), TaskFile, where=str(path)) if _is_there(path) else None


def _read(path: Path) -> Execution | None:
    if not _is_there(path):
        return None
    found = codec.read(_bytes(path), Execution, where=str(path))
    if found.score is not None and not 0 <= found.score <= 1:
        raise BadFile(f"score {found.score} is not in 0..1", where=str(path))
    for seconds in (found.total_time_seconds, *(step.timestamp for step in found.steps)):
        if abs(seconds or 0.0) > FARTHEST:
            raise BadFile(f"{seconds} is no time in seconds", where=str(path))
    return found


def _is_there(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise BadFile("larger than 64 MB", where=str(path))
    return path.read_bytes()


def _begun(place: Path, execution: Execution | None) -> float:
    """When its first step was recorded; else when its task was written down."""
    said = [step.timestamp for step in execution.steps if step.timestamp] if execution else []
    try:
        return min(said) if said else (place / paths.TASK).stat().st_mtime
    except OSError:
        return place.stat().st_mtime


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
