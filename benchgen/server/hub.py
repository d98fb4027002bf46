"""One broadcaster for all streams: it holds the latest frame of each name; a client owns a set of dirty names."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

SHORTEST_PAUSE = 0.25
PAUSE_A_CLIENT = 0.001
"""A crowd of a thousand gets an update a second: each update is a thousand writes, and others want answers too."""
MOST_CLIENTS = 2000
BEAT = "beat"


@dataclass(eq=False, slots=True)
class _Client:
    dirty: set[str] = field(default_factory=set)
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class Hub:
    """Frames by topic and name. A slow client skips what is stale by the time it listens, and holds up nobody."""

    def __init__(self, most_clients: int = MOST_CLIENTS) -> None:
        self._frames: dict[str, dict[str, str]] = {}
        self._clients: dict[str, set[_Client]] = {}
        self._most = most_clients
        self.closed = False

    def topics(self) -> set[str]:
        """The topics that somebody listens to."""
        return set(self._clients)

    def clients(self) -> int:
        return sum(len(clients) for clients in self._clients.values())

    def has_room(self) -> bool:
        """Whether one more stream may be opened."""
        return not self.closed and self.clients() < self._most

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
        self.closed = True
        for clients in self._clients.values():
            for client in clients:
                client.wake.set()

    async def listen(
        self, topic: str, pause: float = SHORTEST_PAUSE, idle: float | None = None
    ) -> AsyncIterator[dict[str, str]]:
        """All frames of a topic as they are, then those that change: at once, but at most one batch each `pause`.

        With `idle` an empty batch is handed out whenever nothing changed for so many seconds.
        """
        client = _Client(dirty=set(self._frames.get(topic, {})))
        self._clients.setdefault(topic, set()).add(client)
        if client.dirty or self.closed:
            client.wake.set()
        try:
            last = -pause
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(idle):
                        await client.wake.wait()
                crowded = self.clients() * PAUSE_A_CLIENT if pause else 0.0
                await asyncio.sleep(max(0.0, last + pause + crowded - time.monotonic()))
                if self.closed:
                    return
                client.wake.clear()
                names, client.dirty = client.dirty, set()
                if names != {BEAT}:  # a sign of life must not make the next change wait
                    last = time.monotonic()
                held = self._frames.get(topic, {})
                yield {name: held[name] for name in sorted(names) if name in held}
        finally:
            self._leave(topic, client)

    def _leave(self, topic: str, client: _Client) -> None:
        """Forgets the client, and with the last one the frames: nobody keeps them new any more."""
        clients = self._clients[topic]
        clients.discard(client)
        if not clients:
            del self._clients[topic]
            self._frames.pop(topic, None)
