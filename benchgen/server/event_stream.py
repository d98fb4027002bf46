"""A stream of server-sent events: one write for each batch, and an end when the client goes or does not read."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

SEND_SECONDS = 20
MOST_KEPT = 32
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def spell(event: Mapping[str, str]) -> bytes:
    """One event as bytes; its fields are `event`, `data`, `id`, each of one line."""
    return b"".join(f"{name}: {text}\r\n".encode() for name, text in event.items()) + b"\r\n"


class Chunks:
    """Batches of events as bytes, each made once for all the clients that it goes to.

    Clients are handed the same strings, whose hash is known: to find what was made takes no time.
    """

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[str | None, tuple[str, ...]], bytes] = OrderedDict()

    def of(self, name: str | None, *texts: str) -> bytes:
        """Each text as the data of one event of that name; without a name, of one that has none."""
        key = name, texts
        if key not in self._made:
            field = {} if name is None else {"event": name}
            self._made[key] = b"".join(spell({**field, "data": text}) for text in texts)
            while len(self._made) > MOST_KEPT:
                self._made.popitem(last=False)
        return self._made[key]


class EventStream(Response):
    """Sends what `batches` gives until it ends, the client goes, or takes nothing for `SEND_SECONDS`."""

    media_type = "text/event-stream"

    def __init__(self, batches: AsyncGenerator[bytes, None]) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._batches = batches
        self._sending_since: float | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The head alone where only that is asked for."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] == "HEAD" or await self._run(receive, send):
            await send({"type": "http.response.body", "body": b""})

    async def _run(self, receive: Receive, send: Send) -> bool:
        """Whether an end can be sent still: to a client that takes nothing it cannot."""
        sending, gone = asyncio.create_task(self._send(send)), asyncio.create_task(_until_gone(receive))
        try:
            while not self._is_stuck():
                done, _ = await asyncio.wait((sending, gone), timeout=SEND_SECONDS, return_when="FIRST_COMPLETED")
                if done:
                    break
        finally:
            gone.cancel()
            sending.cancel()
            (fault, _) = await asyncio.gather(sending, gone, return_exceptions=True)
            await self._batches.aclose()
        if isinstance(fault, Exception):
            raise fault
        return not self._is_stuck()

    def _is_stuck(self) -> bool:
        """One look now and then is cheaper than a timer for each of a thousand writes."""
        return self._sending_since is not None and time.monotonic() - self._sending_since >= SEND_SECONDS

    async def _send(self, send: Send) -> None:
        async for batch in self._batches:
            self._sending_since = time.monotonic()
            await send({"type": "http.response.body", "body": batch, "more_body": True})
            self._sending_since = None


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
