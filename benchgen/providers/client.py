"""Asking one server over HTTP: connections are kept between requests, and nothing is sent but what is written here."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from benchgen import __version__
from benchgen.providers.connection import Connection, NoAnswer

CONNECT_SECONDS = 30.0
IDLE_SECONDS = 15.0
"""So long a connection is kept that nobody uses: servers hang up in their own time, and a request may just miss it."""
_NEXT_ADDRESS = 0.25
"""Seconds after which another of a server's addresses is tried beside the first."""
_SAFE = "/%:@!$&'()*+,;=~"


class Client:
    """Follows no redirect, uses no proxy, `.netrc` or cookie of its surroundings: a key belongs to its address.

    How many ask at once, and how long they wait, is the caller's to say.
    """

    def __init__(self, base_url: str, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        parts = urlsplit(base_url)
        self._base_url = base_url
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._path = quote(parts.path.rstrip("/"), _SAFE)
        self._query = f"?{quote(parts.query, _SAFE + '?')}" if parts.query else ""
        self._head = _head({"Host": _host(base_url), **_OURS, **headers})
        self._idle: list[Connection] = []
        self._open: set[Connection] = set()
        self._all_lost = asyncio.Event()

    async def ask(self, method: str, path: str, body: bytes | None = None) -> Connection:
        """Sends a request to a path below the base URL; returns with the head of the answer.

        NoAnswer when there is none. Who is told lets go of the connection in the end.
        """
        length = b"" if body is None else b"Content-Length: %d\r\n" % len(body)
        target = f"{method} {self._path}{path}{self._query} HTTP/1.1\r\n".encode("ascii")
        connection = self._kept() or await self._connect()
        try:
            await connection.ask(b"%b%b%b\r\n%b" % (target, self._head, length, body or b""))
        except BaseException:
            connection.hang_up()
            raise
        return connection

    def let_go(self, connection: Connection) -> None:
        """Keeps the connection of an answer that was read to its end, and hangs up any other."""
        if connection.let_go():
            connection.used_at = asyncio.get_running_loop().time()
            self._idle.append(connection)

    async def close(self) -> None:
        """Hangs up; returns when all connections are gone."""
        self._idle.clear()
        for connection in self._open:
            connection.hang_up()
        while self._open:
            self._all_lost.clear()
            await self._all_lost.wait()

    def _kept(self) -> Connection | None:
        """The connection that was used last, where one is still of use."""
        oldest = asyncio.get_running_loop().time() - IDLE_SECONDS
        while self._idle:
            connection = self._idle.pop()
            if connection.is_of_use and connection.used_at >= oldest:
                return connection
            connection.hang_up()
        return None

    async def _connect(self) -> Connection:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _, connection = await asyncio.get_running_loop().create_connection(
                    lambda: Connection(self._lost),
                    self._host,
                    self._port,
                    ssl=self._tls,
                    happy_eyeballs_delay=_NEXT_ADDRESS,
                )
        except TimeoutError as fault:
            raise NoAnswer(f"no connection to {self._base_url} in time") from fault
        except (OSError, UnicodeError) as fault:  # a host may be no name that can be looked up
            raise NoAnswer(f"no connection to {self._base_url}: {type(fault).__name__}") from fault
        if not connection.is_lost:
            self._open.add(connection)
        return connection

    def _lost(self, connection: Connection) -> None:
        self._open.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        if not self._open:
            self._all_lost.set()


_OURS = {"User-Agent": f"benchgen/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}


def _host(base_url: str) -> str:
    """The host as a request names it: in ASCII, with a port that is not the usual one."""
    host = urlsplit(base_url).netloc.rpartition("@")[2]
    return host if host.isascii() else host.encode("idna").decode()


def _head(headers: Mapping[str, str]) -> bytes:
    """Header lines. ValueError where one would end early and begin another."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a header of more than one line")
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")
