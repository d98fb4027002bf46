"""Notices that results changed: the root and each open run's folder are watched, open logs looked at once a second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from watchfiles import Change, awatch

from benchgen import paths

DEBOUNCE_MS = 60
STEP_MS = 10
LOOK_EVERY_MS = 1000

Stamps = dict[Path, tuple[int, int, int]]


async def changes(root: Path, open_folders: Callable[[], set[Path]], stop: asyncio.Event) -> AsyncIterator[bool]:
    """Yields True whenever something changed, False about once a second when nothing did; ends with `stop`.

    Folders are not watched recursively: a thousand runs would take tens of thousands of watches. A watcher can miss
    what happens while it is being set up, so that the logs' stamps are compared as well.
    """
    stamps: Stamps = {}
    while not stop.is_set():
        watched = {folder for folder in open_folders() if folder.is_dir()}
        restart = asyncio.Event()
        async for found in _watch(root, watched, stop, restart):
            fresh = _stamps(watched | open_folders())
            yield bool(found) or fresh != stamps
            stamps = fresh
            if {folder for folder in open_folders() if folder.is_dir()} != watched:
                restart.set()
                break


def _watch(
    root: Path, folders: set[Path], stop: asyncio.Event, restart: asyncio.Event
) -> AsyncIterator[set[tuple[Change, str]]]:
    return awatch(
        root,
        *sorted(folders),
        watch_filter=None,
        debounce=DEBOUNCE_MS,
        step=STEP_MS,
        rust_timeout=LOOK_EVERY_MS,
        yield_on_timeout=True,
        recursive=False,
        stop_event=_Either(stop, restart),
    )


class _Either:
    """Set when one of two events is."""

    def __init__(self, first: asyncio.Event, second: asyncio.Event) -> None:
        self._events = (first, second)

    def is_set(self) -> bool:
        return any(event.is_set() for event in self._events)


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
