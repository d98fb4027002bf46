"""Reading results: the runs below a folder, each as its digest, its state, or one outcome of it."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchgen import clock, codec, paths
from benchgen.clock import Clock
from benchgen.digest import digest_of
from benchgen.errors import BadFile, BenchgenError, NoInstant, NotFound
from benchgen.fold import Fold
from benchgen.record import Record
from benchgen.records.attempt import Attempt
from benchgen.records.checkpoint import Checkpoint
from benchgen.records.digest import RunDigest
from benchgen.records.run import RunConfig
from benchgen.records.state import Line, RunState
from benchgen.store import files, guests, locks
from benchgen.store.checkpoints import Checkpoints, Prefix
from benchgen.store.collecting import collecting_later
from benchgen.store.log import LogReader, Take, prefix_hashes, read_line
from benchgen.store.texts import Excerpt, excerpt, excerpts

MOST_OPEN = 8
MANY = 50
_EPOCH = "1970-01-01"


class Unreadable(Record):
    """A run that cannot be shown, and why; the others are unaffected."""

    run_id: str
    path: str
    reason: str


class Digests(NamedTuple):
    """All runs, newest first, and those that could not be read."""

    runs: list[RunDigest]
    unreadable: list[Unreadable]


class Stamp(Record):
    """A log as the file system tells it: equal stamps mean that nothing was written."""

    inode: int
    size: int
    modified_ns: int


class Followed:
    """One run under a reader's eyes: its log and the fold of what was read, each new event taken once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = read_config(folder)
        self.log = LogReader(folder / paths.EVENTS)
        self.fold = Fold(self.config)
        self.resumed_at = 0

    def resume(self, checkpoint: Checkpoint) -> None:
        """Goes on from there, in place of reading the log from its beginning."""
        self.fold.resume(checkpoint)
        self.log.skip(checkpoint.log_bytes, checkpoint.seq)
        self.resumed_at = checkpoint.log_bytes

    def poll(self) -> bool:
        """Takes what is new in the log; whether there was anything."""
        before = self.log.offset
        self.log.scan_into(self._taker)
        return self.log.restarted or self.log.offset > before

    def _taker(self) -> Take:
        if self.log.restarted:
            self.fold = Fold(self.config)
        return self.fold.take

    def state(self) -> RunState:
        """The run as far as its log was read."""
        return self.fold.state()


