"""How far an engine's run has come, as its own output says that lies in its folder."""

from __future__ import annotations

from pathlib import Path

from benchgen import clock as clocks
from benchgen import paths
from benchgen.formats import foreign
from benchgen.formats.openbench_progress import ProgressReader
from benchgen.record import replace
from benchgen.records.events import Progress
from benchgen.records.state import EngineProgress
from benchgen.redact import Redactor
from benchgen.store import log
from benchgen.store.runs import Followed

MOST_READ = 4 << 20
"""Bytes of output that are read at a look: of more only the end counts."""


class Output:
    """The output of one run, of which each look reads what is new."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / paths.STDOUT
        self._reader = ProgressReader()
        self._offset = 0

    def tell(self, home: Path, redactor: Redactor) -> None:
        """Puts the newest progress into the log at `home`, where it is not the last thing that is said there."""
        said = self._newest()
        if said is None:
            return
        followed = Followed(home)
        followed.poll()
        state = followed.state()
        if state.progress != EngineProgress(said.done, said.total, said.detail):
            at = max(state.updated_at or "", clocks.spell(self._path.stat().st_mtime))
            log.append(home, [replace(said, at=at)], sync=False, redactor=redactor)

    def _newest(self) -> Progress | None:
        if not foreign.is_file(self._path):
            return None
        with self._path.open("rb") as file:
            size = file.seek(0, 2)
            if size < self._offset:
                self._reader, self._offset = ProgressReader(), 0
            self._offset = max(self._offset, size - MOST_READ)
            file.seek(self._offset)
            whole, newline, _ = file.read(size - self._offset).rpartition(b"\n")
        self._offset += len(whole) + len(newline)
        said = [self._reader.take(line) for line in whole.decode("utf-8", "replace").splitlines()]
        return next((one for one in reversed(said) if one is not None), None)
