"""How routes answer and listen: JSON, event streams, and the state that the application holds for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from benchgen import codec
from benchgen.errors import BadFile, UsageError
from benchgen.server.broadcast import Broadcast
from benchgen.server.event_stream import Chunks, EventStream
from benchgen.server.refusal import refuse

T = TypeVar("T")
BODY_SECONDS = 20.0


def broadcast_of(request: Request) -> Broadcast:
    """The application's broadcast."""
    broadcast: Broadcast = request.app.state.broadcast
    return broadcast


def answer(data: object, headers: Mapping[str, str] | None = None, status: int = 200) -> Response:
    """Data as JSON that nobody may keep."""
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(codec.compact(data), status, media_type="application/json", headers=kept)


def chunks_of(request: Request) -> Chunks:
    """What the application's streams share of what they send."""
    chunks: Chunks = request.app.state.chunks
    return chunks


def stream(request: Request, batches: AsyncGenerator[bytes, None]) -> Response:
    """An event stream, or a refusal where too many are open."""
    if not broadcast_of(request).hub.has_room():
        return refuse(503, "too_many_streams", "too many streams are open", "ask again later, or poll")
    return EventStream(batches)


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
