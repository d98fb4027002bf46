"""Files of other harnesses that are a run each: logs of Inspect, and results of lm-evaluation-harness."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchgen import paths
from benchgen.errors import BenchgenError
from benchgen.imports.inspect_logs import import_log, logs_in
from benchgen.imports.lm_eval import import_results, results_in
from benchgen.imports.place import Place
from benchgen.record import Record


class Imported(Record):
    """A file that was looked at: its run's folder, or why there is none."""

    source: Path
    folder: Path | None
    reason: str = ""


def files_in(source: Path) -> list[Path]:
    """The logs of Inspect and the results of lm-eval that a path is, or that lie below it in no run of ours."""
    ours = {log.parent for log in source.rglob(paths.EVENTS)}
    found = {*logs_in(source), *results_in(source)}
    return sorted(path for path in found if ours.isdisjoint(path.parents))


def import_files(files: Sequence[Path], place: Place) -> list[Imported]:
    """Each file as a run. One that is damaged or there already stops none of the others."""
    found = []
    for path in files:
        try:
            found.append(Imported(path, _import(path, place)))
        except BenchgenError as fault:
            found.append(Imported(path, None, str(fault)))
    return found


def _import(path: Path, place: Place) -> Path:
    return import_results(path, place) if results_in(path) else import_log(path, place)
