"""Watching results: new runs, growing logs, deleted runs; files that are made from what was seen tell nothing."""

from __future__ import annotations

import asyncio
import shutil

from factories import attempt, attempt_events, make_run, run_config

from benchgen import paths
from benchgen.server.watching import Folders, Seen, _Watcher, changes
from benchgen.store.log import append


async def armed(root, folders):
    """A watcher that has had the time to set itself up."""
    stop = asyncio.Event()
    found = changes(root, lambda: Folders(folders, set()), stop)
    await anext(found)
    while (seen := await anext(found)).root or seen.runs:
        pass
    return found


async def next_change(found):
    async with asyncio.timeout(10):
        async for seen in found:
            if seen.root or seen.runs:
                return seen
    raise AssertionError("nothing was seen")


def test_a_growing_log_is_seen(tmp_path):
    async def scene():
        folder = make_run(tmp_path, run_config(tasks=3), finished=False, upto=1, artifacts=False)
        found = await armed(tmp_path, {folder})
        append(folder, attempt_events(attempt("task_1")))
        seen = await next_change(found)
        assert (seen.root, seen.runs) == (False, True)
        await found.aclose()

    asyncio.run(scene())


def test_a_new_run_and_a_deleted_one_are_seen(tmp_path):
    async def scene():
        found = await armed(tmp_path, set())
        folder = make_run(tmp_path, artifacts=False)
        assert (await next_change(found)).root
        while (await anext(found)).root:
            pass
        shutil.rmtree(folder)
        assert (await next_change(found)).root
        await found.aclose()

    asyncio.run(scene())


def test_a_run_that_is_opened_later_is_watched_from_then_on(tmp_path):
    async def scene():
        folder = make_run(tmp_path, run_config(tasks=3), finished=False, upto=1, artifacts=False)
        open_folders: set = set()
        found = await armed(tmp_path, open_folders)
        open_folders.add(folder)
        await anext(found)
        append(folder, attempt_events(attempt("task_1")))
        assert (await next_change(found)).runs
        await found.aclose()

    asyncio.run(scene())


def test_a_log_that_is_not_watched_is_looked_at(tmp_path):
    async def scene():
        folder = make_run(tmp_path, run_config(tasks=3), finished=False, upto=1, artifacts=False)
        found = changes(tmp_path, lambda: Folders(set(), {folder}), asyncio.Event())
        while (seen := await anext(found)).root or seen.runs:
            pass
        append(folder, attempt_events(attempt("task_1")))
        assert (await next_change(found)) == Seen(root=False, runs=True)
        await found.aclose()

    asyncio.run(scene())


def test_the_live_tracker_at_the_root_tells_nothing_new(tmp_path):
    async def scene():
        found = await armed(tmp_path, set())
        for name in ("benchmark_live.json", "history.db", ".benchgen.lock"):
            (tmp_path / name).write_text("{}")
        seen = await anext(found)
        assert not seen.root
        await found.aclose()

    asyncio.run(scene())


async def seen_in(watcher, folder):
    """Until something is seen in the folder; it is written to again and again, for a watcher is not set up at once."""
    async with asyncio.timeout(10):
        while folder not in await watcher.wait():
            with (folder / paths.EVENTS).open("a") as log:
                log.write("x")


def test_one_watcher_is_left_when_other_folders_are_watched(tmp_path):
    async def scene():
        folder = make_run(tmp_path, artifacts=False)
        watcher = _Watcher(tmp_path)
        watcher.watch({tmp_path})
        ((_, first),) = watcher._running
        try:
            async with asyncio.timeout(10):
                while not first.done():
                    watcher.watch({tmp_path, folder})
                    await watcher.wait()
            await seen_in(watcher, folder)
        finally:
            await watcher.close()

    asyncio.run(scene())
