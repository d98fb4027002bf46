"""A run folder of another harness, of whichever kind, as a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from benchgen.errors import UsageError
from benchgen.formats import foreign
from benchgen.imports.agent import import_agent
from benchgen.imports.code import import_code
from benchgen.imports.dataset import import_dataset
from benchgen.imports.openbench import begin_openbench, import_openbench
from benchgen.imports.place import Place
from benchgen.records.status import Kind
from benchgen.store import guests
from benchgen.store.removal import stand_for

_IMPORT: Mapping[Kind, Callable[[Path, Place], Path]] = {
    "agent": import_agent,
    "code": import_code,
    "openbench": import_openbench,
    "dataset": import_dataset,
}


def import_folder(source: Path, place: Place) -> Path:
    """The run's folder; a run that goes on is begun where it lies among the results. UsageError where nobody knows
    what the source is; BadFile names what is damaged in it."""
    source = source.resolve()
    kind = foreign.kind_of(source)
    if kind is None and place.origin is not None and foreign.is_begun(source):
        return begin_openbench(source, place)
    if kind is None:
        is_ours = source.is_dir() and foreign.is_ours(source)
        hint = "it is a run of benchgen: copy it into the results folder" if is_ours else foreign.HINT
        raise UsageError("no results that benchgen can read", where=str(source), hint=hint)
    folder = _IMPORT[kind](source, place)
    if place.origin is None and place.holds(source):
        stand_for(place.root, guests.run_id_of(source.name), folder)
    return folder
