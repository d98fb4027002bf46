"""Results of other harnesses as run folders of ours: the same pages, figures and comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchgen import __version__, paths
from benchgen import clock as clocks
from benchgen.fold import Fold
from benchgen.formats import openadapt
from benchgen.formats.openadapt import Episode, ForeignRun, StepEntry
from benchgen.formats.openadapt_events import NO_RESULT, SeenTask, Sighting, attempt_of, card_of, news
from benchgen.imports.place import Place
from benchgen.record import Record, replace
from benchgen.records.events import Event
from benchgen.records.run import UNTOLD, ModelSpec, RunConfig, folder_of
from benchgen.redact import Redactor
from benchgen.store.attempts import save_file

UNKNOWN = "unknown"


class _Target(Record):
    """The run that an import becomes."""

    folder: Path
    config: RunConfig
    redactor: Redactor


def import_agent(source: Path, place: Place) -> Path:
    """A result folder as a run; the run's folder. BadFile names the file that is damaged."""
    found = openadapt.read_folder(source)
    config = _config(found, source, place.id_for(source, found.metadata.run_name))
    folder = place.begin(config)
    target = _Target(folder, config, place.redactor)
    return place.record(folder, config, _events(found, target))


def _config(found: ForeignRun, source: Path, run_id: str) -> RunConfig:
    about = found.metadata
    model = about.model_id or next((e.execution.model_id for e in found.episodes if e.execution), UNKNOWN)
    return RunConfig(
        run_id=run_id,
        run_name=about.run_name or run_id,
        benchmark_name=about.benchmark_name or source.name,
        kind="agent",
        created_at=clocks.spell(min(one.begun for one in found.episodes)),
        tasks={one.task.task_id: card_of(one.task) for one in found.episodes},
        models=(ModelSpec(model, "harness"),),
        samples=1,
        workers=1,
        settings=UNTOLD,
        command=("benchgen", "import", source.name),
        versions={"benchgen": __version__},
        total=len(found.episodes),
    )


def _events(found: ForeignRun, target: _Target) -> Iterator[Event]:
    """The log that the harness would have written, as it would have been followed."""
    tasks = sorted((_saved(one, target) for one in found.episodes), key=lambda one: one.begun)
    seen = Sighting(tuple(tasks), max(one.ended for one in found.episodes), ended="completed")
    yield from news(seen, Fold(target.config).state())


def _saved(episode: Episode, target: _Target) -> SeenTask:
    """An episode, its files copied into the run."""
    folder = folder_of(target.config, attempt_of(target.config, episode.task.task_id))
    for name in (paths.TASK, paths.EXECUTION):
        path = episode.folder / name
        if path.is_file():
            save_file(target.folder, f"{folder}/{name}", path.read_bytes(), redactor=target.redactor)
    execution = episode.execution
    if execution is not None:
        steps = tuple(_pictured(step, episode, folder, target) for step in execution.steps)
        execution = replace(execution, steps=steps)
    lost = "" if execution else NO_RESULT
    return SeenTask(episode.task, episode.begun, (), execution, episode.ended, folder, lost)


def _pictured(step: StepEntry, episode: Episode, folder: str, target: _Target) -> StepEntry:
    picture = openadapt.screenshot_of(episode, step)
    if picture is None:
        return replace(step, screenshot_path=None)
    name = f"{paths.SCREENSHOTS}/{paths.file_name(picture.name)}"
    save_file(target.folder, f"{folder}/{name}", picture.read_bytes(), redactor=target.redactor)
    return replace(step, screenshot_path=name)