class Results:
    """The runs below one folder. Digests once read are held for as long as their logs do not change."""

    def __init__(self, root: Path, clock: Clock = Clock()) -> None:
        self.root, self._clock = root, clock
        self._held: dict[str, tuple[Stamp, RunDigest]] = {}
        self._open: OrderedDict[str, Followed] = OrderedDict()
        self.checkpoints: Checkpoints | None = None

    def home(self, run_id: str) -> Path:
        """Where a run's log lies; NotFound for one that is not there, and for any id that is no plain name."""
        if paths.is_run_id(run_id):
            if _has_log(self.root / run_id):
                return self.root / run_id
            if guests.is_guest(self.root, run_id):
                return guests.home_of(self.root, run_id)
            if _is_run(self.root / run_id):
                return self.root / run_id
        raise NotFound(f"no run {run_id!r}", where=str(self.root), hint="benchgen list runs shows what there is")

    def folder(self, run_id: str) -> Path:
        """Where a run's files lie: with its log, but for a run of another harness, whose folder is its own."""
        home = self.home(run_id)
        return home if home.parent == self.root else guests.files_of(self.root, run_id) or home

    def list(self) -> list[str]:
        """The ids of all runs, newest first."""
        return list(self._homes())

    def _homes(self) -> dict[str, str]:
        """Where the log of each run lies, newest first."""
        if not self.root.is_dir():
            return {}
        with os.scandir(self.root) as entries:
            found = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        homes = {name: f"{self.root}/{name}" for name in found if paths.is_run_id(name)}
        homes = {name: home for name, home in homes.items() if _has_run(home)}
        for name in guests.list_guests(self.root):
            if name not in homes or not _has_log(self.root / name):  # other harnesses write a `config.json`, too
                homes[name] = str(guests.home_of(self.root, name))
        return dict(sorted(homes.items(), key=lambda one: (_when(*one), one[0]), reverse=True))

    def config(self, run_id: str) -> RunConfig:
        """What a run was asked to do."""
        return read_config(self.home(run_id))

    def follow(self, run_id: str) -> Followed:
        """A run to be read again and again, only what is new each time."""
        return Followed(self.home(run_id))

    def current(self, run_id: str) -> Followed:
        """A run brought up to date: of those asked for last, only what is new in their logs is read. NotFound."""
        self.home(run_id)  # one that was removed is held still
        followed = self._open.pop(run_id, None) or self._opened(run_id)
        if followed.poll() and followed.log.restarted:
            followed = self.follow(run_id)
            followed.poll()
        self._open[run_id] = followed
        while len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)
        return followed

    def _opened(self, run_id: str) -> Followed:
        """A run to be read, from where its fold was put down if it was."""
        followed = self.follow(run_id)
        checkpoint = self.checkpoints.find(run_id, followed.folder) if self.checkpoints else None
        if checkpoint is not None:
            followed.resume(checkpoint)
        return followed

    def put_down(self, prefixes: Mapping[str, Prefix]) -> None:
        """Keeps the folds, of the runs asked for last, that have taken just what `prefixes` names; none of others."""
        if self.checkpoints is None:
            return
        self.checkpoints.drop_others(prefixes)
        for run_id, followed in self._open.items():
            prefix = prefixes.get(run_id)
            if prefix and prefix.length not in (0, followed.resumed_at):
                checkpoint = followed.fold.checkpoint()
                if checkpoint is not None and checkpoint.log_bytes == prefix.length:
                    self.checkpoints.keep(run_id, followed.folder, checkpoint, prefix)

    def load(self, run_id: str) -> RunState:
        """A run's state: its whole log, folded."""
        followed = self.follow(run_id)
        followed.poll()
        return followed.state()

    def stamp(self, run_id: str) -> Stamp | None:
        """What tells whether a run's log has changed; None while there is no log."""
        return _stamp(f"{self.home(run_id)}/{paths.EVENTS}")

    def digest_stamp(self, run_id: str) -> Stamp | None:
        """The same of its `digest.json`, which `benchgen index` may make anew from an unchanged log."""
        return _stamp(f"{self.home(run_id)}/{paths.DIGEST}")

    def digest(self, run_id: str) -> RunDigest:
        """A run in brief: held, from `digest.json` where that is up to date, else folded."""
        return self._digest(run_id, str(self.home(run_id)))

    def _digest(self, run_id: str, folder: str) -> RunDigest:
        """The digest of a run that is there: a page across runs asks for all of them, so that each step counts."""
        stamp = _stamp(f"{folder}/{paths.EVENTS}")
        held = self._held.get(run_id)
        if stamp is not None and held is not None and held[0] == stamp:
            return held[1]
        digest = (stamp and _saved_digest(folder, stamp)) or self._folded(run_id, folder)
        if stamp is not None:
            self._held[run_id] = (stamp, digest)
        return digest

    def _folded(self, run_id: str, folder: str) -> RunDigest:
        return _with_instants(digest_of(self.current(run_id).state()), folder)

    def digests(self) -> Digests:
        """Every run in brief, newest first; a broken one is listed with its reason."""
        found, homes = Digests([], []), self._homes()
        with collecting_later(many=len(homes) - len(self._held) > MANY):
            for run_id, home in homes.items():
                try:
                    found.runs.append(self._digest(run_id, home))
                except (BenchgenError, OSError) as fault:
                    found.unreadable.append(Unreadable(run_id, str(self.root / run_id), str(fault)))
        return found

    def outcome(self, run_id: str, line: Line) -> Attempt:
        """A whole outcome, from where its row says that it lies in the log."""
        path = self.home(run_id) / paths.EVENTS
        return codec.outcome(read_line(path, line), where=f"{path} at byte {line.offset}")

    def lines(self, run_id: str, lines: Iterable[Line]) -> Iterator[bytes]:
        """Lines of a run's log as they stand there, the log opened once for all of them. NotFound."""
        path = self.home(run_id) / paths.EVENTS
        try:
            log = path.open("rb", buffering=0)
        except FileNotFoundError as fault:  # removed meanwhile
            raise NotFound(f"no run {run_id!r}", where=str(self.root)) from fault
        with log:
            for line in lines:
                yield os.pread(log.fileno(), line.length, line.offset)

    def log_hashes(self, run_id: str, lengths: Sequence[int]) -> tuple[str, ...]:
        """Names for what a run's log begins with, as `prefix_hashes` gives them."""
        log = self.home(run_id) / paths.EVENTS
        return self.checkpoints.hashes(log, lengths) if self.checkpoints else prefix_hashes(log, lengths)

    def artifact(self, run_id: str, relative: str) -> Path:
        """A regular file below the run folder, never hidden, never through a link; else NotFound."""
        folder = self.folder(run_id)
        try:
            parts = files.safe_relative(relative).parts
        except BadFile as fault:
            raise NotFound("no such file in this run", where=relative) from fault
        if folder.parent != self.root and folder != self.home(run_id) and not guests.is_episode_file(parts):
            raise NotFound("no such file in this run", where=relative)
        path = folder.joinpath(*parts)
        steps = [folder.joinpath(*parts[:length]) for length in range(1, len(parts) + 1)]
        is_hidden = any(part.startswith(".") for part in parts)
        if is_hidden or any(step.is_symlink() for step in steps) or not path.is_file():
            raise NotFound("no such file in this run", where=relative)
        return path

    def read_text(self, run_id: str, relative: str, limit: int) -> Excerpt:
        """A file's text, its middle left out where it is longer than `limit` bytes."""
        return excerpt(self.artifact(run_id, relative), limit)

    def texts(self, run_id: str, folder: str, names: Iterable[str], limit: int) -> dict[str, Excerpt]:
        """Several files of one folder of a run, as `read_text` gives them; those that are not there are left out."""
        return excerpts(self.folder(run_id), folder, names, limit) if paths.is_run_id(run_id) else {}

    def is_alive(self, run_id: str) -> bool:
        """Whether the process that runs this run still lives; of another harness, whether its files still change."""
        home = self.home(run_id)
        if home.parent == self.root:
            return locks.is_alive(home)
        return self._clock.stamp() < guests.read_origin(home).alive_until


