"""The bytes of one response: unpacked and read in pieces, so that no answer costs more memory than an answer may."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from benchgen import codec
from benchgen.errors import BadFile
from benchgen.providers.client import Client
from benchgen.providers.dialects import Broken, Json, is_final
from benchgen.providers.transfer import Transfer
from benchgen.redact import Redactor

LARGEST_ANSWER = 8 * 1024 * 1024
LARGEST_STREAM = 64 * 1024 * 1024
LARGEST_LINE = 1024 * 1024
_PIECE = 64 * 1024
_COMPLAINT = 4096
LONGEST_REASON = 300
_STREAM_STARTS = (b"data:", b"event:", b"id:", b"retry:", b":")
RETRIED = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529))


class Refused(Exception):
    """One request failed; whether another try makes sense, and when."""

    def __init__(self, reason: str, *, again: bool, status: int | None = None, pause: float | None = None) -> None:
        super().__init__(reason)
        self.again, self.status, self.pause = again, status, pause


Kind = Literal["part", "end", "whole"]
Take = Callable[[Kind, Json], None]
"""Who hears a part of a streamed answer, the word that it has ended, or an answer that came whole."""


def said(fault: Exception, redactor: Redactor) -> str:
    """A fault in so many words; cut after the redaction, for half a key would pass it."""
    return redactor.text(str(fault))[:LONGEST_REASON]


async def hear(response: Transfer, take: Take) -> None:
    """An answer as it comes in. Whether it is streamed is told from its first bytes: content types are often wrong."""
    body = _Body(response)
    head = (await body.next()).lstrip()
    while len(head) < len(b"event:") and (piece := await body.next()):
        head = (head + piece).lstrip()
    if head.startswith(_STREAM_STARTS):
        await _stream(head, body, take)
    else:
        take("whole", _whole(await _rest(head, body), response))


async def asked(client: Client, path: str, body: bytes | None = None) -> Json:
    """The one JSON object that answers a request. Refused for any other status than 200."""
    response = await client.ask(path, body)
    try:
        if response.status != 200:
            raise await refusal(response)
        return _whole(await _rest(b"", _Body(response)), response)
    finally:
        client.let_go(response)


async def refusal(response: Transfer) -> Refused:
    """What a status other than 200 comes to."""
    data, body = b"", _Body(response)
    while len(data) <= _COMPLAINT and (piece := await body.next()):
        data += piece
    text = _whole_words(data).decode("utf-8", "replace")
    error = _error_of(text)
    reason = _complaint(text, error) or response.reason or "refused"
    if 300 <= response.status < 400:
        reason = "the server redirects, and no redirect is followed: a key belongs to its address"
    return Refused(
        reason,
        again=response.status in RETRIED and not is_final(error),
        status=response.status,
        pause=retry_after(response.header(b"retry-after"), time.time()),
    )


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds to wait, from seconds or a date; None where there is none."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, _utc(parsedate_to_datetime(value)).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def _utc(moment: datetime) -> datetime:
    """A date whose zone is spelled `-0000` has none in Python, which then takes it for this machine's."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Body:
    """The bytes of a response, unpacked where they came packed, never more than a piece at a time."""

    def __init__(self, response: Transfer) -> None:
        encoding = response.header(b"content-encoding")
        self._response = response
        self._packed = b""
        self._unpacker = None if encoding is None else _unpacker(encoding.strip().lower())

    @property
    def has_ended(self) -> bool:
        """Whether nothing more can come: who knows need not ask again."""
        return self._unpacker is None and self._response.has_ended

    async def next(self) -> bytes:
        """The next bytes; none when it has ended."""
        if self._unpacker is None:
            return await self._response.next()
        while packed := self._packed or await self._response.next():
            piece = _unpacked(self._unpacker, packed)
            self._packed = self._unpacker.unconsumed_tail
            if piece:
                return piece
        if not self._unpacker.eof:
            raise Refused("the answer broke off: it cannot be unpacked to its end", again=True)
        return b""


def _unpacker(encoding: str) -> zlib._Decompress | None:
    if encoding in ("", "identity"):
        return None
    wbits = {"gzip": 31, "deflate": 15}.get(encoding)
    if wbits is None:
        raise Refused(f"the answer came packed as {encoding[:20]!r}, which was not asked for", again=False)
    return zlib.decompressobj(wbits=wbits)


def _unpacked(unpacker: zlib._Decompress, packed: bytes) -> bytes:
    try:
        return unpacker.decompress(packed, _PIECE)
    except zlib.error as fault:
        raise Refused("the answer broke off: it cannot be unpacked", again=True) from fault


async def _stream(head: bytes, body: _Body, take: Take) -> None:
    buffer, total = head, len(head)
    while True:
        *lines, buffer = buffer.split(b"\n")
        for line in lines:
            data = line[5:].strip() if line.startswith(b"data:") else b""
            if data == b"[DONE]":
                take("end", {})
            elif data:
                take("part", _parsed(data, codec.parse_part))
        piece = await body.next()
        if not piece:
            return
        total += len(piece)
        buffer += piece
        if total > LARGEST_STREAM or len(buffer) > LARGEST_LINE + len(piece):
            raise Refused("the answer is too large", again=False)


async def _rest(head: bytes, body: _Body) -> bytes:
    if body.has_ended and len(head) <= LARGEST_ANSWER:  # as an answer mostly is once its first bytes are here
        return head
    data = bytearray(head)
    while piece := await body.next():
        data += piece
        if len(data) > LARGEST_ANSWER:
            raise Refused("the answer is too large", again=False)
    return bytes(data)


def _whole(data: bytes, response: Transfer) -> Json:
    data = data.lstrip()
    if not data:
        raise Broken("the answer is empty")
    if data.startswith(b"<"):
        raise Refused("the answer is a page of HTML: is the base_url right?", again=False, status=response.status)
    return _parsed(data)


def _parsed(data: bytes, parse: Callable[..., Any] = codec.parse_loosely) -> Json:
    try:
        found = parse(data, where="an answer")
    except BadFile as fault:
        raise Broken("the answer is no JSON, or breaks off") from fault
    if not isinstance(found, dict):
        raise Broken("the answer is no JSON object")
    return found


def _whole_words(data: bytes) -> bytes:
    """The first bytes of a body, ending between two words: the half of a key would not be known for one."""
    if len(data) <= _COMPLAINT:
        return data
    words, _, _ = data[:_COMPLAINT].rpartition(b" ")
    return words


def _error_of(text: str) -> object:
    """What stands under `error` in a body that is JSON; the body itself where nothing does."""
    try:
        data = codec.parse(text, where="an answer")
    except BadFile:
        return None
    return (data.get("error") or data) if isinstance(data, dict) else data


def _complaint(text: str, error: object) -> str:
    """The provider's own words, where the body is JSON with an error; else all of it on one line."""
    if error is None and text.lstrip().startswith("<"):
        return "a page of HTML"
    message = error.get("message") if isinstance(error, dict) else error
    return " ".join(str(message or text).split())
