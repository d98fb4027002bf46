"""Where the results of another harness become a run: a folder among ours, or our log about a folder among ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from benchgen import paths
from benchgen.clock import Clock
from benchgen.errors import EXIT_COULD_NOT, EXIT_INCOMPLETE, EXIT_INTERRUPTED, BenchgenError, UsageError
from benchgen.record import Record, field, replace
from benchgen.records.events import Event, RunFinished, RunQueued, RunStarted
from benchgen.records.report import EngineReport
from benchgen.records.run import FORMAT, RunConfig
from benchgen.records.status import RunStatus
from benchgen.redact import Redactor
from benchgen.settings import PriceEntry
from benchgen.store import guests, log
from benchgen.store.attempts import save_pieces
from benchgen.store.create import queue_run
from benchgen.store.derived import finish, settle
from benchgen.store.guests import Origin
from benchgen.store.removal import new_beside, replace_run
from benchgen.store.runs import read_config

BATCH = 2_000
"""Events that go down together: a log of a hundred thousand rows is never held whole."""


class Place(Record):
    """A results folder, and for a run that lies in it already its `origin`; `prices` are of the models' tokens.

    `is_again`: a run that was imported from the same source before is made anew, in its place.
    """

    root: Path
    redactor: Redactor = Redactor()
    prices: Mapping[str, PriceEntry] = field(default_factory=dict)
    origin: Origin | None = None
    run_id: str = ""
    is_again: bool = False

    def id_for(self, source: Path, name: str = "") -> str:
        """The run's own name where it is plain and free; else with six hex digits of where it came from."""
        if self.run_id:
            return self.run_id
        if self.holds(source):
            return guests.imported_id(source.name)
        name = name or source.name
        taken = paths.taken_id(name, str(source))
        is_free = not (self.root / name).exists() or (self.is_again and not (self.root / taken).exists())
        return name if paths.is_run_id(name) and is_free else taken

    def holds(self, source: Path) -> bool:
        """Whether a source lies among the results, where it is shown until it is imported."""
        return source.parent == self.root

    def begin(self, config: RunConfig, requests: Iterable[bytes] = ()) -> Path:
        """The folder of the run, with nothing in its log yet; BenchgenError where it is there already."""
        if self.origin is None:
            root = self.root
            if (root / config.run_id).exists():
                root = self._beside(config)
            return queue_run(root, config, (), redactor=self.redactor, requests=requests)
        config = replace(config, followed=True, command=())
        home = guests.begin(self.root, config, self.origin, self.redactor, kept=(paths.ANNOTATIONS,))
        if config.kind == "dataset":
            save_pieces(home, paths.REQUESTS, requests, redactor=self.redactor)
        log.append(home, [RunQueued(at=config.created_at, run_id=config.run_id, format=FORMAT)], sync=False)
        return home

    def _beside(self, config: RunConfig) -> Path:
        """Where a run is made that is to take the place of an older import of the same source."""
        folder = self.root / config.run_id
        if not self.is_again:
            raise BenchgenError(
                "there is a run of this id already", where=str(folder), hint="benchgen import --again makes it anew"
            )
        old = read_config(folder)
        if (old.command, old.created_at) != (config.command, config.created_at):
            raise UsageError("that run was not imported from here", where=str(folder), hint="import without --again")
        return new_beside(folder)

    def start(self, folder: Path, config: RunConfig) -> None:
        """The log of a run that goes on, as far as anybody knows it: nothing is made from it yet."""
        log.append(folder, list(_in_order(config.run_id, config.created_at, ())), sync=False, redactor=self.redactor)

    def record(self, folder: Path, config: RunConfig, events: Iterable[Event], started: str = "") -> Path:
        """The log that its harness would have written, no event older than the one before it, and all that is made
        from it; a run began when it was created, where nobody says when it `started`. Returns the run's folder."""
        waiting = _in_order(config.run_id, started or config.created_at, events)
        while batch := list(islice(waiting, BATCH)):
            log.append(folder, batch, sync=False, redactor=self.redactor)
        log.append(folder, [], redactor=self.redactor)
        if self.origin is not None:
            settle(self.root, folder, self.redactor)
            return folder
        if folder.parent != self.root:
            folder = replace_run(self.root, folder)
        finish(self.root, folder, Clock(), self.redactor)
        return folder


def end(at: str, status: RunStatus, *, is_whole: bool, report: EngineReport | None = None) -> RunFinished:
    """How a run ended, as its own process would have said it; `is_whole`: no attempt was left without a verdict."""
    codes: Mapping[RunStatus, int] = {"failed": EXIT_COULD_NOT, "canceled": EXIT_INTERRUPTED}
    code = codes.get(status, 0 if is_whole else EXIT_INCOMPLETE)
    error = "its summary says that it failed" if status == "failed" else None
    return RunFinished(at=at, status=status, exit_code=code, error=error, report=report)


def _in_order(run_id: str, now: str, events: Iterable[Event]) -> Iterator[Event]:
    yield RunStarted(at=now, run_id=run_id, format=FORMAT)
    for event in events:
        now = max(now, event.at)
        yield replace(event, at=now)
