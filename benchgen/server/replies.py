"""How routes answer and listen: JSON, event streams, and the state that the application holds for all of them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from typing import TypeVar

from sse_starlette import EventSourceResponse
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from benchgen import codec
from benchgen.errors import BadFile, UsageError
from benchgen.server.broadcast import Broadcast
from benchgen.server.refusal import refuse

T = TypeVar("T")
PING_SECONDS = 15
SEND_SECONDS = 20
MOST_CHUNKS = 16
BODY_SECONDS = 20.0


def broadcast_of(request: Request) -> Broadcast:
    """The application's broadcast."""
    broadcast: Broadcast = request.app.state.broadcast
    return broadcast


def answer(data: object, headers: Mapping[str, str] | None = None, status: int = 200) -> Response:
    """Data as JSON that nobody may keep."""
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(codec.compact(data), status, media_type="application/json", headers=kept)


def event(name: str, data: object) -> dict[str, str]:
    """One named event of a stream."""
    return {"event": name, "data": codec.compact(data).decode()}


class Chunks:
    """Batches of `panel` events as bytes, each made once for all the clients that it goes to."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[int, ...], tuple[list[str], bytes]] = OrderedDict()

    def of(self, frames: Mapping[str, str]) -> bytes:
        """All frames of a batch in one write. Clients are handed the same strings, so that identity is enough."""
        texts = list(frames.values())
        key = tuple(id(text) for text in texts)
        if key not in self._made:
            data = b"".join(b"event: panel\r\ndata: %b\r\n\r\n" % text.encode() for text in texts)
            self._made[key] = texts, data
            while len(self._made) > MOST_CHUNKS:
                self._made.popitem(last=False)
        return self._made[key][1]


def stream(request: Request, events: AsyncIterator[dict[str, str] | bytes]) -> Response:
    """An event stream, or a refusal where too many are open."""
    if not broadcast_of(request).hub.has_room():
        return refuse(503, "too_many_streams", "too many streams are open", "ask again later, or poll")
    return EventSourceResponse(events, ping=PING_SECONDS, send_timeout=SEND_SECONDS)


async def body(request: Request, kind: type[T]) -> T:
    """The JSON body as a record of `kind`. UsageError says what is wrong with it."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise UsageError("the body must be JSON", hint="send Content-Type: application/json")
    try:
        return codec.read(await content(request), kind, where="the body")
    except BadFile as fault:
        raise UsageError(fault.message, hint="see /api/openapi.json") from fault


async def content(request: Request) -> bytes:
    """The whole body. UsageError where it does not come: nobody holds a line open by sending half of it."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.body()
    except TimeoutError as fault:
        raise UsageError(f"the body did not come within {BODY_SECONDS:g} s") from fault
    except ClientDisconnect as fault:
        raise UsageError("the body broke off") from fault
