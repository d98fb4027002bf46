"""Notices that results changed: the root and each open run's folder are watched, open logs looked at once a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from pathlib import Path

from watchfiles import Change, awatch

from benchgen import paths
from benchgen.record import Record

DEBOUNCE_MS = 40
STEP_MS = 25
"""How often a watcher looks for changes: what a server computes at rest is mostly this."""
LOOK_EVERY = 1.0
ARMING = 2.0
"""Seconds after which a watcher is set up, as a rule; logs are looked at besides."""

# What changes in a results folder all the time, or is made from what was seen to change already.
_DERIVED_AT_ROOT = frozenset((paths.LIVE, paths.LATEST_SUMMARY, paths.ROOT_LOCK))
_TELLING = frozenset(
    (paths.EVENTS, paths.STDOUT, paths.STDERR, paths.ANNOTATIONS, paths.RUNNER_LOCK, paths.CONFIG, paths.DIGEST)
)
Stamps = dict[Path, tuple[int, int, int]]


class Seen(Record):
    """What changed since the last look: the list of runs, an open run, or nothing."""

    root: bool
    runs: bool


class Folders(Record):
    """Run folders that are watched, and those whose logs are only looked at once a second."""

    watched: set[Path]
    rest: set[Path]

    def with_watched(self, more: Iterable[Path]) -> Folders:
        """The same with more that are watched."""
        watched = self.watched.union(more)
        return Folders(watched, self.rest - watched)


async def changes(root: Path, open_folders: Callable[[], Folders], stop: asyncio.Event) -> AsyncIterator[Seen]:
    """What changed, as soon as it did, and about once a second what did not; ends with `stop`.

    Folders are not watched recursively: a thousand runs would take tens of thousands of watches. A watcher can miss
    what happens while it is being set up, so that the logs' stamps are compared as well.
    """
    watcher, rest = _Watcher(root), _Glances()
    stamps: Stamps = {}
    try:
        while not stop.is_set():
            folders = open_folders()
            watched = {folder for folder in folders.watched if folder.is_dir()}
            watcher.watch({root, *watched})
            touched = await watcher.wait()
            fresh = _stamps(watched)
            yield Seen(root in touched, bool(touched - {root}) or fresh != stamps or rest.differ(folders.rest))
            stamps = fresh
    finally:
        await watcher.close()


class _Watcher:
    """Watches all folders at once: a watcher wakes forty times a second, however many folders it has.

    Where other folders are to be watched another one takes over, once it has had the time to set itself up.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders: set[Path] = set()
        self._touched: set[Path] = set()
        self._woken = asyncio.Event()
        self._running: list[tuple[asyncio.Event, asyncio.Task[None]]] = []
        self._armed_at = 0.0

    def watch(self, folders: set[Path]) -> None:
        """Watches these folders and, before long, no others."""
        now = time.monotonic()
        has_failed = bool(self._running) and self._running[-1][1].done()
        if folders != self._folders or has_failed:
            self._end(self._running[:-1])
            self._folders, self._armed_at = folders, now + ARMING
            ended = asyncio.Event()
            self._running.append((ended, asyncio.create_task(self._follow(folders, ended))))
        elif now >= self._armed_at:
            self._end(self._running[:-1])

    async def wait(self) -> set[Path]:
        """The folders in which something happened; empty when nothing did for a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):
                await self._woken.wait()
        touched, self._touched = self._touched, set()
        self._woken.clear()
        return touched

    async def close(self) -> None:
        tasks = [task for _, task in self._running]
        self._end(self._running)
        await asyncio.gather(*tasks, return_exceptions=True)

    def _end(self, which: list[tuple[asyncio.Event, asyncio.Task[None]]]) -> None:
        for ended, _ in which:
            ended.set()
        self._running = [one for one in self._running if one not in which]

    async def _follow(self, folders: set[Path], ended: asyncio.Event) -> None:
        watcher = awatch(
            *folders,
            watch_filter=self._tells,
            debounce=DEBOUNCE_MS,
            step=STEP_MS,
            recursive=False,
            stop_event=ended,
            ignore_permission_denied=True,
        )
        with suppress(FileNotFoundError):  # a run deleted before it was watched: the others are, with the next look
            async for found in watcher:
                self._touched |= {Path(path).parent for _, path in found} & folders
                self._woken.set()

    def _tells(self, change: Change, path: str) -> bool:
        tells = _tells_at_root if Path(path).parent == self._root else _tells_of_run
        return tells(change, path)


class _Glances:
    """Looks at logs that nobody watches, once a second."""

    def __init__(self) -> None:
        self._stamps: Stamps = {}
        self._due = 0.0

    def differ(self, folders: set[Path]) -> bool:
        """Whether a log differs from how it was at the last look."""
        now = time.monotonic()
        if now < self._due:
            return False
        self._due = now + LOOK_EVERY
        before, self._stamps = self._stamps, _stamps(folders)
        return any(before.get(log, stamp) != stamp for log, stamp in self._stamps.items())


def _tells_at_root(_: Change, path: str) -> bool:
    name = Path(path).name
    return not name.startswith(".") and name not in _DERIVED_AT_ROOT and not name.startswith(paths.HISTORY)


def _tells_of_run(_: Change, path: str) -> bool:
    return Path(path).name in _TELLING


def _stamps(folders: set[Path]) -> Stamps:
    found: Stamps = {}
    for folder in folders:
        log = folder / paths.EVENTS
        try:
            status = log.stat()
        except FileNotFoundError:
            continue
        found[log] = (status.st_ino, status.st_size, status.st_mtime_ns)
    return found
