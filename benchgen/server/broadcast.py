"""The one loop of the server: sees a change, makes an edition off the event loop, publishes what differs."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchgen import codec
from benchgen.errors import BenchgenError
from benchgen.pages.listing import Site
from benchgen.pages.page import Page
from benchgen.record import Record
from benchgen.records.digest import RunDigest
from benchgen.server import topics
from benchgen.server.hub import BEAT, Hub
from benchgen.server.newsroom import Edition, Newsroom
from benchgen.server.watching import Folders, Seen, changes

T = TypeVar("T")
log = logging.getLogger(__name__)
BEAT_SECONDS = 5.0
AROUND_SECONDS = 0.5
WORK_SHARE = 4.0


class Rendered(Record):
    """A page to answer with; no content where the reader has it already."""

    key: str
    content: bytes | None


class Opening(Record):
    """The frames that a stream begins with, and when they were made: after how many publications."""

    topic: str
    frames: Mapping[str, str]
    turn: int


class Broadcast:
    """Holds the newest edition and keeps it new. All that reads results or renders runs in one thread of its own."""

    def __init__(self, newsroom: Callable[[], Newsroom], site: Site, hub: Hub, root: Path) -> None:
        self._make_newsroom, self._site, self.hub, self.root = newsroom, site, hub, root
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pages")
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._is_late = True
        self._around_due = 0.0
        self._edition: Edition | None = None
        self._turn = 0
        self._renewals: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Reads the list of runs and begins to watch."""
        self._newsroom = await self._aside(self._make_newsroom)
        self._task = asyncio.create_task(self._follow())
        self._task.add_done_callback(self._ended)

    async def close(self) -> None:
        """Ends all streams, then the watching."""
        self.hub.close()
        self._stop.set()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def edition(self) -> Edition:
        """The newest edition."""
        return await self._aside(self._newest)

    @property
    def inline_style(self) -> str:
        """The hash of the style that the 404 page carries in itself."""
        return self._newsroom.inline_style

    async def page(self, path: str, known: frozenset[str] = frozenset()) -> Rendered | None:
        """A page as it is now, without its content where its key is known already; None where there is no page."""
        return await self._aside(lambda: _rendered(self._site.find(path), known))

    async def key(self, path: str) -> str | None:
        """The key of a page as it is now, without rendering it."""
        found = await self._aside(lambda: self._site.find(path))
        return found.key if found else None

    async def live_page(self) -> bytes:
        """The live page as the newest edition has it."""
        return await self._aside(lambda: self._newsroom.page(self._newest()))

    async def special_page(self, template: str, path: str, view: object) -> bytes:
        """A page that only a server has."""
        return await self._aside(lambda: self._newsroom.special_page(template, path, view))

    async def messages(self) -> Mapping[str, object]:
        """The JSON of the seed's endpoints, with durations as of now."""
        return await self._aside(lambda: self._newsroom.messages(self._newest()))

    async def across(self, work: Callable[[Site], T]) -> T:
        """Something that needs the site, done in its thread."""
        return await self._aside(lambda: work(self._site))

    async def frames(self, topic: str) -> Mapping[str, str] | None:
        """The frames of a topic: held ones where somebody listens, made now where nobody does."""
        return self.hub.frames(topic) or await self._aside(lambda: self._newsroom.frames(topic, self._newest))

    async def open(self, topic: str) -> Opening | None:
        """What a stream about a topic begins with; None where there is nothing of that name."""
        turn, frames = self._turn, await self.frames(topic)
        return None if frames is None else Opening(topic, frames, turn)

    async def begin(self, topic: str) -> Opening:
        """The same of a topic that there always is."""
        return await self.open(topic) or Opening(topic, {}, -1)

    def listen(self, opening: Opening, idle: float | None = None) -> AsyncIterator[dict[str, str]]:
        """All frames of a topic, then those that change, as the hub gives them.

        Where something was published since the stream was opened, its frames may be older than what others were told:
        they are made anew once it is listened to, so that it neither misses a change nor takes one back.
        """
        frames: Mapping[str, str] | None = opening.frames
        if self.hub.frames(opening.topic):
            frames = None
        elif opening.turn != self._turn:
            frames, renewal = None, asyncio.create_task(self._renew(opening.topic))
            self._renewals.add(renewal)
            renewal.add_done_callback(self._renewals.discard)
        return self.hub.listen(opening.topic, frames, idle)

    async def _renew(self, topic: str) -> None:
        try:
            self._tell(topic, await self._aside(lambda: self._newsroom.frames(topic, self._newest)))
        except (BenchgenError, OSError) as fault:
            log.warning("results cannot be read: %s", fault)
            self._is_late = True

    def _tell(self, topic: str, frames: Mapping[str, str] | None) -> None:
        """Publishes where somebody listens still; a page that is there no more says so."""
        if topic in self.hub.topics():
            self.hub.publish(topic, frames or {"page": codec.json_of({"id": "page", "key": None})})

    def unended(self) -> Sequence[RunDigest]:
        """The runs that go on, wait or died, as of the last look around."""
        return self._newsroom.unended.digests

    async def look_around(self) -> None:
        """Takes up a change of the list of runs that the server made itself."""
        await self._publish_around()

    async def _aside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _newest(self) -> Edition:
        """Made when somebody asks for it, who may be nobody; only in the thread, as what makes it out of date."""
        if self._edition is None:
            self._edition = self._newsroom.edition()
        return self._edition

    def _outdate(self) -> None:
        self._edition = None

    def _open_folders(self) -> Folders:
        unended = self._newsroom.unended
        listened = (topics.run_of(topic) for topic in self.hub.topics())
        return unended.folders.with_watched(unended.home(run_id) for run_id in listened if run_id)

    async def _follow(self) -> None:
        async for seen in changes(self.root, self._open_folders, self._stop):
            self._beat()
            try:
                await self._take(seen)
            except (BenchgenError, OSError) as fault:
                log.warning("results cannot be read: %s", fault)
                self._is_late = True  # what was not told is told with the next look around

    async def _take(self, seen: Seen) -> None:
        """What can be told at once goes out first; what takes work follows, and never takes more than its share."""
        has_died = await self._aside(self._newsroom.unended.has_died)
        if seen.runs or has_died:
            for topic in self.hub.topics():
                self._tell(topic, await self._aside(partial(self._newsroom.quick_frames, topic)))
            await self._publish({topics.LIVE, topics.SEED} & self.hub.topics())
            self._is_late = True
        if seen.root or (self._is_late and time.monotonic() >= self._around_due):
            await self._publish_around()

    async def _publish_around(self) -> None:
        """What lies across runs, and the pages that walk over all attempts."""
        begun = time.monotonic()
        self._is_late = False
        await self._aside(self._newsroom.look_around)
        await self._publish(self.hub.topics())
        now = time.monotonic()
        self._around_due = now + max(AROUND_SECONDS, WORK_SHARE * (now - begun))

    async def _publish(self, wanted: Iterable[str]) -> None:
        self._turn += 1
        await self._aside(self._outdate)
        for topic in sorted(wanted):
            self._tell(topic, await self._aside(partial(self._newsroom.frames, topic, self._newest)))

    def _beat(self) -> None:
        """Says now and then that the server watches still, so that a page can tell silence from a broken line."""
        beat = int(time.monotonic() / BEAT_SECONDS)
        for topic in self.hub.topics():
            if topic != topics.SEED and not topics.is_events(topic):
                self.hub.publish(topic, {BEAT: codec.json_of({"id": BEAT, "beat": beat})})

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A fault of ours has stopped the watching: streams that would stay silent are ended, pages poll and say so."""
        if not task.cancelled() and task.exception() is not None:
            log.error("the results are no longer watched", exc_info=task.exception())
            self.hub.close()


def _rendered(page: Page | None, known: frozenset[str]) -> Rendered | None:
    if page is None:
        return None
    return Rendered(page.key, None if page.key in known else page.render())
