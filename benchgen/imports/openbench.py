"""An engine's run folder as a run: from its logs with a page for every sample, else as far as its summary says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchgen import __version__, paths
from benchgen.formats import engine_summary, foreign
from benchgen.formats.code_summary import settings_of
from benchgen.formats.inspect_header import model_spec
from benchgen.formats.inspect_log import is_inspect
from benchgen.imports.inspect_logs import config_of, logs_in, record_logs
from benchgen.imports.place import Place, end
from benchgen.record import replace
from benchgen.records.run import ModelSpec, RunConfig
from benchgen.runner.inspect_record import Logs


def import_openbench(source: Path, place: Place) -> Path:
    """The run's folder. BadFile names what is wrong, and then nothing is written."""
    with Logs(_logs(source)) as logs:
        if not logs.headers:
            return _from_summary(source, logs.notes, place)
        config = config_of(logs.headers[0], source)
        return record_logs(logs, replace(config, run_id=place.id_for(source), run_name=source.name), place)


def begin_openbench(source: Path, place: Place) -> Path:
    """The folder of a run that still goes on: what was asked for, and that it began."""
    said = {**foreign.read_config(source), **foreign.read_meta(source)}
    config = _config(source, said, place.id_for(source))
    folder = place.begin(config)
    place.start(folder, config)
    return folder


def _logs(source: Path) -> list[Path]:
    """The copy under its stable name, which holds all of them; else the logs that the engine left."""
    copy = source / paths.OPENBENCH_LOG
    if foreign.is_file(copy) and is_inspect(copy):
        return [copy]
    logs = source / paths.LOGS
    return [path for path in logs_in(logs) if foreign.is_file(path)] if not logs.is_symlink() else []


def _from_summary(source: Path, notes: Sequence[str], place: Place) -> Path:
    has_summary = foreign.is_file(source / paths.SUMMARY)
    summary = {**foreign.read_meta(source), **(foreign.read_summary(source) if has_summary else {})}
    config = _config(source, {**foreign.read_config(source), **summary}, place.id_for(source))
    report = engine_summary.report_of(summary)
    report = replace(report, notes=(*notes, *report.notes))
    at, status = foreign.finished_of(config.created_at, summary), foreign.status_of(summary)
    folder = place.begin(config)
    return place.record(folder, config, [end(at, status, is_whole=True, report=report)])


def _config(source: Path, said: Mapping[str, Any], run_id: str) -> RunConfig:
    """What was asked for, as the summary says it, or what lies beside it."""
    model = _first(said, "model", "model_id", "model")
    return RunConfig(
        run_id=run_id,
        run_name=_first(said, "run", "run_name") or source.name,
        benchmark_name=_first(said, "benchmark", "benchmark_name", "benchmark") or source.name,
        kind="openbench",
        created_at=foreign.created_of(source, said),
        tasks={},
        models=(model_spec(model) if model else ModelSpec("unknown", "harness"),),
        samples=foreign.count(said.get("epochs")) or 1,
        workers=1,
        settings=settings_of(said),
        command=("benchgen", "import", source.name),
        request={"imported": source.name},
        versions={"benchgen": __version__},
    )


def _first(said: Mapping[str, Any], noun: str, *names: str) -> str:
    return next((name for one in names if (name := foreign.name_of(said.get(one), noun))), "")
