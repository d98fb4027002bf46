"""Asking a server over HTTP: one request with a total deadline, its stream read piece by piece, its retries."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from random import Random

import aiohttp

from benchgen import codec
from benchgen.errors import BadFile
from benchgen.providers.answer import Answer, ApiError, OnRetry, Request, Retry
from benchgen.providers.dialects import DIALECTS, Json, Reading
from benchgen.providers.endpoints import Endpoint
from benchgen.providers.pace import LONGEST_PAUSE, Pace
from benchgen.providers.pricing import price
from benchgen.settings import PriceEntry

DEADLINE = 600.0
FIRST_PAUSE = 1.0
LARGEST_ANSWER = 32 * 1024 * 1024
LARGEST_LINE = 4 * 1024 * 1024
RETRIED = frozenset((408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529))


class _Refused(Exception):
    """One request failed; whether another try makes sense, and when."""

    def __init__(self, reason: str, *, again: bool, status: int | None = None, pause: float | None = None) -> None:
        super().__init__(reason)
        self.again, self.status, self.pause = again, status, pause


@dataclass(frozen=True, slots=True)
class _Told:
    """A whole answer and how long it took, in seconds."""

    reading: Reading
    latency: float
    first_token: float | None


class HttpProvider:
    """One endpoint for all attempts of a run: they share its connections and its pace."""

    def __init__(self, endpoint: Endpoint, prices: Mapping[str, PriceEntry], connections: int) -> None:
        self._endpoint, self._prices = endpoint, prices
        self._dialect = DIALECTS[endpoint.dialect]
        self._connections = min(connections, endpoint.max_connections or connections)
        self._session: aiohttp.ClientSession | None = None
        self._pace: Pace | None = None

    async def answer(self, request: Request, on_retry: OnRetry) -> Answer:
        """The answer. ApiError, with the last reason, when the deadline passes or no further try makes sense."""
        deadline = time.monotonic() + (request.settings.timeout_seconds or DEADLINE)
        number = 0
        while True:
            try:
                return self._priced(request, await self._paced(request, deadline))
            except _Refused as refusal:
                number += 1
                pause = _pause(refusal, number, request.chance)
                too_late = time.monotonic() + pause >= deadline
                if not refusal.again or number > request.settings.max_retries or too_late:
                    raise ApiError(self._reason(refusal, number), where=self._endpoint.name) from refusal
                on_retry(Retry(self._endpoint.name, str(refusal), round(pause, 3), number, refusal.status))
                await asyncio.sleep(pause)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _paced(self, request: Request, deadline: float) -> _Told:
        """One try within the endpoint's pace. What it waits for its turn counts against the deadline too."""
        pace = self._pace = self._pace or Pace(self._connections)
        try:
            async with asyncio.timeout_at(_loop_time(deadline)):
                await pace.enter()
        except TimeoutError as fault:
            raise _Refused("no turn within the deadline", again=False) from fault
        refused, pause = False, 0.0
        try:
            return await self._ask(request, deadline)
        except _Refused as refusal:
            refused = refusal.status in (429, 503, 529)
            pause = refusal.pause or (FIRST_PAUSE if refused else 0.0)
            raise
        finally:
            await pace.leave(refused=refused, pause=pause)

    async def _ask(self, request: Request, deadline: float) -> _Told:
        """One request from its first byte to its last, within what is left of the deadline."""
        try:
            async with asyncio.timeout_at(_loop_time(deadline)):
                return await self._exchange(request)
        except TimeoutError as fault:
            raise _Refused("no whole answer within the deadline", again=False) from fault
        except aiohttp.ClientPayloadError as fault:
            raise _Refused("the answer broke off", again=True) from fault
        except aiohttp.ClientError as fault:
            raise _Refused(f"no connection: {type(fault).__name__}", again=True) from fault
        except ApiError as fault:
            raise _Refused(fault.message, again=True) from fault

    async def _exchange(self, request: Request) -> _Told:
        endpoint = self._endpoint
        url = endpoint.base_url.rstrip("/") + self._dialect.path
        body = codec.compact(self._dialect.body(request, _bare(request.model, endpoint), endpoint))
        headers = {"Content-Type": "application/json", **self._dialect.headers(endpoint)}
        started = time.monotonic()
        async with self._open().post(url, data=body, headers=headers, allow_redirects=False) as response:
            if response.status != 200:
                raise await _refusal(response)
            reading, first = Reading([]), None
            if "text/event-stream" in response.headers.get("Content-Type", ""):
                async for event in _events(response):
                    self._dialect.take(event, reading)
                    if first is None and reading.text:
                        first = time.monotonic() - started
            else:
                self._dialect.whole(await _json(response), reading)
        if not reading.done:
            raise _Refused("the answer broke off", again=True)
        return _Told(reading, time.monotonic() - started, first)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            # Own deadlines hold, trust in the environment's proxies and .netrc does not; gzip bombs are read in pieces.
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=30),
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                read_bufsize=LARGEST_LINE // 4,
            )
        return self._session

    def _priced(self, request: Request, told: _Told) -> Answer:
        reading, endpoint = told.reading, self._endpoint
        found = price(
            request.model, endpoint.name, reading.usage, reading.reported_usd, self._prices, is_local=endpoint.is_local
        )
        return Answer(
            text=reading.said(),
            raw=codec.file(
                {
                    "model": reading.model,
                    "content": reading.said(),
                    "finish_reason": reading.finish,
                    "usage": reading.usage,
                    "cost_usd_reported": reading.reported_usd,
                }
            ),
            usage=reading.usage,
            cost_nanousd=found.nanousd,
            price=found.source,
            latency_seconds=round(told.latency, 6),
            first_token_seconds=None if told.first_token is None else round(told.first_token, 6),
        )

    def _reason(self, refusal: _Refused, tries: int) -> str:
        times = f" (tried {tries} times)" if tries > 1 else ""
        status = f"HTTP {refusal.status}: " if refusal.status else ""
        return f"{status}{refusal}{times}"


