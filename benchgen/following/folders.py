"""Run folders of other harnesses: finding them, and what one of them shows at a moment."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchgen import clock as clocks
from benchgen import codec, paths
from benchgen.errors import BadFile
from benchgen.formats import foreign, openadapt
from benchgen.formats.openadapt import Episode, StepEntry
from benchgen.formats.openadapt_events import NO_RESULT, SeenTask, Sighting
from benchgen.formats.openadapt_files import Beside
from benchgen.formats.openadapt_live import LiveFile, LiveTask, steps_of
from benchgen.record import replace
from benchgen.store import guests

LEEWAY = 2.0
"""Seconds by which files of one writing may differ in age, a checkout's among them."""
_ENDED = {"complete": "completed", "error": "failed"}


def strangers(root: Path) -> list[Path]:
    """The folders below `root` that are no runs of ours, and that nobody imported, whatever they are."""
    try:
        found = [entry for entry in os.scandir(root) if entry.is_dir(follow_symlinks=False)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    plain = [entry.path for entry in found if not entry.name.startswith(".") and entry.name != paths.DATASETS]
    # Of a thousand runs of ours no `Path` is made: that took most of the time.
    others = [Path(path) for path in plain if not os.path.isfile(f"{path}/{paths.EVENTS}")]  # noqa: PTH113
    return sorted(folder for folder in others if not foreign.is_ours(folder) and not guests.is_imported(root, folder))


def brief(folder: Path) -> str:
    """What tells whether a run that has ended was begun anew."""
    return ages(folder, (paths.METADATA, paths.SUMMARY, paths.EPISODES))


def ages(folder: Path, names: Iterable[str]) -> str:
    """What tells whether any of these files of a folder changed."""
    return repr([_age(folder / name) for name in names])


def beside_stamp(places: Iterable[Path]) -> str:
    """What tells whether costs, metrics or progress changed in these folders."""
    return repr([_age(place / name) for place in places for name in (paths.COSTS, paths.METRICS, paths.PROGRESS)])


def stamp(folder: Path, finished: set[str]) -> str:
    """What tells whether anything changed in a run folder; finished episodes are not looked at again."""
    episodes = folder / paths.EPISODES
    seen = [_age(folder / paths.METADATA), _age(folder / paths.SUMMARY), _age(episodes)]
    for entry in sorted(os.scandir(episodes), key=lambda one: one.name) if episodes.is_dir() else ():
        if entry.name not in finished:
            place = Path(entry.path)
            seen += [_age(place), _age(place / paths.EXECUTION), _age(place / paths.SCREENSHOTS)]
    return repr(seen)


def sight(folder: Path, finished: set[str], live: LiveFile | None, beside: Beside) -> Sighting:
    """What a run folder shows beside episodes that are on record; `live` says more of the one that is going on."""
    begun = _modified(folder / paths.METADATA)
    ended = _has_ended(folder, begun) or (live is not None and live.status in _ENDED)
    tasks = []
    for episode in openadapt.peek(folder, finished):
        if not _is_left_over(episode, begun):
            tasks.append(_seen(episode, live, is_over=ended))
    failed = live is not None and live.status == "error"
    return Sighting(
        tasks=tuple(sorted(tasks, key=lambda one: (one.ended or float("inf"), one.begun))),
        changed=changed(folder),
        total=(live.total_tasks or None) if live else beside.total,
        detail=((live.detail or live.phase) if live else None) or beside.message,
        ended=("failed" if failed else "completed") if ended else None,
        error=(live.error or live.detail) if live and failed else None,
        beside=beside,
    )


def holding(places: Iterable[Path], task_id: str) -> Path | None:
    """The run folder in which a task was begun last, and whose run has not ended since."""
    name = openadapt.folder_name(task_id)
    begun = {folder: _modified(folder / paths.EPISODES / name / paths.TASK) for folder in places}
    going_on = {folder: at for folder, at in begun.items() if at and _modified(folder / paths.SUMMARY) < at}
    return max(going_on, key=lambda folder: going_on[folder], default=None)


def created_of(folder: Path) -> str:
    """When a run began: at its first step, whose time has an offset; else as its metadata says, in this machine's."""
    first = min((one.begun for one in openadapt.peek(folder, ()) if one.execution), default=None)
    return clocks.spell(first if first is not None else _modified(folder / paths.METADATA))


def _seen(episode: Episode, live: LiveFile | None, *, is_over: bool) -> SeenTask:
    task = live.current_task if live else None
    steps = openadapt.pictures(episode.folder) if episode.execution is None else ()
    if task is not None and task.task_id == episode.task.task_id:
        steps = _told(steps, task)
    return SeenTask(
        task=episode.task,
        begun=episode.begun,
        steps=steps,
        execution=_with_pictures(episode),
        ended=episode.ended if episode.execution else changed(episode.folder),
        folder=f"{paths.EPISODES}/{episode.folder.name}",
        lost=NO_RESULT if is_over and episode.execution is None else "",
    )


def _told(pictures: tuple[StepEntry, ...], task: LiveTask) -> tuple[StepEntry, ...]:
    """The steps of the live file, each with its picture from the folder."""
    shown = {step.step_idx: step for step in pictures}
    for step in steps_of(task):
        known = shown.get(step.step_idx)
        shown[step.step_idx] = (
            replace(step, screenshot_path=known.screenshot_path, timestamp=known.timestamp) if known else step
        )
    return tuple(shown[number] for number in sorted(shown))


def _with_pictures(episode: Episode) -> openadapt.Execution | None:
    """The execution, its screenshots named as they lie in the episode's folder, and only those that are there."""
    execution = episode.execution
    if execution is None:
        return None
    steps = []
    for step in execution.steps:
        path = openadapt.screenshot_of(episode, step)
        name = path.relative_to(episode.folder).as_posix() if path else None
        steps.append(replace(step, screenshot_path=name))
    return replace(execution, steps=tuple(steps))


def _has_ended(folder: Path, begun: float) -> bool:
    """Whether the summary is written; one that an earlier run left in the folder says nothing."""
    path = folder / paths.SUMMARY
    if not path.is_file() or _modified(path) < begun - LEEWAY:
        return False
    try:
        return isinstance(codec.parse(path.read_bytes(), where=str(path)), dict)
    except (BadFile, OSError):
        return False


def _is_left_over(episode: Episode, begun: float) -> bool:
    """Whether an earlier run left this episode in a folder that is used again: every time of it says so."""
    if episode.execution is None or _modified(episode.folder / paths.EXECUTION) >= begun - LEEWAY:
        return False
    said = [step.timestamp for step in episode.execution.steps if step.timestamp]
    return max(said, default=0.0) < begun - LEEWAY


def changed(folder: Path) -> float:
    """When anything in a folder changed last, two folders deep."""
    newest = _modified(folder)
    for path in _entries(folder):
        newest = max(newest, _modified(path))
        for inner in _entries(path):
            newest = max(newest, _modified(inner), *(_modified(one) for one in _entries(inner)))
    return newest


def _entries(folder: Path) -> Iterator[Path]:
    if folder.is_dir() and not folder.is_symlink():
        yield from folder.iterdir()


def _modified(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def _age(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
