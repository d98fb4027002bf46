"""Files made from a run's log, for other tools and for speed: each can be thrown away and comes back the same."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from benchgen import codec, paths
from benchgen.clock import Clock
from benchgen.errors import BadFile, BenchgenError, NotFound
from benchgen.record import Record, field_names
from benchgen.records.run import SCHEMA_VERSION
from benchgen.records.state import RunState
from benchgen.records.status import ENDED, RunStatus
from benchgen.records.summary import AttemptEntry, CodeSummary
from benchgen.redact import Redactor
from benchgen.store import files, locks
from benchgen.store.account import Account, account_of
from benchgen.store.index import put, rebuild
from benchgen.store.runs import Results, Unreadable
from benchgen.store.snapshot import snapshot_of
from benchgen.store.trackers import write_live

_PLAIN = Redactor()


class Meta(Record):
    """`meta.json`: how the process went, in seed 002's words."""

    run_id: str
    status: RunStatus
    created_at: str
    started_at: str | None
    finished_at: str | None
    exit_code: int | None
    error: str | None
    schema_version: int = SCHEMA_VERSION


class TaskLatest(AttemptEntry, kw_only=True):
    """`<task>_latest.json`: the newest outcome of one task, whichever run it is from."""

    run_id: str
    timestamp_utc: str


class _Instant(Record):
    """The part of a root file that says how new it is: when the run, or else the attempt, ended."""

    finished_at: str | None = None
    timestamp_utc: str | None = None

    @property
    def ended(self) -> str:
        return self.finished_at or self.timestamp_utc or ""


def finish(root: Path, folder: Path, clock: Clock, redactor: Redactor = _PLAIN) -> Account:
    """Writes all that is made from the log of a run that has ended, and puts it into the files at the root.

    The log is read again: what is derived is derived from what is on disk. Returns what it comes to.
    """
    with suppress(OSError):
        (folder / paths.ANSWERS).rmdir()  # empty once every attempt has its outcome
    account = settle(root, folder, redactor)
    write_live(root, account.state, clock, redactor)
    return account


def settle(root: Path, folder: Path, redactor: Redactor = _PLAIN) -> Account:
    """The same but for the live tracker, which is another harness's where the run was."""
    account = _write_derived(folder, redactor)
    with locks.root_lock(root):
        _write_latest(root, folder, account, redactor)
        put(root, account.rows, redactor)
    return account


def reindex(root: Path, redactor: Redactor = _PLAIN) -> list[Unreadable]:
    """Makes every derived file anew, those at the root too; what cannot be read, and why.

    A run in the hands of a living process keeps its own files.
    """
    if not root.is_dir():
        raise NotFound("there is no such folder of results", where=str(root), hint="benchgen run makes one")
    results = Results(root)
    unreadable: list[Unreadable] = []
    with locks.root_lock(root):
        for run_id in reversed(results.list()):
            try:
                _reindex(results, run_id, redactor)
            except (BenchgenError, OSError) as fault:
                unreadable.append(Unreadable(run_id, str(root / run_id), str(fault)))
        rebuild(root, redactor)
    return unreadable


def derived_files(account: Account, redactor: Redactor = _PLAIN) -> dict[str, bytes]:
    """The derived files of a run folder. Pure but for the names of folders: the same log gives the same bytes."""
    state = account.state
    meta = Meta(
        run_id=state.config.run_id,
        status=state.status,
        created_at=state.config.created_at,
        started_at=state.started_at,
        finished_at=state.finished_at,
        exit_code=state.exit_code,
        error=state.error,
    )
    records = {
        paths.TRACKER: snapshot_of(state),
        paths.META: meta,
        paths.SUMMARY: account.summary,
    }
    data = {name: _clean(record, redactor) for name, record in records.items()}
    return {**data, paths.DIGEST: redactor.bytes(codec.digest_file(account.digest))}


def _write_derived(folder: Path, redactor: Redactor) -> Account:
    account = account_of(folder, redactor)
    for name, data in derived_files(account, redactor).items():
        files.replace_file(folder / name, data)
    return account


def _reindex(results: Results, run_id: str, redactor: Redactor) -> None:
    folder = results.home(run_id)
    if not locks.is_alive(folder):
        _write_latest(results.root, folder, _write_derived(folder, redactor), redactor)


def _write_latest(root: Path, folder: Path, account: Account, redactor: Redactor) -> None:
    """The copies at the root, where they are not of something newer; only under the root lock."""
    state, summary = account.state, account.summary
    if state.status in ENDED:
        _replace_older(root / paths.LATEST_SUMMARY, state.finished_at or "", _clean(summary, redactor))
    if isinstance(summary, CodeSummary):
        for latest in _newest(state, summary):
            _replace_older(root / paths.task_latest(latest.task_id), latest.timestamp_utc, _clean(latest, redactor))


def _newest(state: RunState, summary: CodeSummary) -> Iterable[TaskLatest]:
    """The last outcome of each task."""
    newest: dict[str, TaskLatest] = {}
    for row, entry in zip(state.counted_rows(), summary.attempts, strict=True):
        fields = {name: getattr(entry, name) for name in field_names(AttemptEntry)}
        newest[row.task] = TaskLatest(**fields, run_id=summary.run_id, timestamp_utc=row.finished_at)
    return newest.values()


def _replace_older(path: Path, instant: str, data: bytes) -> None:
    try:
        found = codec.read(files.read_bytes(path), _Instant, where=str(path)).ended
    except (NotFound, BadFile):
        found = ""
    if found <= instant:
        files.replace_file(path, data)


def _clean(record: object, redactor: Redactor) -> bytes:
    return redactor.bytes(codec.file(record))
