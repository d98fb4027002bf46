"""Asking a server over HTTP: a total deadline for each answer, tries within it, and a pace that all attempts share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from random import Random

from benchgen import codec
from benchgen.providers.answer import Answer, ApiError, OnRetry, Request, Retry
from benchgen.providers.client import Client
from benchgen.providers.dialects import DIALECTS, Broken, Dialect, Json, Reading
from benchgen.providers.endpoints import Endpoint
from benchgen.providers.pace import LONGEST_PAUSE, Pace, Went
from benchgen.providers.pricing import price
from benchgen.providers.transfer import BrokeOff, NoAnswer
from benchgen.providers.wire import RETRIED, Kind, Refused, hear, refusal, said
from benchgen.record import Record
from benchgen.redact import Redactor
from benchgen.settings import PriceEntry

DEADLINE = 600.0
FIRST_PAUSE = 1.0
_SLOW_DOWN = frozenset((429, 503, 529))


class _Told(Record):
    """A whole answer, the body that asked for it, and how long it took, in seconds."""

    reading: Reading
    sent: Json
    latency: float
    first_token: float | None


class _Ear:
    """An answer while it is heard, when it was asked for, and how long its first words took."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self.reading = Reading()
        self.started = time.monotonic()
        self.first: float | None = None

    def take(self, kind: Kind, data: Json) -> None:
        reading = self.reading
        if kind == "part":
            self._dialect.take(data, reading)
        elif kind == "whole":
            self._dialect.whole(data, reading)
        else:
            reading.done = reading.has_choice
        if self.first is None and reading.length:
            self.first = time.monotonic() - self.started


