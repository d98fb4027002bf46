"""One request and its answer over libcurl: what it calls back with is kept until somebody asks for it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable

import pycurl
from pycurl import AsyncCurlMulti, Curl

MOST_HELD = 128 * 1024
"""Bytes of an answer that wait for their reader, before the server has to wait."""
_HUNG_UP = "the server hung up"
_WORDS = {
    pycurl.E_GOT_NOTHING: _HUNG_UP,
    pycurl.E_OPERATION_TIMEDOUT: "no connection in time",
    pycurl.E_UNSUPPORTED_PROTOCOL: "what it says is no HTTP",
}
"""For what the library says oddly, or with a time in it."""


class NoAnswer(Exception):
    """A server could not be reached, or said nothing that is an answer: which, in words."""


class BrokeOff(NoAnswer):
    """It hung up before its answer was whole."""


class Transfer:
    """Asks one thing at a time, then the next. `status`, `reason` and `header` are of the answer that is coming in."""

    def __init__(self, multi: AsyncCurlMulti, options: Iterable[tuple[int, object]]) -> None:
        self._multi, self._curl = multi, Curl()
        for name, value in options:
            self._curl.setopt(name, value)
        self._curl.setopt(pycurl.HEADERFUNCTION, self._take_header)
        self._curl.setopt(pycurl.WRITEFUNCTION, self._take)
        self._loop = asyncio.get_running_loop()
        self._whole: asyncio.Future[Curl] | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._forget()

    def _forget(self) -> None:
        self.status, self.reason = 0, ""
        self._headers: dict[bytes, str] = {}
        self._pieces: list[bytes] = []
        self._held = 0
        self._has_head = self._is_paused = self._is_over = False
        self._fault: NoAnswer | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more can come of the answer."""
        return self._is_over and not self._pieces

    def header(self, name: bytes) -> str | None:
        """A header of the answer, by its name in small letters."""
        return self._headers.get(name)

    async def ask(self, url: str, headers: list[bytes], body: bytes | None) -> None:
        """Posts a body, or gets where there is none; returns with the head of the answer. NoAnswer without one."""
        self._forget()
        self._curl.setopt(pycurl.URL, url)
        self._curl.setopt(pycurl.HTTPHEADER, headers)
        if body is None:
            self._curl.setopt(pycurl.HTTPGET, 1)
        else:
            self._curl.setopt(pycurl.POSTFIELDS, body)
        self._whole = whole = self._multi.add_handle(self._curl)
        whole.add_done_callback(self._end)
        while not self._has_head:
            await self._news()

    async def next(self) -> bytes:
        """The next bytes of the answer; none when it has ended. NoAnswer when it broke off."""
        while not self._pieces and (self._fault is not None or not self._is_over):
            await self._news()
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._held = 0
        if self._is_paused:
            self._is_paused = False
            self._curl.unpause()
        return data

    def let_go(self) -> bool:
        """Whether it can be asked again; one whose answer was not read to its end is closed, and its connection."""
        if not self._is_over:
            self.close()
        return self._is_over

    def close(self) -> None:
        """Hangs up, where anything is still to come."""
        if self._whole is not None and not self._whole.done():
            self._multi.remove_handle(self._curl)
        self._curl.close()

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

    # What the library says.

    def _take_header(self, line: bytes) -> None:
        if self._has_head:  # a trailer
            return
        if line.startswith(b"HTTP/"):  # again after an interim answer
            self._headers.clear()
            _, status, *reason = line.decode("latin-1").split(None, 2)
            self.status, self.reason = int(status), "".join(reason).strip()
        elif field := line.strip():
            name, _, value = field.partition(b":")
            self._headers.setdefault(name.lower(), value.strip().decode("latin-1"))
        elif self.status >= 200:
            self._has_head = True
            self._wake()

    def _take(self, data: bytes) -> int | None:
        if self._held > MOST_HELD:
            self._is_paused = True
            return pycurl.WRITEFUNC_PAUSE
        self._pieces.append(data)
        self._held += len(data)
        self._wake()
        return None

    def _end(self, whole: asyncio.Future[Curl]) -> None:
        """Runs after the library's own callback for `whole`, which takes a handle out that is in use again by then."""
        if whole.cancelled():
            return
        fault = whole.exception()
        if self._has_head:
            self._fault = None if fault is None else BrokeOff("the answer broke off")
        else:  # to the library half a head is whole, if the server hangs up then
            self._fault = NoAnswer(_HUNG_UP if fault is None else self._why(*fault.args))
        self._is_over = True
        self._wake()

    def _why(self, code: int, message: str) -> str:
        if code == pycurl.E_COULDNT_CONNECT and (number := self._curl.getinfo(pycurl.OS_ERRNO)):
            return os.strerror(number)
        return _WORDS.get(code) or message or pycurl.easy_strerror(code)
