"""The protocol of a connection, with an end to waiting: who does not finish the head of a request is let go."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEAD_SECONDS = 20.0


class PatientProtocol(H11Protocol):
    """uvicorn's own, which waits for ever for a request that has begun."""

    _look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begins to look at the connection now and then."""
        super().connection_made(transport)
        self._look = self.loop.call_later(HEAD_SECONDS, self._check, None, True)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is looked at any more."""
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def _check(self, before: RequestResponseCycle | None, was_waiting: bool) -> None:
        """Closes where a head has not come since the last look."""
        if self.transport.get_protocol() is not self:
            return  # a web socket has taken over
        is_idle = self.cycle is None or self.cycle.response_complete
        is_waiting = is_idle and (self.cycle is None or bool(self.conn.trailing_data[0]))
        if is_waiting and was_waiting and self.cycle is before:
            self.transport.close()
            return
        self._look = self.loop.call_later(HEAD_SECONDS, self._check, self.cycle, is_waiting)
