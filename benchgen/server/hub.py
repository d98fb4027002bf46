"""One broadcaster for all streams: it holds the latest frame of each name; a client owns a set of dirty names."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

SHORTEST_PAUSE = 0.25


class TooManyClients(Exception):
    """The hub serves as many streams as it may."""


@dataclass(eq=False, slots=True)
class _Client:
    dirty: set[str] = field(default_factory=set)
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    """Frames by topic and name. A slow client skips what is stale by the time it listens, and holds up nobody."""

    def __init__(self, most_clients: int = 2000) -> None:
        self._frames: dict[str, dict[str, str]] = {}
        self._clients: dict[str, set[_Client]] = {}
        self._most = most_clients
        self._closed = False

    def topics(self) -> set[str]:
        """The topics that somebody listens to."""
        return {topic for topic, clients in self._clients.items() if clients}

    def clients(self) -> int:
        return sum(len(clients) for clients in self._clients.values())

    def frames(self, topic: str) -> dict[str, str]:
        """The latest frames of a topic."""
        return dict(self._frames.get(topic, {}))

    def publish(self, topic: str, frames: Mapping[str, str]) -> None:
        """Takes the newest frames of a topic; only those that differ reach anybody."""
        held = self._frames.setdefault(topic, {})
        changed = {name for name, frame in frames.items() if held.get(name) != frame}
        held.update(frames)
        if changed:
            for client in self._clients.get(topic, ()):
                client.dirty |= changed
                client.wake.set()

    def close(self) -> None:
        """Ends every stream."""
        self._closed = True
        for clients in self._clients.values():
            for client in clients:
                client.wake.set()

    async def listen(self, topic: str, pause: float = SHORTEST_PAUSE) -> AsyncIterator[dict[str, str]]:
        """All frames of a topic as they are, then those that change: at once, but at most one batch each `pause`."""
        if self.clients() >= self._most:
            raise TooManyClients
        client = _Client(dirty=set(self._frames.get(topic, {})))
        self._clients.setdefault(topic, set()).add(client)
        if client.dirty:
            client.wake.set()
        try:
            last = -pause
            while True:
                await client.wake.wait()
                await asyncio.sleep(max(0.0, last + pause - time.monotonic()))
                if self._closed:
                    return
                client.wake.clear()
                names, client.dirty = client.dirty, set()
                last = time.monotonic()
                if names:
                    yield {name: self._frames[topic][name] for name in sorted(names)}
        finally:
            self._clients[topic].discard(client)
