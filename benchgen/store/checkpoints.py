"""Folds of long logs, put down beside a site: its next build takes only what is new in those logs."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Sequence
from pathlib import Path
from typing import NamedTuple

from benchgen import codec, paths
from benchgen.errors import BadFile
from benchgen.record import Record
from benchgen.records.checkpoint import Checkpoint
from benchgen.store import files
from benchgen.store.log import prefix_hashes

FEWEST_ROWS = 1000
"""A log of fewer is read as quickly."""
_ENDING = ".json"


class Prefix(NamedTuple):
    """What a log begins with: so many bytes, and their hash."""

    length: int
    sha256: str


class _Kept(Record):
    """`made_from` names the code and the plan, `log` the bytes of the log that were taken."""

    made_from: str
    log: str
    checkpoint: Checkpoint


class Checkpoints:
    """One file a run. Any may be thrown away; one is believed where `code`, plan and log are those it was made from."""

    def __init__(self, folder: Path, code: str) -> None:
        self._folder, self._code = folder, code
        self._hashed: dict[tuple[Path, int, int, int], dict[int, str]] = {}

    def hashes(self, log: Path, lengths: Sequence[int]) -> tuple[str, ...]:
        """What `prefix_hashes` says, which is asked once while the log stays as it is."""
        status = log.stat()
        known = self._hashed.setdefault((log, status.st_ino, status.st_size, status.st_mtime_ns), {})
        if not known.keys() >= set(lengths):
            known.update(zip(lengths, prefix_hashes(log, lengths), strict=False))
        return tuple(known[length] for length in lengths if length in known)

    def find(self, run_id: str, home: Path) -> Checkpoint | None:
        """Where the fold of the run whose log lies in `home` can go on; None where it must begin anew."""
        path, log = self._path(run_id), home / paths.EVENTS
        try:
            kept, size = codec.read(path.read_bytes(), _Kept, where=str(path)), log.stat().st_size
        except (OSError, BadFile):
            return None
        length = kept.checkpoint.log_bytes
        is_same = kept.made_from == self._made_from(home) and 0 < length <= size
        return kept.checkpoint if is_same and self.hashes(log, (length, size))[:1] == (kept.log,) else None

    def keep(self, run_id: str, home: Path, checkpoint: Checkpoint, prefix: Prefix) -> None:
        """Puts down a fold of that part of a log, if that is long."""
        if len(checkpoint.outcomes.attempts) < FEWEST_ROWS:
            return
        self._folder.mkdir(exist_ok=True)
        data = codec.quick(_Kept(self._made_from(home), prefix.sha256, checkpoint))
        files.replace_file(self._path(run_id), data, durable=False)

    def drop_others(self, run_ids: Container[str]) -> None:
        """Throws away those of all other runs."""
        for path in self._folder.glob(f"*{_ENDING}"):
            if path.name.removesuffix(_ENDING) not in run_ids:
                path.unlink(missing_ok=True)

    def _path(self, run_id: str) -> Path:
        return self._folder / f"{run_id}{_ENDING}"

    def _made_from(self, home: Path) -> str:
        plan = files.read_bytes(home / paths.CONFIG)
        return hashlib.sha256(f"{self._code}\0".encode() + plan).hexdigest()
