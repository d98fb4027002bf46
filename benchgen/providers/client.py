"""Asking one server over HTTP: connections are kept between requests, and nothing is sent but what is written here."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from urllib.parse import quote, urlsplit

import pycurl

from benchgen import __version__
from benchgen.providers.transfer import Transfer

CONNECT_SECONDS = 30
IDLE_SECONDS = 15
"""So long a connection is kept that nobody uses: servers hang up in their own time, and a request may just miss it."""
_SAFE = "/%:@!$&'()*+,;=~"
_OURS = {"User-Agent": f"benchgen/{__version__}", "Accept-Encoding": "identity", "Expect": ""}
_JSON = {"Content-Type": "application/json"}


class Client:
    """Follows no redirect, uses no proxy, `.netrc` or cookie of its surroundings: a key belongs to its address.

    How many ask at once, and how long they wait, is the caller's to say.
    """

    def __init__(self, base_url: str, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        self._before, self._after = _address(base_url)
        self._getting, self._posting = _head({**_OURS, **headers}), _head({**_OURS, **_JSON, **headers})
        self._options = tuple(_options(base_url))
        self._multi = pycurl.AsyncCurlMulti()
        self._idle: list[Transfer] = []
        self._busy: set[Transfer] = set()

    async def ask(self, path: str, body: bytes | None = None) -> Transfer:
        """Posts JSON to a path below the base URL, or gets it where there is no body; returns with the answer's head.

        NoAnswer when there is none. Who is told lets go of the transfer in the end.
        """
        transfer = self._idle.pop() if self._idle else Transfer(self._multi, self._options)
        self._busy.add(transfer)
        try:
            headers = self._getting if body is None else self._posting
            await transfer.ask(f"{self._before}{path}{self._after}", headers, body)
        except BaseException:
            self.let_go(transfer)
            raise
        return transfer

    def let_go(self, transfer: Transfer) -> None:
        """Keeps the connection of an answer that was read to its end, and hangs up any other."""
        self._busy.discard(transfer)
        if transfer.let_go():
            self._idle.append(transfer)

    async def close(self) -> None:
        """Hangs up."""
        for transfer in (*self._busy, *self._idle):
            transfer.close()
        self._busy.clear()
        self._idle.clear()
        await self._multi.aclose()


def _options(base_url: str) -> Iterator[tuple[int, object]]:
    """What holds for each request."""
    yield pycurl.NOSIGNAL, 1
    yield pycurl.PROXY, ""
    yield pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1
    yield pycurl.CONNECTTIMEOUT, CONNECT_SECONDS
    yield pycurl.MAXAGE_CONN, IDLE_SECONDS
    yield pycurl.TCP_KEEPALIVE, 1
    if base_url.startswith("https:"):
        trusted = ssl.get_default_verify_paths()  # as Python's own, for the library knows the machine of its build
        if trusted.cafile is not None:
            yield pycurl.CAINFO, trusted.cafile
        if trusted.capath is not None:
            yield pycurl.CAPATH, trusted.capath


def _address(base_url: str) -> tuple[str, str]:
    """A base URL in ASCII: what stands before a path below it, and what stands after."""
    parts = urlsplit(base_url)
    host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    query = f"?{quote(parts.query, _SAFE + '?')}" if parts.query else ""
    return f"{parts.scheme}://{host}{quote(parts.path.rstrip('/'), _SAFE)}", query


def _head(headers: Mapping[str, str]) -> list[bytes]:
    """Header lines. ValueError where one would end early and begin another."""
    lines = [f"{name}: {value}" if value else f"{name}:" for name, value in headers.items()]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a header of more than one line")
    return [line.encode("latin-1") for line in lines]
