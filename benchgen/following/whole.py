"""Runs that another harness has ended and left among our results: taken in whole, and again when their files change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from benchgen import paths
from benchgen.following import folders
from benchgen.formats import foreign
from benchgen.record import replace
from benchgen.store import guests
from benchgen.store.guests import Origin

TakeIn = Callable[[Path, str, Origin], object]
"""Makes our log about a folder, under a run's id: the same code that imports it, which is of the write side."""
_FILES = (paths.SUMMARY, paths.RESULTS, paths.REQUESTS, paths.OPENBENCH_LOG)


class Whole:
    """Takes in what is new. How a folder looked at the last time is remembered, so that a damaged one is read once."""

    def __init__(self, root: Path, take_in: TakeIn | None) -> None:
        self._root, self._take_in = root, take_in
        self._seen: dict[Path, str] = {}

    def changed(self, strangers: Iterable[Path]) -> list[Path]:
        """The folders that may hold such a run, and do not look as they did."""
        if self._take_in is None:
            return []
        ended = filter(foreign.is_complete, strangers)
        return [folder for folder in ended if self._seen.get(folder) != folders.ages(folder, _FILES)]

    def look(self, folder: Path) -> bool:
        """Takes a folder in where it is not on record as it is; whether it was. BadFile names what is damaged."""
        seen, run_id = folders.ages(folder, _FILES), folders.run_id_of(folder)
        self._seen[folder] = seen
        home = guests.home_of(self._root, run_id)
        if guests.is_guest(self._root, run_id) and guests.read_origin(home).seen == seen:
            return False
        if self._take_in is None or foreign.kind_of(folder) is None:
            return False
        origin = Origin(folder=folder.name, is_copied=True)
        self._take_in(folder, run_id, origin)
        guests.write_origin(home, replace(origin, seen=seen))
        return True
