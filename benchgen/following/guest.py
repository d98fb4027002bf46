"""One followed run: what its harness's files show is compared with our log about it, and the news appended."""

from __future__ import annotations

from collections import deque
from pathlib import Path, PurePosixPath
from statistics import median

from benchgen import __version__
from benchgen import clock as clocks
from benchgen.clock import Clock
from benchgen.formats.openadapt_events import Sighting, news
from benchgen.record import replace
from benchgen.records.events import Event, RunQueued, RunStarted
from benchgen.records.run import FORMAT, UNTOLD, ModelSpec, RunConfig
from benchgen.records.state import RunState
from benchgen.records.status import ENDED
from benchgen.redact import Redactor
from benchgen.store import guests, log
from benchgen.store.derived import settle
from benchgen.store.guests import Origin
from benchgen.store.runs import Followed

PATIENCE = 60.0
"""Seconds without a change until a run is stale; longer where its steps take longer."""
PATIENT_STEPS = 2.0
REMEMBERED = 50


class Guest:
    """The log of a followed run, brought up to date by `take`; only under the lock of `guests.looking`."""

    def __init__(self, root: Path, run_id: str, clock: Clock, redactor: Redactor) -> None:
        self._root, self._clock, self._redactor = root, clock, redactor
        self.run_id, self.home = run_id, guests.home_of(root, run_id)
        self.origin = guests.read_origin(self.home)
        self._followed = Followed(self.home)
        self._changes: deque[float] = deque(maxlen=REMEMBERED)
        self.refresh()

    def refresh(self) -> None:
        """Takes what another process appended."""
        self._followed.poll()
        self.state: RunState = self._followed.state()

    @property
    def has_ended(self) -> bool:
        return self.state.status in ENDED

    def folder(self) -> Path | None:
        """The run's own folder; None where it has none, or none any more."""
        return guests.files_of(self._root, self.run_id) if self.origin.folder else None

    def finished_folders(self) -> set[str]:
        """The names of the folders whose episodes are on record."""
        folders = self.state.config.folders
        return {PurePosixPath(folders[row.attempt]).name for row in self.state.rows if row.attempt in folders}

    def take(self, seen: Sighting, *, waits: bool = False) -> None:
        """Appends what is new in a sighting; a run that `waits` has not begun."""
        events = [*self._opening(seen, waits=waits), *news(seen, self.state)]
        if events:
            log.append(self.home, self._in_order(events), sync=False, clock=self._clock, redactor=self._redactor)
            self.refresh()
        if seen.ended and self.has_ended:
            settle(self._root, self.home, self._redactor)
        self._remember(seen)

    def note(self, seen: str) -> None:
        """Remembers how the files of an ended run look, so that it need not be opened again."""
        if self.origin.seen != seen:
            self._save(replace(self.origin, seen=seen))

    def attach(self, live_file: str) -> None:
        """Says which live file tells about this run, so that a server that comes back knows it."""
        if self.origin.live_file != live_file:
            self._save(replace(self.origin, live_file=live_file))

    def end(self, error: str, at: float) -> None:
        """The run was cut short, as far as anybody can see."""
        self.take(Sighting((), at, ended="failed", error=error))

    def _opening(self, seen: Sighting, *, waits: bool) -> list[Event]:
        config, first = self.state.config, min([task.begun for task in seen.tasks], default=seen.changed)
        opening: list[Event] = []
        if self.state.queued_at is None:
            opening.append(RunQueued(at=clocks.spell(first), run_id=config.run_id, format=FORMAT))
        if self.state.started_at is None and not waits:
            opening.append(RunStarted(at=clocks.spell(first), run_id=config.run_id, format=FORMAT))
        return opening

    def _in_order(self, events: list[Event]) -> list[Event]:
        """The clocks of files differ by a little: no event is older than the one before it."""
        now, ordered = self.state.updated_at or "", []
        for event in events:
            now = max(now, event.at)
            ordered.append(replace(event, at=now))
        return ordered

    def _remember(self, seen: Sighting) -> None:
        """Until when the run counts as going on, unless more is seen of it."""
        if not self._changes or seen.changed > self._changes[-1]:
            self._changes.append(seen.changed)
        until = clocks.spell(seen.changed + self._patience())
        if not self.has_ended and until[:19] != self.origin.alive_until[:19]:
            self._save(replace(self.origin, alive_until=until))

    def _patience(self) -> float:
        gaps = [later - earlier for earlier, later in zip(self._changes, list(self._changes)[1:], strict=False)]
        return max(PATIENCE, PATIENT_STEPS * median(gaps)) if gaps else PATIENCE

    def _save(self, origin: Origin) -> None:
        self.origin = origin
        guests.write_origin(self.home, origin)


def config_of(run_id: str, run_name: str, benchmark: str, model: str | None, created: str) -> RunConfig:
    """What is known of a followed run when it is first seen; its tasks become known one by one."""
    return RunConfig(
        run_id=run_id,
        run_name=run_name or run_id,
        benchmark_name=benchmark or run_id,
        kind="agent",
        created_at=created,
        tasks={},
        models=(ModelSpec(model or "unknown", "harness"),),
        samples=1,
        workers=1,
        settings=UNTOLD,
        command=(),
        versions={"benchgen": __version__},
        followed=True,
    )
