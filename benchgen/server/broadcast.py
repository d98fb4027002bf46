"""The one loop of the server: sees a change, makes an edition off the event loop, publishes what differs."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from benchgen import codec
from benchgen.pages.listing import Site
from benchgen.pages.page import Page
from benchgen.panels import links
from benchgen.server.hub import Hub
from benchgen.server.newsroom import Edition, Newsroom
from benchgen.server.watching import changes

T = TypeVar("T")
log = logging.getLogger(__name__)
LIVE_TOPIC = links.LIVE
SEED_TOPIC = "benchmark-sse"
BEAT_SECONDS = 5.0


class Broadcast:
    """Holds the newest edition and keeps it new. All that reads results or renders runs in one thread of its own."""

    def __init__(self, newsroom: Newsroom, site: Site, hub: Hub, root: Path) -> None:
        self._newsroom, self._site, self.hub, self._root = newsroom, site, hub, root
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pages")
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._edition: Edition | None = None

    async def start(self) -> None:
        """Makes the first edition and begins to watch."""
        await self._publish()
        self._task = asyncio.create_task(self._follow())

    async def close(self) -> None:
        """Ends all streams, then the watching."""
        self.hub.close()
        self._stop.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown(wait=False, cancel_futures=True)

    @property
    def edition(self) -> Edition:
        """The newest edition."""
        if self._edition is None:
            raise RuntimeError("asked for an edition before the server has started")
        return self._edition

    async def page(self, path: str) -> tuple[Page, bytes] | None:
        """A page as it is now; None where there is none."""
        return await self._aside(lambda: _rendered(self._site.find(path)))

    async def live_page(self) -> bytes:
        """The live page as the newest edition has it."""
        return await self._aside(lambda: self._newsroom.page(self.edition))

    async def messages(self) -> Mapping[str, object]:
        """The JSON of the seed's endpoints, with durations as of now."""
        return await self._aside(lambda: self._newsroom.messages(self.edition))

    async def across(self, work: Callable[[Site], T]) -> T:
        """Something that needs the site, done in its thread."""
        return await self._aside(lambda: work(self._site))

    async def _aside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _follow(self) -> None:
        async for changed in changes(self._root, self._newsroom.open_folders, self._stop):
            self._beat()
            try:
                if changed or await self._aside(lambda: self._newsroom.has_died(self.edition)):
                    await self._publish()
            except OSError as fault:
                log.warning("results cannot be read: %s", fault)

    async def _publish(self) -> None:
        edition = await self._aside(self._newsroom.edition)
        self._edition = edition
        self.hub.publish(LIVE_TOPIC, await self._aside(lambda: self._newsroom.frames(edition)))
        self.hub.publish(SEED_TOPIC, {"seq": f"{edition.run_id} {edition.seq} {edition.is_dead}"})
        await self._publish_keys()

    def _beat(self) -> None:
        """Says now and then that the server watches still, so that a page can tell silence from a broken line."""
        beat = int(time.monotonic() / BEAT_SECONDS)
        for topic in self.hub.topics() - {SEED_TOPIC}:
            self.hub.publish(topic, {"beat": codec.json_of({"id": "beat", "beat": beat})})

    async def _publish_keys(self) -> None:
        """Tells the readers of other pages that theirs is out of date; they reload when they like."""
        for path in self.hub.topics() - {LIVE_TOPIC, SEED_TOPIC}:
            page = await self._aside(lambda path=path: self._site.find(path))  # type: ignore[misc]
            self.hub.publish(path, {"page": codec.json_of({"id": "page", "key": page.key if page else None})})


def _rendered(page: Page | None) -> tuple[Page, bytes] | None:
    return None if page is None else (page, page.render())
