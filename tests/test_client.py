"""The HTTP client against servers that say byte for byte what a test tells them to."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Awaitable, Callable

import pytest

from benchgen.errors import UsageError
from benchgen.providers.client import Client
from benchgen.providers.endpoints import check_url
from benchgen.providers.transfer import MOST_HELD, NoAnswer

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
LOTS = 512 * 1024
Ask = Callable[[], Awaitable[bytes]]


class Server:
    """Answers the n-th request by the n-th of its texts; None hangs up. `asked` has what came on each connection."""

    def __init__(self, *said: bytes | None, hangs_up: bool = False) -> None:
        self.said = list(said)
        self.hangs_up = hangs_up
        self.asked: list[list[bytes]] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard: list[bytes] = []
        self.asked.append(heard)
        self.tasks.append(asyncio.current_task())
        try:
            while self.said:
                head = await reader.readuntil(b"\r\n\r\n")
                heard.append(head + await reader.readexactly(2))
                said = self.said.pop(0)
                writer.write(said or b"")
                await writer.drain()
                if said is None or self.hangs_up:
                    break
            else:
                await reader.read()
            writer.close()
            await writer.wait_closed()
        except (asyncio.IncompleteReadError, OSError):
            writer.transport.abort()

    async def end(self, listener: asyncio.Server) -> None:
        listener.close()
        await asyncio.gather(*self.tasks)


def talk(server: Server, script: Callable[[Ask], Awaitable[object]], tls: ssl.SSLContext | None = None) -> object:
    """What a script comes to that asks the server once or more."""

    async def main() -> object:
        listener = await asyncio.start_server(server.serve, "localhost", 0, ssl=tls)
        port = listener.sockets[0].getsockname()[1]
        client = Client(f"{'https' if tls else 'http'}://localhost:{port}/v1", {"X-Key": "k"})

        async def ask() -> bytes:
            response = await client.ask("/chat", b"{}")
            try:
                return b"%d " % response.status + b"".join([piece async for piece in pieces(response)])
            finally:
                client.let_go(response)

        try:
            async with asyncio.timeout(20):
                return await script(ask)
        finally:
            await client.close()
            await server.end(listener)

    return asyncio.run(main())


async def pieces(response):
    while piece := await response.next():
        yield piece


def once(said: bytes | None, **more: bool) -> object:
    return talk(Server(said, **more), lambda ask: ask())


async def twice(ask: Ask) -> list[bytes]:
    return [await ask(), await ask()]


def test_a_request_is_what_was_written_here_and_no_more():
    server = Server(PLAIN)
    talk(server, lambda ask: ask())
    ((request,),) = server.asked
    line, *headers = request.split(b"\r\n")
    assert line == b"POST /v1/chat HTTP/1.1"
    names = b" ".join([header.partition(b":")[0] for header in headers])
    assert names == b"Host Accept User-Agent Accept-Encoding Content-Type X-Key Content-Length  {}"


def test_a_connection_is_kept_for_the_next_request():
    server = Server(PLAIN, PLAIN)
    assert talk(server, twice) == [b"200 hi"] * 2
    assert [len(requests) for requests in server.asked] == [2]


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        PLAIN + PLAIN,  # an answer that nobody asked for is not taken for the next one's
    ],
)
def test_a_connection_that_is_not_to_be_kept_is_not(said):
    server = Server(said, PLAIN)
    assert talk(server, twice) == [b"200 hi"] * 2
    assert len(server.asked) == 2


def test_a_connection_that_the_server_ended_meanwhile_is_not_used():
    server = Server(PLAIN, PLAIN, hangs_up=True)

    async def later(ask: Ask) -> list[bytes]:
        first = await ask()
        while not server.asked[0]:
            await asyncio.sleep(0)
        for _ in range(100):  # until the loop has heard of it
            await asyncio.sleep(0.001)
        return [first, await ask()]

    assert talk(server, later) == [b"200 hi"] * 2


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1;x=y\r\ni\r\n0\r\nX-Late: 1\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\n" + PLAIN,
        b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
        b"HTTP/1.1 200\r\ncontent-length:2\r\n\r\nhi",
    ],
)
def test_answers_are_read_as_servers_write_them(said):
    assert once(said) == b"200 hi"


def test_an_answer_without_a_length_ends_with_its_connection():
    assert once(b"HTTP/1.1 200 OK\r\n\r\nhi", hangs_up=True) == b"200 hi"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (None, "the server hung up"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "the server hung up"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi", "broke off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", "broke off"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "no HTTP"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "hung up"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * LOTS, "larger than allowed"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: x\r\n" * LOTS, "Too many response headers"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * LOTS, "Too large response headers"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: x\r\n" * LOTS, "broke off"),
    ],
)
def test_what_is_no_whole_answer_is_told_in_words(said, why):
    with pytest.raises(NoAnswer, match=why):
        once(said, hangs_up=True)


def test_a_request_that_is_given_up_takes_its_connection_with_it():
    server = Server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh", PLAIN)

    async def impatient(ask: Ask) -> bytes:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await ask()
        return await ask()

    assert talk(server, impatient) == b"200 hi"
    assert len(server.asked) == 2


@pytest.fixture
def certificate(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    files = ("-addext", "subjectAltName=DNS:localhost", "-keyout", tmp_path / "key", "-out", tmp_path / "cert")
    subprocess.run([*words.split(), *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    return context, tmp_path / "cert"


def test_a_server_whose_certificate_is_trusted_is_asked(certificate, monkeypatch):
    context, file = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert talk(Server(PLAIN, PLAIN), twice, context) == [b"200 hi"] * 2


def test_a_server_whose_certificate_nobody_vouches_for_hears_nothing(certificate):
    server = Server(PLAIN)
    with pytest.raises(NoAnswer, match="self-signed certificate"):
        talk(server, lambda ask: ask(), certificate[0])
    assert not any(server.asked)


def test_a_request_that_cannot_be_made_says_why():
    async def main() -> None:
        client = Client("http://localhost:1")
        try:
            await client.ask("/\0")
        finally:
            await client.close()

    with pytest.raises((ValueError, TypeError), match="null"):
        asyncio.run(main())


@pytest.mark.parametrize("value", ["a\r\nX-More: b", "a\nb"])
def test_a_header_cannot_bring_another(value):
    with pytest.raises(ValueError, match="more than one line"):
        Client("http://localhost:1", {"X-Key": value})


def test_an_address_is_sent_in_ascii_whatever_it_is_written_in():
    server = Server(PLAIN)

    async def main() -> None:
        listener = await asyncio.start_server(server.serve, "localhost", 0)
        port = listener.sockets[0].getsockname()[1]
        client = Client(f"http://localhost:{port}/mödels/v 1/?a=b c")
        client.let_go(await client.ask("/chat", b"{}"))
        await client.close()
        await server.end(listener)

    asyncio.run(main())
    assert server.asked[0][0].startswith(b"POST /m%C3%B6dels/v%201/chat?a=b%20c HTTP/1.1\r\n")


@pytest.mark.parametrize("url", ["https://a..b/v1", "https://h:99999/v1", "https://h:x/v1", f"https://{'a' * 64}.de"])
def test_an_address_that_cannot_be_found_is_refused_before_anybody_is_asked(url):
    with pytest.raises(UsageError, match="names no host that can be found"):
        check_url(url, "house")


def test_a_server_waits_for_a_slow_reader_and_nothing_of_its_answer_is_lost():
    size = 8 * 1024 * 1024
    server = Server(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size)

    async def main() -> tuple[int, int]:
        listener = await asyncio.start_server(server.serve, "localhost", 0)
        client = Client(f"http://localhost:{listener.sockets[0].getsockname()[1]}")
        response = await client.ask("/chat", b"{}")
        while not response._is_paused:
            await asyncio.sleep(0)
        first = len(await response.next())
        rest = sum([len(piece) async for piece in pieces(response)])
        client.let_go(response)
        await client.close()
        await server.end(listener)
        return first, rest

    first, rest = asyncio.run(asyncio.wait_for(main(), 20))
    assert first < 2 * MOST_HELD
    assert first + rest == size
