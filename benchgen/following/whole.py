"""Runs that another harness left among our results: taken in whole when they have ended, and again when their files
change; an engine's run that goes on is on record as running."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from benchgen import __version__, paths
from benchgen import clock as clocks
from benchgen.following import folders
from benchgen.following.output import Output
from benchgen.formats import foreign
from benchgen.record import replace
from benchgen.redact import Redactor
from benchgen.store import guests
from benchgen.store.guests import Origin

TakeIn = Callable[[Path, str, Origin], object]
"""Makes our log about a folder, under a run's id: the same code that imports it, which is of the write side."""
_FILES = (paths.SUMMARY, paths.RESULTS, paths.REQUESTS, paths.OPENBENCH_LOG)
_GROWING = (paths.STDOUT, paths.STDERR, paths.OPENBENCH_LOG, paths.META)
PATIENCE = 600.0
"""Seconds without a change until a run that goes on is stale: an engine says nothing while it waits for an answer."""


class Whole:
    """Takes in what is new. How a folder looked at the last time is remembered, so that a damaged one is read once."""

    def __init__(self, root: Path, take_in: TakeIn | None, redactor: Redactor = Redactor()) -> None:
        self._root, self._take_in, self._redactor = root, take_in, redactor
        self._seen: dict[Path, str] = {}
        self._outputs: dict[Path, Output] = {}

    def changed(self, strangers: Iterable[Path]) -> list[Path]:
        """The folders that may hold such a run, and do not look as they did."""
        if self._take_in is None:
            return []
        found = [folder for folder in strangers if foreign.is_complete(folder) or foreign.is_begun(folder)]
        return [folder for folder in found if self._seen.get(folder) != _looks(folder)]

    def look(self, folder: Path) -> bool:
        """Takes a folder in where it is not on record as it is; whether it was. BadFile names what is damaged."""
        seen, run_id = _looks(folder), guests.run_id_of(folder.name)
        self._seen[folder] = seen
        is_known = guests.is_guest(self._root, run_id)
        if is_known and guests.read_origin(guests.home_of(self._root, run_id)).seen == seen:
            return False
        goes_on = foreign.is_begun(folder) and not foreign.has_ended(foreign.read_meta(folder))
        if goes_on:
            is_new = self._goes_on(folder, run_id, is_known=is_known)
            output = self._outputs.setdefault(folder, Output(folder))
            output.tell(guests.home_of(self._root, run_id), self._redactor)
            return is_new
        self._outputs.pop(folder, None)
        if foreign.kind_of(folder) is None:
            return False
        self._takes(folder, run_id, Origin(folder=folder.name, is_copied=True), seen)
        return True

    def _goes_on(self, folder: Path, run_id: str, *, is_known: bool) -> bool:
        """A run that has not ended is on record as running, alive for as long as its files change."""
        alive_until = clocks.spell(folders.changed(folder) + PATIENCE)
        home = guests.home_of(self._root, run_id)
        if is_known and not guests.read_origin(home).seen:
            guests.write_origin(home, replace(guests.read_origin(home), alive_until=alive_until))
            return False
        self._takes(folder, run_id, Origin(folder=folder.name, is_copied=True, alive_until=alive_until), "")
        return True

    def _takes(self, folder: Path, run_id: str, origin: Origin, seen: str) -> None:
        if self._take_in is not None:
            self._take_in(folder, run_id, origin)
            guests.write_origin(guests.home_of(self._root, run_id), replace(origin, seen=seen))


def _looks(folder: Path) -> str:
    """What tells whether a folder's files changed, or what a newer benchgen may read in them."""
    return f"{__version__} {folders.ages(folder, _GROWING if foreign.is_begun(folder) else _FILES)}"
