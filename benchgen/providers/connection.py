"""One connection to a server: a request goes out, its answer comes in by pieces. HTTP/1.1, as llhttp reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

MOST_HELD = 128 * 1024
"""Bytes of an answer that wait for their reader, before the server has to wait."""
MOST_UNHEARD = 128 * 1024
"""Bytes that may come without a word of an answer: a head, interim answers, trailers."""


class NoAnswer(Exception):
    """A server could not be reached, or hung up before its answer was whole: which, in words."""


class Connection(asyncio.Protocol):
    """Made by a client, which asks one thing at a time. `status` and `header` are of the answer that is coming in."""

    def __init__(self, on_lost: Callable[[Connection], None]) -> None:
        self.status = 0
        self.used_at = 0.0
        self._on_lost = on_lost
        self._transport: asyncio.Transport
        self._loop = asyncio.get_running_loop()
        self._parser = HttpResponseParser(self)
        # As browsers read what old servers write; nobody stands between a client and its server to be misled.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )
        self._waiter: asyncio.Future[None] | None = None
        self._fault: NoAnswer | None = None
        self.is_lost = False
        self._is_idle = True
        self._forget()

    def _forget(self) -> None:
        self._headers: dict[bytes, str] = {}
        self._pieces: list[bytes] = []
        self._held = self._unheard = 0
        self._has_head = self._has_ended = self._can_stay = False

    @property
    def is_of_use(self) -> bool:
        """Whether another request may be sent over it."""
        return self._is_idle and not self.is_lost and not self._transport.is_closing()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more can come of the answer."""
        return self._has_ended and not self._pieces

    def header(self, name: bytes) -> str | None:
        """A header of the answer, by its name in small letters."""
        return self._headers.get(name)

    async def ask(self, request: bytes) -> None:
        """Sends a request; returns with the head of its answer. NoAnswer when there is none."""
        self._forget()
        self._is_idle = False
        self._transport.write(request)
        while not self._has_head:
            await self._news()

    async def next(self) -> bytes:
        """The next bytes of the answer; none when it has ended. NoAnswer when it broke off."""
        while not self._pieces and (self._fault is not None or not self._has_ended):
            await self._news()
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        if self._held > MOST_HELD:
            self._transport.resume_reading()
        self._held = 0
        return data

    def let_go(self) -> bool:
        """Whether it can be asked again, now that nobody listens; one that was not read to its end is hung up."""
        self._is_idle = self._can_stay and self.has_ended and not self.is_lost
        if not self._is_idle:
            self.hang_up()
        return self._is_idle

    def hang_up(self, reason: str = "the answer broke off") -> None:
        """Ends it at once. Who still listens gets the reason."""
        self._fault = self._fault or NoAnswer(reason)
        self._transport.abort()
        self._wake()

    async def _news(self) -> None:
        if self._fault is not None:
            raise self._fault
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # What the loop says.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._is_idle or self._has_ended:  # nobody asked
            self._can_stay = self._is_idle = False
            self._transport.abort()
            return
        self._unheard += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._can_stay = False
            if not self._has_ended:
                self.hang_up("the answer is no HTTP")
        if self._unheard > MOST_UNHEARD:
            self.hang_up("the head of the answer is too large")
        if self._held > MOST_HELD:
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, fault: Exception | None) -> None:
        self.is_lost = True
        if self._has_head and not self._has_ended and self._lasts_to_the_end() and fault is None:
            self._has_ended = True
        if not self._has_ended:
            said = "the answer broke off" if self._has_head else "the server hung up without an answer"
            self._fault = self._fault or NoAnswer(said)
        self._wake()
        self._on_lost(self)

    def _lasts_to_the_end(self) -> bool:
        """Whether an answer has neither a length nor a last chunk: it ends with its connection."""
        is_chunked = "chunked" in self._headers.get(b"transfer-encoding", "").lower()
        return not is_chunked and b"content-length" not in self._headers

    # What the parser says.

    def on_message_begin(self) -> None:
        if self._has_ended:
            raise ValueError("a second answer to one request")
        self._headers.clear()

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._has_head:  # what comes later is a trailer
            self._headers.setdefault(name.lower(), value.decode("latin-1"))

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        if self.status >= 200:
            self._has_head, self._unheard = True, 0

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)
        self._held += len(body)
        self._unheard = 0

    def on_message_complete(self) -> None:
        if self._has_head:
            self._has_ended, self._can_stay = True, self._parser.should_keep_alive()
