"""Notices that results changed: the root and each open run's folder are watched, open logs looked at once a second."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from pathlib import Path

from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from benchgen import paths
from benchgen.record import Record

log = logging.getLogger(__name__)
DEBOUNCE_MS = 40
CALM = (25, 0)
QUICK = (10, 10_000)
"""How a thread looks for changes, in milliseconds: every so often, and for how long; 0 is until there is one."""
LOOK_EVERY = 1.0

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
    """Watches all folders at once: one thread looks for changes, often after one and seldom while there are none.

    Where other folders are to be watched another thread takes over, as soon as it is set up.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders: set[Path] = set()
        self._touched: set[Path] = set()
        self._woken = asyncio.Event()
        self._running: dict[asyncio.Task[None], threading.Event] = {}
        self._complaint = ""

    def watch(self, folders: set[Path]) -> None:
        """Watches these folders and, before long, no others."""
        self._running = {task: ended for task, ended in self._running.items() if not task.done()}
        if folders != self._folders:
            self._folders, ended = folders, threading.Event()
            self._running[asyncio.create_task(self._follow(folders, ended))] = ended

    async def wait(self) -> set[Path]:
        """The folders in which something happened; empty when nothing did for a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):
                await self._woken.wait()
        touched, self._touched = self._touched, set()
        self._woken.clear()
        return touched

    async def close(self) -> None:
        for ended in self._running.values():
            ended.set()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _follow(self, folders: set[Path], ended: threading.Event) -> None:
        try:
            notify = await asyncio.to_thread(RustNotify, [str(one) for one in folders], False, False, 0, False, True)
        except (OSError, WatchfilesRustInternalError) as fault:
            self._folders = set()  # tried again with the next look
            if not isinstance(fault, FileNotFoundError):  # that is a run deleted just now
                self._complain(str(fault))
            return
        with notify:
            self._end_before(ended)
            pace = CALM
            while (found := await asyncio.to_thread(notify.watch, DEBOUNCE_MS, *pace, ended)) != "stop":
                pace = CALM if isinstance(found, str) else QUICK
                if not isinstance(found, str):
                    self._notice(Path(path) for _, path in found)

    def _complain(self, fault: str) -> None:
        if fault != self._complaint:
            log.warning("changes are seen late: %s", fault)
        self._complaint = fault

    def _end_before(self, ended: threading.Event) -> None:
        """Ends those that began to watch before the one that `ended` ends."""
        for other in self._running.values():
            if other is ended:
                return
            other.set()

    def _notice(self, changed: Iterable[Path]) -> None:
        for path in changed:
            folder = path.parent
            if folder in self._folders and (_tells_at_root if folder == self._root else _tells_of_run)(path.name):
                self._touched.add(folder)
                self._woken.set()


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


def _tells_at_root(name: str) -> bool:
    return not name.startswith(".") and name not in _DERIVED_AT_ROOT and not name.startswith(paths.HISTORY)


def _tells_of_run(name: str) -> bool:
    return name in _TELLING


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
