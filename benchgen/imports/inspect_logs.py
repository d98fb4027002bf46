"""Logs of Inspect as run folders of ours: each log a run, with the same pages, figures and comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchgen import __version__, paths
from benchgen import clock as clocks
from benchgen.errors import UsageError
from benchgen.formats.inspect_header import Header, model_spec, number, settings_of
from benchgen.formats.inspect_log import is_inspect
from benchgen.formats.inspect_outcome import set_of
from benchgen.imports.place import Place
from benchgen.record import replace
from benchgen.records.events import Event
from benchgen.records.run import RunConfig
from benchgen.runner.inspect_record import Answering, Logs


def logs_in(source: Path) -> list[Path]:
    """The logs of Inspect that a path is, or that lie below it."""
    if source.is_file():
        return [source] if is_inspect(source) else []
    return sorted(path for path in source.rglob("*") if is_inspect(path))


def import_log(path: Path, place: Place) -> Path:
    """A log as a run; the run's folder. UsageError where it cannot be read."""
    with Logs([path]) as logs:
        if not logs.headers:
            raise UsageError("no log of Inspect that can be read", where=str(path), hint="; ".join(logs.notes))
        return record_logs(logs, config_of(logs.headers[0], path), place)


def record_logs(logs: Logs, config: RunConfig, place: Place) -> Path:
    """The run that logs become: its folder, with a copy of them and an outcome for every sample."""
    folder = place.begin(config)
    logs.save(folder, place.redactor)
    started = _instant(logs.headers[0].started_at)
    answering = Answering(config.models[0], config.created_at, place.prices)
    return place.record(folder, config, _events(logs, answering), started)


def _events(logs: Logs, answering: Answering) -> Iterator[Event]:
    yield from logs.events(answering)
    yield logs.progress()
    yield replace(logs.end(), at=_instant(logs.headers[0].completed_at))


def config_of(header: Header, path: Path) -> RunConfig:
    """What a log says that it was asked for, its run known by when it was created and its id."""
    created = _instant(header.created) or clocks.spell(path.stat().st_mtime)
    stamp = created[:19].replace("-", "").replace(":", "")
    known_by = (header.task_id, header.model, header.status, header.completed_at)  # a recovered log is another one
    run_id = f"run_{stamp}Z_{paths.six(chr(0).join(known_by))}"
    versions = {"benchgen": __version__}
    if header.inspect_version:
        versions["inspect_ai"] = header.inspect_version
    limit = header.config.get("limit")
    return RunConfig(
        run_id=run_id,
        run_name=run_id,
        benchmark_name=header.task,
        kind="openbench",
        created_at=created,
        tasks={},
        models=(model_spec(header.model),),
        samples=header.epochs,
        workers=1,
        max_connections=int(number(header.generation.get("max_connections")) or 10),
        settings=settings_of(header.generation),
        command=("benchgen", "import", path.name),
        request={"imported": path.name, "dataset": header.dataset, "limit": limit, "arguments": header.arguments},
        versions=versions,
        task_set=set_of(header),
        total=header.planned_samples,
    )


def _instant(said: str) -> str:
    try:
        return clocks.spell(clocks.read(said)) if said else ""
    except ValueError:
        return ""
