"""Event streams: what goes over the line, how often it is made, and how a stream ends."""

from __future__ import annotations

import asyncio

import pytest

from benchgen.server import event_stream
from benchgen.server.event_stream import Chunks, EventStream, spell

GET = {"type": "http", "method": "GET"}


async def never():
    await asyncio.Event().wait()


class Given:
    """Batches that remember whether they were closed."""

    def __init__(self, *batches: bytes, is_endless: bool = False) -> None:
        self.batches, self.is_endless, self.is_closed = batches, is_endless, False

    async def all(self):
        try:
            for batch in self.batches:
                yield batch
            if self.is_endless:
                await never()
        finally:
            self.is_closed = True


def sent_by(given, scope=GET, receive=never, stuck=False):
    """The messages of a whole stream; with `stuck` the client takes no body."""
    messages = []

    async def send(message):
        if stuck and message["type"] == "http.response.body":
            await never()
        messages.append(message)

    async def scene():
        await asyncio.wait_for(EventStream(given.all())(scope, receive, send), 5)

    asyncio.run(scene())
    return messages


def test_an_event_is_one_line_a_field():
    assert spell({"event": "panel", "data": "{}", "id": "3"}) == b"event: panel\r\ndata: {}\r\nid: 3\r\n\r\n"


def test_what_goes_to_many_is_made_once():
    chunks, text = Chunks(), '{"id": "a"}'
    assert chunks.of("panel", text, text) is chunks.of("panel", text, text)
    assert chunks.of(None, text) == b'data: {"id": "a"}\r\n\r\n'


def test_a_stream_sends_its_batches_and_ends_with_them():
    given = Given(b"a", b"b")
    head, *bodies = sent_by(given)
    assert (b"content-type", b"text/event-stream; charset=utf-8") in head["headers"]
    assert [(one["body"], one.get("more_body", False)) for one in bodies] == [(b"a", True), (b"b", True), (b"", False)]


def test_only_the_head_is_sent_where_only_that_is_asked_for():
    given = Given(b"a")
    assert [one.get("body") for one in sent_by(given, {"type": "http", "method": "HEAD"})] == [None, b""]


def test_a_client_that_goes_ends_its_stream():
    async def gone():
        return {"type": "http.disconnect"}

    given = Given(b"a", is_endless=True)
    sent_by(given, receive=gone)
    assert given.is_closed


def test_a_client_that_takes_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr(event_stream, "SEND_SECONDS", 0.05)
    given = Given(b"a")
    assert [one["type"] for one in sent_by(given, stuck=True)] == ["http.response.start"]
    assert given.is_closed


def test_a_fault_within_a_stream_is_told():
    async def broken():
        yield b"a"
        raise ZeroDivisionError

    given = Given()
    given.all = broken
    with pytest.raises(ZeroDivisionError):
        sent_by(given)