def read_config(folder: Path) -> RunConfig:
    """`config.json` of a run folder."""
    path = folder / paths.CONFIG
    return codec.config(files.read_bytes(path), where=str(path))


def _is_run(folder: Path) -> bool:
    return not folder.is_symlink() and _has_run(str(folder))


def _has_log(folder: Path) -> bool:
    return not folder.is_symlink() and (folder / paths.EVENTS).is_file()


def _has_run(folder: str) -> bool:
    """Strings instead of `Path`s, which took most of the time of listing a thousand runs."""
    config = f"{folder}/{paths.CONFIG}"
    return os.path.isfile(f"{folder}/{paths.EVENTS}") or (os.path.isfile(config) and _names_a_kind(config))  # noqa: PTH113


def _names_a_kind(config: str) -> bool:
    """Whether a `config.json` without a log is ours: it says what kind of run, or is damaged, which must be told."""
    try:
        said = codec.parse(files.read_bytes(Path(config)), where=config)
    except (BenchgenError, OSError):
        return True
    return not isinstance(said, dict) or "kind" in said


def _when(name: str, folder: str) -> str:
    """When a run was created, as far as can be told without reading its log."""
    if paths.is_our_run_id(name):
        return name[4:19]
    try:
        created = read_config(Path(folder)).created_at
    except (BenchgenError, OSError):
        return ""
    return created[:19].replace("-", "").replace(":", "")


def _stamp(log: str) -> Stamp | None:
    try:
        status = os.stat(log)  # noqa: PTH116 - as above
    except FileNotFoundError:
        return None
    return Stamp(status.st_ino, status.st_size, status.st_mtime_ns)


def _with_instants(digest: RunDigest, folder: str) -> RunDigest:
    """The same; BadFile where it says of a time what is none: such a run must not end the pages across all of them."""
    for name in ("created_at", "started_at", "finished_at", "updated_at"):
        try:
            clock.read(getattr(digest, name) or _EPOCH)
        except NoInstant as fault:
            raise BadFile(f"{name}: {fault}", where=folder) from fault
    return digest


def _saved_digest(folder: str, log: Stamp) -> RunDigest | None:
    """`digest.json` if it was made from the log as it is now: of the same length, and not changed since."""
    path = f"{folder}/{paths.DIGEST}"
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - as above
            is_newer = os.fstat(file.fileno()).st_mtime_ns >= log.modified_ns
            digest = _with_instants(codec.digest(file.read(), where=path), folder) if is_newer else None
    except (FileNotFoundError, BadFile):
        return None
    return digest if digest and digest.log_bytes == log.size else None