def _bare(model: str, endpoint: Endpoint) -> str:
    """The model's name as the server knows it: without the endpoint's name before it."""
    return model.removeprefix(f"{endpoint.name}/")


def _loop_time(deadline: float) -> float:
    return asyncio.get_running_loop().time() + max(0.0, deadline - time.monotonic())


def _pause(refusal: _Refused, number: int, chance: Random) -> float:
    """What the server asked for, else twice as long each time; with jitter, so that lanes do not come back as one."""
    if refusal.pause is not None:
        return min(refusal.pause, LONGEST_PAUSE) + chance.uniform(0, 0.1)
    return min(FIRST_PAUSE * 2.0 ** (number - 1), LONGEST_PAUSE) * chance.uniform(0.5, 1.0)


async def _refusal(response: aiohttp.ClientResponse) -> _Refused:
    text = (await response.content.read(4096)).decode("utf-8", "replace")
    return _Refused(
        _complaint(text) or response.reason or "refused",
        again=response.status in RETRIED,
        status=response.status,
        pause=_retry_after(response.headers.get("Retry-After")),
    )


def _complaint(text: str) -> str:
    """The provider's own words, where the body is JSON with an error; else its first line."""
    try:
        data = codec.parse(text, where="an answer")
    except BadFile:
        return " ".join(text.split())[:200]
    error = data.get("error") if isinstance(data, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    return " ".join(str(message or text).split())[:300]


def _retry_after(value: str | None) -> float | None:
    """Seconds to wait, from seconds or a date; None where there is none."""
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


async def _events(response: aiohttp.ClientResponse) -> AsyncIterator[Json]:
    """The JSON of each `data:` line. ApiError for a stream that is too large or no JSON."""
    total = 0
    buffer = bytearray()
    async for piece in response.content.iter_any():
        total += len(piece)
        buffer += piece
        if total > LARGEST_ANSWER or len(buffer) > LARGEST_LINE + len(piece):
            raise _Refused("the answer is too large", again=False)
        *lines, rest = bytes(buffer).split(b"\n")
        buffer = bytearray(rest)
        for line in lines:
            if line.startswith(b"data:") and line.strip() not in (b"data:", b"data: [DONE]", b"data:[DONE]"):
                yield _parsed(line[5:])


async def _json(response: aiohttp.ClientResponse) -> Json:
    """A whole answer, read in pieces: what unpacks to more than an answer can be is not read to its end."""
    data = bytearray()
    async for piece in response.content.iter_any():
        data += piece
        if len(data) > LARGEST_ANSWER:
            raise _Refused("the answer is too large", again=False)
    if not data.strip():
        raise ApiError("the answer is empty")
    return _parsed(bytes(data))


def _parsed(data: bytes) -> Json:
    try:
        found = codec.parse(data, where="an answer")
    except BadFile as fault:
        raise ApiError("the answer is no JSON") from fault
    if not isinstance(found, dict):
        raise ApiError("the answer is no JSON object")
    return found
