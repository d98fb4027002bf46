"""One broadcaster for all streams: it holds the latest frame of each name; a client owns a set of dirty names."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

SHORTEST_PAUSE = 0.25
PAUSE_A_CLIENT = 0.001
"""A crowd of a thousand gets an update a second: each update is a thousand writes, and others want answers too."""
MOST_CLIENTS = 2000
AT_ONCE = 25
"""Clients that are woken in one turn of the event loop; whoever asks for something else comes in between."""
BEAT = "beat"


@dataclass(eq=False, slots=True)
class _Client:
    """`ready` is when the next batch may come: the first one came when the stream was opened."""

    dirty: set[str]
    ready: float
    wake: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(eq=False, slots=True)
class _Topic:
    """Frames by name, who listens, and the wave that brings them the newest: those whom it has not reached wait."""

    frames: dict[str, str] = field(default_factory=dict)
    clients: set[_Client] = field(default_factory=set)
    waiting: deque[_Client] = field(default_factory=deque)
    timer: asyncio.Handle | None = None
    is_told: bool = False
    last: float = float("-inf")


class Hub:
    """Frames by topic and name. A slow client skips what is stale by the time it listens, and holds up nobody.

    A change goes out at once, the next ones in one wave each `pause` seconds: all clients of a topic get the same
    strings at the same time, so that the bytes made of them are made once.
    """

    def __init__(self, most_clients: int = MOST_CLIENTS, pause: float = SHORTEST_PAUSE) -> None:
        self._topics: dict[str, _Topic] = {}
        self._most, self._pause = most_clients, pause
        self.closed = False

    def topics(self) -> set[str]:
        """The topics that somebody listens to."""
        return {name for name, topic in self._topics.items() if topic.clients}

    def clients(self) -> int:
        return sum(len(topic.clients) for topic in self._topics.values())

    def has_room(self) -> bool:
        """Whether one more stream may be opened."""
        return not self.closed and self.clients() < self._most

    def frames(self, topic: str) -> dict[str, str]:
        """The latest frames of a topic."""
        found = self._topics.get(topic)
        return dict(found.frames) if found else {}

    def publish(self, topic: str, frames: Mapping[str, str]) -> None:
        """Takes the newest frames of a topic; only those that differ reach anybody."""
        held = self._topics.setdefault(topic, _Topic())
        changed = {name for name, frame in frames.items() if held.frames.get(name) != frame}
        held.frames.update(frames)
        if not changed or not held.clients:
            return
        for client in held.clients:
            client.dirty |= changed
        held.is_told |= changed != {BEAT}  # a sign of life must not make the next change wait
        if held.timer is None:
            self._plan(held)

    def close(self) -> None:
        """Ends every stream."""
        self.closed = True
        for topic in self._topics.values():
            for client in topic.clients:
                client.wake.set()

    async def listen(
        self, topic: str, frames: Mapping[str, str] | None = None, idle: float | None = None
    ) -> AsyncIterator[dict[str, str]]:
        """All frames of a topic as they are, with the newest that are given, then those that change.

        With `idle` an empty batch is handed out whenever nothing changed for so many seconds.
        """
        self.publish(topic, frames or {})
        held = self._topics[topic]
        client = _Client(dirty=set(held.frames), ready=time.monotonic() + self._pause)
        held.clients.add(client)
        if client.dirty or self.closed:
            client.wake.set()
        try:
            while True:
                await _woken(client.wake, idle)
                if self.closed:
                    return
                client.wake.clear()
                names, client.dirty = client.dirty, set()
                yield {name: held.frames[name] for name in sorted(names)}
        finally:
            self._leave(topic, client)

    def _plan(self, topic: _Topic) -> None:
        """The next wave: now, or when the last one is long enough ago."""
        pause = self._pause + len(topic.clients) * PAUSE_A_CLIENT if self._pause else 0.0
        due = topic.last + pause - time.monotonic()
        loop = asyncio.get_running_loop()
        topic.timer = loop.call_later(due, self._begin, topic) if due > 0 else loop.call_soon(self._begin, topic)

    def _begin(self, topic: _Topic) -> None:
        if topic.is_told:
            topic.last, topic.is_told = time.monotonic(), False
        topic.waiting = deque(topic.clients)
        self._wake_some(topic)

    def _wake_some(self, topic: _Topic) -> None:
        now = time.monotonic()
        for _ in range(min(AT_ONCE, len(topic.waiting))):
            client = topic.waiting.popleft()
            if client.dirty and client.ready <= now:
                client.wake.set()
            elif client.dirty:
                topic.last = now  # the next wave brings it
        if topic.waiting:
            topic.timer = asyncio.get_running_loop().call_soon(self._wake_some, topic)
            return
        topic.timer = None
        if any(client.dirty and not client.wake.is_set() for client in topic.clients):
            self._plan(topic)

    def _leave(self, topic: str, client: _Client) -> None:
        """Forgets the client, and with the last one the frames: nobody keeps them new any more."""
        held = self._topics[topic]
        held.clients.discard(client)
        if not held.clients:
            if held.timer is not None:
                held.timer.cancel()
            del self._topics[topic]


async def _woken(wake: asyncio.Event, idle: float | None) -> None:
    if idle is None:
        await wake.wait()
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(idle):
            await wake.wait()
