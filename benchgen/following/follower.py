"""Follows runs of other harnesses: their folders among our results, and the live files that we are told of."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchgen import clock as clocks
from benchgen import paths
from benchgen.clock import Clock
from benchgen.errors import BenchgenError
from benchgen.following import folders
from benchgen.following.guest import Guest, config_of
from benchgen.following.live import LiveSource, is_another_run, sight_live
from benchgen.following.whole import TakeIn, Whole
from benchgen.formats import openadapt
from benchgen.formats.openadapt_files import read_beside
from benchgen.formats.openadapt_live import LiveFile
from benchgen.records.run import RunConfig
from benchgen.redact import Redactor
from benchgen.store import guests
from benchgen.store.guests import Origin

log = logging.getLogger(__name__)
CUT_SHORT = "its live file was begun anew before this run ended"


class Follower:
    """`look` brings our logs about other harnesses' runs up to date. Not safe for threads; processes take turns."""

    def __init__(
        self,
        root: Path,
        live_files: Sequence[Path] = (),
        clock: Clock = Clock(),
        redactor: Redactor = Redactor(),
        take_in: TakeIn | None = None,
    ) -> None:
        self._root, self._clock, self._redactor = root, clock, redactor
        self._lives = [LiveSource(path) for path in live_files]
        self._guests: dict[str, Guest] = {}
        self._folders: dict[str, Path] = {}
        self._stamps: dict[str, str] = {}
        self._complaints: dict[str, str] = {}
        self._strangers: list[Path] = []
        self._root_age = -1
        self._whole = Whole(root, take_in, redactor)

    def look(self) -> bool:
        """Takes what is new; whether a run came that was not there before."""
        self._find()
        is_begun = any(map(openadapt.is_begun, self._strangers))
        if not self._lives and not is_begun and not self._whole.changed(self._strangers):
            return False
        with guests.looking(self._root) as is_ours_to_write:
            return is_ours_to_write and self._look()

    def is_busy(self) -> bool:
        """Whether something is going on that is worth looking at often; what begins is seen with the next look."""
        now = self._clock.stamp()
        return any(not guest.has_ended and guest.origin.alive_until > now for guest in self._guests.values())

    def _look(self) -> bool:
        before, taken = len(self._guests), self._take_in()
        for live in self._lives:
            live.look()
        for folder in filter(openadapt.is_begun, self._strangers):
            self._safely(folder, self._welcome, folder)
        for live in self._lives:
            self._safely(live.path, self._follow_live, live)
        for run_id, folder in self._folders.items():
            self._safely(folder, self._follow_folder, run_id, folder)
        return taken or len(self._guests) != before

    def _take_in(self) -> bool:
        """Runs that have ended, of kinds that are not read as they grow; whether there was one to take in."""
        changed = self._whole.changed(self._strangers)
        taken = [self._safely(folder, self._whole.look, folder) for folder in changed]
        return any(taken)

    def _find(self) -> None:
        """The folders among our results that are none of ours; listed again when one comes or goes."""
        try:
            age = self._root.stat().st_mtime_ns
        except OSError:
            return
        if age != self._root_age:
            self._root_age, self._strangers = age, folders.strangers(self._root)

    def _welcome(self, folder: Path) -> Guest | None:
        """The log about a run folder, begun where there is none; None for a run that ended and is on record whole."""
        run_id = guests.run_id_of(folder.name)
        guest = self._guests.get(run_id)
        if guest is None and guests.is_guest(self._root, run_id):
            seen = guests.read_origin(guests.home_of(self._root, run_id)).seen
            if seen == folders.brief(folder):
                return None
            guest = self._open(run_id)
        if guest is None or openadapt.read_metadata(folder).created_at != guest.origin.created:
            guest = self._begin_folder(folder, run_id)
        self._folders[run_id] = folder
        return guest

    def _begin_folder(self, folder: Path, run_id: str) -> Guest:
        about = openadapt.read_metadata(folder)
        config = config_of(run_id, about.run_name, about.benchmark_name, about.model_id, folders.created_of(folder))
        return self._begin(config, Origin(folder=self._place(folder), created=about.created_at))

    def _follow_folder(self, run_id: str, folder: Path) -> None:
        guest = self._guests[run_id]
        if guest.has_ended and guest.origin.seen == folders.brief(folder):
            return
        live = next((one for one in self._lives if one.run_id == run_id), None)
        finished = guest.finished_folders()
        places = (folder, live.path.parent) if live else (folder,)
        stamp = f"{folders.stamp(folder, finished)} {folders.beside_stamp(places)} {live.changed if live else ''}"
        if self._stamps.get(run_id) == stamp:
            return
        guest.take(folders.sight(folder, finished, live.said if live else None, read_beside(places)))
        self._stamps[run_id] = stamp
        if guest.has_ended:
            guest.note(folders.brief(folder))

    def _follow_live(self, live: LiveSource) -> None:
        """Which run the file is about now; a run without a folder is told from the file alone."""
        said = live.said
        if said is None:
            return
        guest = self._known(live)
        if said.says_nothing:
            if guest is not None and not guest.has_ended and not guest.origin.folder:
                guest.end(CUT_SHORT, live.changed)
            live.run_id = None
            return
        if guest is None or self._has_gone_on(live, said, guest):
            guest = self._begin_live(live, said, guest)
        elif not guest.origin.folder and said.current_task and not guest.state.rows:
            guest = self._moved(live, said, guest)
        if guest is not None and not guest.origin.folder and not guest.has_ended:
            places = (live.path.parent,)
            stamp = f"{live.changed} {folders.beside_stamp(places)}"
            if self._stamps.get(guest.run_id) != stamp:
                guest.take(
                    sight_live(said, live.changed, guest.state, read_beside(places)), waits=said.status == "setup"
                )
                self._stamps[guest.run_id] = stamp

    def _known(self, live: LiveSource) -> Guest | None:
        """The run that a live file was about when it was looked at last, by this process or an earlier one."""
        if live.run_id is not None:
            return self._guests.get(live.run_id)
        place = self._place(live.path)
        for run_id in reversed(guests.list_guests(self._root)):
            if guests.read_origin(guests.home_of(self._root, run_id)).live_file == place:
                guest = self._guests.get(run_id) or self._open(run_id)
                if not guest.has_ended:
                    live.run_id = run_id
                    return guest
        return None

    def _has_gone_on(self, live: LiveSource, said: LiveFile, guest: Guest) -> bool:
        if guest.has_ended:
            return clocks.spell(live.changed) > (guest.state.finished_at or "")
        return not guest.origin.folder and is_another_run(said, guest.state)

    def _begin_live(self, live: LiveSource, said: LiveFile, before: Guest | None) -> Guest | None:
        """The run that a live file has begun to tell of: one with a folder, else one of its own."""
        if said.status == "complete":
            return before  # seen too late to tell whose end this is
        if before is not None and not before.has_ended:
            before.end(CUT_SHORT, live.changed)
        guest = self._with_folder(live, said)
        if guest is None:
            created = clocks.spell(live.changed)
            run_id = self._free_id(said.run_id or f"{live.path.stem}_{created[:19].replace('-', '').replace(':', '')}Z")
            config = config_of(run_id, said.run_id or "", live.path.stem, said.model_id, created)
            guest = self._begin(config, Origin(created=created))
        return self._attached(live, guest)

    def _moved(self, live: LiveSource, said: LiveFile, guest: Guest) -> Guest:
        """A run that was set up and has a folder now goes on there."""
        found = self._with_folder(live, said)
        if found is None:
            return guest
        del self._guests[guest.run_id]
        guests.forget(self._root, guest.run_id)
        return self._attached(live, found)

    def _attached(self, live: LiveSource, guest: Guest) -> Guest:
        live.run_id = guest.run_id
        guest.attach(self._place(live.path))
        return guest

    def _with_folder(self, live: LiveSource, said: LiveFile) -> Guest | None:
        """The run folder, among our results or beside the live file, that holds the task now going on."""
        if said.current_task is None:
            return None
        folder = folders.holding(self._places(live.path.parent), said.current_task.task_id)
        return self._welcome(folder) if folder else None

    def _places(self, beside: Path) -> Iterator[Path]:
        yield from self._strangers
        for place in (beside, beside / paths.RESULTS_DIR):
            if place.resolve() != self._root.resolve():
                yield from filter(openadapt.is_begun, folders.strangers(place))

    def _free_id(self, wanted: str) -> str:
        run_id = wanted if paths.is_run_id(wanted) else paths.file_name(wanted)[:100]
        taken = (self._root / run_id).exists() or guests.home_of(self._root, run_id).exists()
        return f"{run_id}-{paths.six(self._clock.stamp())}" if taken else run_id

    def _place(self, path: Path) -> str:
        """A path as `origin.json` names it."""
        whole, root = path.absolute(), self._root.absolute()
        return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else str(whole)

    def _begin(self, config: RunConfig, origin: Origin) -> Guest:
        guests.begin(self._root, config, origin, self._redactor)
        self._stamps.pop(config.run_id, None)
        return self._open(config.run_id)

    def _open(self, run_id: str) -> Guest:
        guest = self._guests[run_id] = Guest(self._root, run_id, self._clock, self._redactor)
        return guest

    def _safely(self, place: Path, work: Callable[..., object], *of: object) -> bool:
        """What the work says, False where it fails: a run that cannot be read hides no other, and is told of once."""
        try:
            return bool(work(*of))
        except (BenchgenError, OSError, ValueError, OverflowError) as fault:  # the last two: a time of no calendar
            if self._complaints.get(str(place)) != str(fault):
                self._complaints[str(place)] = str(fault)
                log.warning("a run of another harness cannot be followed: %s", fault)
            return False
