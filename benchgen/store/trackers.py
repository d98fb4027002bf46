"""What shows how a run stands while it goes on: its own `tracker.json`, and `benchmark_live.json` at the root."""

from __future__ import annotations

from pathlib import Path

from benchgen import codec, paths
from benchgen.clock import Clock
from benchgen.errors import BadFile, NotFound
from benchgen.record import Record
from benchgen.records.state import RunState
from benchgen.redact import Redactor
from benchgen.store import files, locks
from benchgen.store.live import Idle, live_of
from benchgen.store.snapshot import snapshot_of

_PLAIN = Redactor()


class _LiveHead(Record):
    """The part of the live file that says whose it is."""

    status: str = ""
    run_id: str = ""
    started_at: str | None = None


def write_tracker(folder: Path, state: RunState, redactor: Redactor = _PLAIN) -> None:
    """`tracker.json` as of this state. Not synced: after a power cut it is made again."""
    files.replace_file(folder / paths.TRACKER, _clean(snapshot_of(state), redactor), durable=False)


def write_live(root: Path, state: RunState | None, clock: Clock, redactor: Redactor = _PLAIN) -> None:
    """`benchmark_live.json`; without a state nothing runs. A newer run that is still going keeps the file."""
    path = root / paths.LIVE
    with locks.root_lock(root):
        if state is None or not _belongs_to_newer(path, state):
            live = Idle() if state is None else live_of(state, clock)
            files.replace_file(path, _clean(live, redactor), durable=False)


def _belongs_to_newer(path: Path, state: RunState) -> bool:
    try:
        head = codec.read(files.read_bytes(path), _LiveHead, where=str(path))
    except (NotFound, BadFile):
        return False
    is_other = head.run_id not in ("", state.config.run_id) and head.status in ("setup", "running")
    is_newer = (head.started_at or "") > (state.started_at or "")
    return is_other and is_newer and paths.is_run_id(head.run_id) and locks.is_alive(path.parent / head.run_id)


def _clean(record: object, redactor: Redactor) -> bytes:
    return redactor.bytes(codec.file(record))