class HttpProvider:
    """One endpoint for all attempts of a run: they share its connections and its pace."""

    def __init__(self, endpoint: Endpoint, prices: Mapping[str, PriceEntry], connections: int) -> None:
        self._endpoint, self._prices = endpoint, prices
        self._dialect = DIALECTS[endpoint.dialect]
        self._connections = min(connections, endpoint.max_connections or connections)
        self._redactor = Redactor({endpoint.key_name or "key": endpoint.key} if endpoint.key else {})
        self._client: Client | None = None
        self._pace: Pace | None = None

    async def answer(self, request: Request, on_retry: OnRetry) -> Answer:
        """The answer. ApiError, with the last reason, when the deadline passes or no further try makes sense.

        Its first turn is waited for without a deadline: that others are being served is no fault of the provider.
        """
        pace = self._pace = self._pace or Pace(self._connections)
        entered = await pace.enter()
        deadline = time.monotonic() + (request.settings.timeout_seconds or DEADLINE)
        number = counted = 0
        while True:
            try:
                return self._priced(request, await self._paced(request, deadline, pace, entered))
            except Refused as refused:
                number += 1
                counted += not _is_queue(refused)
                pause = _pause(refused, max(1, counted), request.chance)
                most = request.settings.max_retries
                is_over = counted > most or not most or time.monotonic() + pause >= deadline
                if is_over or not refused.again:
                    raise ApiError(self._reason(refused, number), where=self._endpoint.name) from refused
                reason = said(refused, self._redactor)
                on_retry(Retry(self._endpoint.name, reason, round(pause, 3), number, refused.status))
                await asyncio.sleep(pause)
                entered = await self._turn(pace, deadline, self._reason(refused, number))

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()

    def spelled(self, request: Request) -> tuple[str, Json]:
        """The address and the body of a request: all that its answer depends on, and no key."""
        return self._endpoint.base_url.rstrip("/") + self._dialect.path, self._body(request)

    def _body(self, request: Request) -> Json:
        endpoint = self._endpoint
        return self._dialect.body(request, request.model.removeprefix(f"{endpoint.name}/"), endpoint)

    async def _turn(self, pace: Pace, deadline: float, reason: str) -> int:
        """The turn of a further try. What is waited for it counts against the deadline."""
        try:
            async with asyncio.timeout_at(_loop_time(deadline)):
                return await pace.enter()
        except TimeoutError as fault:
            raise ApiError(f"{reason}; no further turn within the deadline", where=self._endpoint.name) from fault

    async def _paced(self, request: Request, deadline: float, pace: Pace, entered: int) -> _Told:
        """One try from its first byte to its last, within what is left of the deadline; its place is given back."""
        went: Went = "badly"
        pause = 0.0
        try:
            async with asyncio.timeout_at(_loop_time(deadline)):
                told = await self._exchange(request)
            went = "well"
            return told
        except (TimeoutError, NoAnswer, Broken, Refused) as fault:
            refused = fault if isinstance(fault, Refused) else self._refused(fault)
            if refused.status in _SLOW_DOWN:
                went, pause = "refused", FIRST_PAUSE if refused.pause is None else refused.pause
            if refused is fault:
                raise
            raise refused from fault
        finally:
            await pace.leave(entered, went, pause)

    def _refused(self, fault: Exception) -> Refused:
        """What went wrong, in words, and whether another try makes sense."""
        if isinstance(fault, Broken):
            again = not fault.final and (fault.status is None or fault.status in RETRIED)
            return Refused(str(fault), again=again, status=fault.status)
        if isinstance(fault, TimeoutError):
            return Refused("no whole answer within the deadline", again=False)
        if isinstance(fault, BrokeOff):
            return Refused(str(fault), again=True)
        return Refused(f"no answer from {self._endpoint.base_url}: {fault}", again=True)

    async def _exchange(self, request: Request) -> _Told:
        body = self._body(request)
        ear = _Ear(self._dialect)
        client = self._connected()
        response = await client.ask(self._dialect.path, codec.compact(body))
        try:
            if response.status != 200:
                raise await refusal(response)
            await hear(response, ear.take)
        finally:
            client.let_go(response)
        reading = ear.reading
        if not reading.done:
            raise Refused("the answer broke off" if reading.has_choice else "the answer has no choices", again=True)
        return _Told(reading, body, time.monotonic() - ear.started, ear.first)

    def _connected(self) -> Client:
        if self._client is None:
            headers = self._dialect.headers(self._endpoint)
            self._client = Client(self._endpoint.base_url, headers)
        return self._client

    def _priced(self, request: Request, told: _Told) -> Answer:
        reading, endpoint = told.reading, self._endpoint
        found = price(
            request.model, endpoint.name, reading.usage, reading.reported_usd, self._prices, is_local=endpoint.is_local
        )
        return Answer(
            text=reading.said(),
            response=partial(_kept, reading, told.sent),
            usage=reading.usage,
            cost_nanousd=found.nanousd,
            price=found.source,
            latency_seconds=round(told.latency, 6),
            first_token_seconds=None if told.first_token is None else round(told.first_token, 6),
            model=reading.model,
            finish=reading.finish,
        )

    def _reason(self, refused: Refused, tries: int) -> str:
        times = f" (tried {tries} times)" if tries > 1 else ""
        status = f"HTTP {refused.status}: " if refused.status and refused.status != 200 else ""
        return f"{status}{said(refused, self._redactor)}{times}"


def _kept(reading: Reading, sent: Json) -> Json:
    """What is kept of a response, and of what was asked besides the messages."""
    return {
        "model": reading.model,
        "content": reading.said(),
        "finish_reason": reading.finish,
        "usage": reading.usage,
        "cost_usd_reported": reading.reported_usd,
        "sent": {name: value for name, value in sent.items() if name not in ("messages", "system")},
    }


def _loop_time(deadline: float) -> float:
    return asyncio.get_running_loop().time() + max(0.0, deadline - time.monotonic())


def _is_queue(refused: Refused) -> bool:
    """Whether a server only named the time to come again: who waits as told is served in the end, however often."""
    return refused.status == 429 and bool(refused.pause)


def _pause(refused: Refused, number: int, chance: Random) -> float:
    """What the server asked for, else twice as long each time; with jitter, so that lanes do not come back as one."""
    if refused.pause is not None:
        named = max(refused.pause, FIRST_PAUSE) if _is_queue(refused) else refused.pause
        return min(named + chance.uniform(0, 0.1), LONGEST_PAUSE)
    return min(FIRST_PAUSE * 2.0 ** (number - 1), LONGEST_PAUSE) * chance.uniform(0.5, 1.0)
