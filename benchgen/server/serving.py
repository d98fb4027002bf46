"""From an application to a listening server: a free port, sockets that notice dead clients, a quick end."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp

from benchgen.errors import BenchgenError
from benchgen.server.patience import PatientProtocol
from benchgen.store.collecting import loading

PORTS_TRIED = 20
DEAD_CLIENT_MS = 10_000
TICK_SECONDS = 1.0


def listen(host: str, port: int, *, exact: bool) -> socket.socket:
    """A listening socket on `port`, or on the next free one unless it must be that one. Port 0 is any."""
    last = port + (1 if exact or port == 0 else PORTS_TRIED)
    for candidate in range(port, min(last, 65536)):
        try:
            return _bind(host, candidate)
        except OSError as fault:
            if fault.errno != errno.EADDRINUSE:
                raise BenchgenError(f"cannot listen: {fault.strerror}", where=f"{host}:{candidate}") from fault
    raise BenchgenError("the port is in use", where=f"{host}:{port}", hint="choose another with --port")


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # else the sockets of stalled clients stay for many minutes
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_CLIENT_MS)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


def address(listener: socket.socket) -> str:
    """Where a browser finds the server."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(app: ASGIApp, listener: socket.socket, close_streams: Callable[[], None]) -> None:
    """Serves until a signal. Streams are ended first: uvicorn waits for them for ever."""
    _Server(configured(app), close_streams).run(sockets=[listener])


def configured(app: ASGIApp) -> uvicorn.Config:
    """How uvicorn serves the application."""
    return uvicorn.Config(
        app,
        loop="asyncio",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
        http=PatientProtocol,
        ws=cast(type[asyncio.Protocol], _web_socket),
    )


def _web_socket(**options: Any) -> asyncio.Protocol:  # noqa: ANN401 - uvicorn's own, handed on
    """The protocol of a connection that becomes a web socket; few servers ever see one."""
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    return WebSocketsSansIOProtocol(**options)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, close_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._close_streams = close_streams
        self._ending = asyncio.Event()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().serve(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Once: an end takes a second at most, and uvicorn's own way to force it leaves half of it undone."""
        if not self.should_exit:
            super().handle_exit(sig, frame)
            self._loop.call_soon_threadsafe(self._ending.set)

    async def main_loop(self) -> None:
        """Wakes for the next second of the date, and for the end: uvicorn's own wakes ten times a second."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._ending.wait()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        with loading():
            await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._close_streams()
        await super().shutdown(sockets)
