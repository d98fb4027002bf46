"""The runs that have not ended: which of them a process runs, and which folders must be watched to notice more."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from benchgen.errors import BenchgenError, NotFound
from benchgen.records.digest import RunDigest
from benchgen.records.status import ENDED
from benchgen.server.watching import Folders
from benchgen.store.runs import Results

MOST_WATCHED = 20


class Unended:
    """Those that go on, wait or died, newest first. However many wait, those that go on are watched."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self.digests: list[RunDigest] = []
        self.folders = Folders(set(), set())
        self._alive: dict[str, bool] = {}

    def look(self, digests: Iterable[RunDigest]) -> list[str]:
        """Takes up the runs as they are; the ids of those that are going on."""
        self.digests = [digest for digest in digests if digest.status not in ENDED]
        return [digest.run_id for digest in self.digests if self.is_alive(digest.run_id)]

    def watch(self, first: Iterable[str]) -> None:
        """Watches these runs, as many of the others as may be, and looks at the rest now and then."""
        wanted = [*dict.fromkeys((*first, *(digest.run_id for digest in self.digests)))]
        homes = [self.home(run_id) for run_id in wanted]
        self.folders = Folders(set(homes[:MOST_WATCHED]), set(homes[MOST_WATCHED:]))

    def home(self, run_id: str) -> Path:
        """Where a run's log lies, or would."""
        try:
            return self._results.home(run_id)
        except NotFound:
            return self._results.root / run_id

    def has_died(self) -> bool:
        """Whether a runner came or went since the last look; nothing in a log will say that one is gone."""
        alive = {folder.name: self.is_alive(folder.name) for folder in self.folders.watched}
        changed, self._alive = alive != self._alive, alive
        return changed

    def is_alive(self, run_id: str) -> bool:
        """Whether a process runs it; a run that cannot be looked at has none."""
        try:
            return self._results.is_alive(run_id)
        except (BenchgenError, OSError):
            return False
