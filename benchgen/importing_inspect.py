"""Logs of Inspect as run folders of ours: each log a run, with the same pages, figures and comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from benchgen import __version__, paths
from benchgen import clock as clocks
from benchgen.clock import Clock
from benchgen.errors import BenchgenError, UsageError
from benchgen.formats.inspect_header import Header, model_spec, number, settings_of
from benchgen.formats.inspect_log import is_inspect
from benchgen.formats.inspect_outcome import set_of
from benchgen.records.events import Event, RunStarted
from benchgen.records.run import FORMAT, RunConfig
from benchgen.redact import Redactor
from benchgen.runner.inspect_record import Answering, Logs
from benchgen.settings import PriceEntry
from benchgen.store import log
from benchgen.store.create import queue_run
from benchgen.store.derived import finish

BATCH = 2_000
"""Events that go down together: a log of a hundred thousand samples is never held whole."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was looked at: its run's folder, or why there is none."""

    source: Path
    folder: Path | None
    reason: str = ""


def logs_in(source: Path) -> list[Path]:
    """The logs of Inspect that a path is, or that lie below it."""
    if source.is_file():
        return [source] if is_inspect(source) else []
    return sorted(path for path in source.rglob("*") if is_inspect(path))


def import_logs(
    files: Sequence[Path],
    root: Path,
    *,
    redactor: Redactor = Redactor(),
    prices: Mapping[str, PriceEntry] | None = None,
) -> list[Imported]:
    """Each log as a run below `root`. One that is damaged or there already stops none of the others."""
    found = []
    for path in files:
        try:
            found.append(Imported(path, _import(path, root, redactor, prices or {})))
        except BenchgenError as fault:
            found.append(Imported(path, None, str(fault)))
    return found


def _import(path: Path, root: Path, redactor: Redactor, prices: Mapping[str, PriceEntry]) -> Path:
    with Logs([path]) as logs:
        if not logs.headers:
            raise UsageError("no log of Inspect that can be read", where=str(path), hint="; ".join(logs.notes))
        header = logs.headers[0]
        config = _config(header, path)
        folder = queue_run(root, config, (), redactor=redactor)
        logs.save(folder, redactor)
        _record(folder, logs, Answering(config.models[0], config.created_at, prices), redactor)
    finish(root, folder, Clock(), redactor)
    return folder


def _record(folder: Path, logs: Logs, answering: Answering, redactor: Redactor) -> None:
    events = _events(logs, answering, folder.name)
    while batch := list(islice(events, BATCH)):
        log.append(folder, batch, sync=False, redactor=redactor)
    log.append(folder, [], redactor=redactor)


def _events(logs: Logs, answering: Answering, run_id: str) -> Iterator[Event]:
    """The log that a run would have written; an event is never earlier than the one before it."""
    header = logs.headers[0]
    now = _instant(header.started_at) or answering.at
    yield RunStarted(at=now, run_id=run_id, format=FORMAT)
    for event in logs.events(answering):
        now = max(now, event.at)
        yield replace(event, at=now)
    yield replace(logs.progress(), at=now)
    yield replace(logs.end(), at=max(now, _instant(header.completed_at)))


def _config(header: Header, path: Path) -> RunConfig:
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
