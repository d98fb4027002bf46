"""A thread that keeps a run's snapshots up to date while others append to its log."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from benchgen.clock import Clock
from benchgen.errors import BenchgenError
from benchgen.store.runs import Followed
from benchgen.store.trackers import write_live, write_tracker

INTERVAL = 0.25
log = logging.getLogger(__name__)


class Follower:
    """Writes `tracker.json` and `benchmark_live.json` at most four times a second, whoever reports."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._followed, self._clock = Followed(folder), clock
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, name=f"follower of {folder.name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the thread; what it was writing is written first, lest it overwrite the run's last snapshot."""
        self._ended.set()
        self._thread.join()

    def _follow(self) -> None:
        complaint = ""
        while not self._ended.wait(INTERVAL):
            try:
                if self._followed.poll():
                    state = self._followed.state()
                    write_tracker(self._followed.folder, state)
                    write_live(self._followed.folder.parent, state, self._clock)
            except (BenchgenError, OSError) as fault:
                if complaint != str(fault):  # four times a second it is the same one
                    log.warning("the run's snapshots are behind: %s", fault)
                complaint = str(fault)
