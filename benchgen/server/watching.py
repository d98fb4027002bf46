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
STEP_MS = 10
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
    """Run folders that are watched, each by a thread, and those whose logs are only looked at once a second."""

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
    watchers, rest = _Watchers(root), _Glances()
    stamps: Stamps = {}
    try:
        while not stop.is_set():
            folders = open_folders()
            watched = {folder for folder in folders.watched if folder.is_dir()}
            watchers.watch({root, *watched})
            touched = await watchers.wait()
            fresh = _stamps(watched)
            yield Seen(root in touched, bool(touched - {root}) or fresh != stamps or rest.differ(folders.rest))
            stamps = fresh
    finally:
        await watchers.close()


class _Watchers:
    """One watcher a folder, so that taking up another folder leaves the others watched."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._touched: set[Path] = set()
        self._woken = asyncio.Event()
        self._running: dict[Path, tuple[asyncio.Event, asyncio.Task[None]]] = {}

    def watch(self, folders: set[Path]) -> None:
        """Watches these folders and no others."""
        for folder in self._running.keys() - folders:
            ended, _ = self._running.pop(folder)
            ended.set()
        for folder in folders - self._running.keys():
            ended = asyncio.Event()
            self._running[folder] = ended, asyncio.create_task(self._follow(folder, ended))

    async def wait(self) -> set[Path]:
        """The folders in which something happened; empty when nothing did for a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY):
                await self._woken.wait()
        touched, self._touched = self._touched, set()
        self._woken.clear()
        return touched

    async def close(self) -> None:
        tasks = [task for _, task in self._running.values()]
        self.watch(set())
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, folder: Path, ended: asyncio.Event) -> None:
        tells = _tells_at_root if folder == self._root else _tells_of_run
        watcher = awatch(
            folder,
            watch_filter=tells,
            debounce=DEBOUNCE_MS,
            step=STEP_MS,
            recursive=False,
            stop_event=ended,
            ignore_permission_denied=True,
        )
        with suppress(FileNotFoundError):  # a run deleted before it was watched
            async for _ in watcher:
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
