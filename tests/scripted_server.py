"""A server on this machine that speaks OpenAI's and Anthropic's dialects, and misbehaves as a script tells it to."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from email.utils import formatdate

from aiohttp import web

Behaviour = Callable[[web.Request, dict], Awaitable[web.StreamResponse]]
USAGE = {"prompt_tokens": 1000, "completion_tokens": 200}
NO_ANSWER_TEXT = "I have no change to propose."


class ScriptedServer:
    """Answers each request by the next behaviour of its script; the last one stays. Remembers what it was asked."""

    def __init__(self) -> None:
        self.script: list[Behaviour] = [streamed()]
        self.asked: list[dict] = []
        self.headers: list[dict[str, str]] = []
        self.at: list[float] = []
        self.under_way = self.most_under_way = 0
        self.models: list[str] = ["m"]
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application()
        for path in ("/v1/chat/completions", "/v1/messages"):
            app.router.add_post(path, self._answer)
        app.router.add_get("/v1/models", self._list)
        self.add_routes(app)
        runner = web.AppRunner(app, shutdown_timeout=0, handler_cancellation=True)
        self._loop.run_until_complete(runner.setup())
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self._loop.run_until_complete(web.SockSite(runner, listener).start())
        self._ready.set()
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    def add_routes(self, app: web.Application) -> None:
        """For servers that know more than this one."""

    async def _list(self, request: web.Request) -> web.Response:
        self.headers.append(dict(request.headers))
        return web.json_response({"data": [{"id": name} for name in self.models]})

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            body = await request.json()
            self.asked.append(body)
            self.headers.append(dict(request.headers))
            self.at.append(time.monotonic())
            behaviour = self.script.pop(0) if len(self.script) > 1 else self.script[0]
            return await behaviour(request, body)
        finally:
            self.under_way -= 1


@contextmanager
def scripted(*script: Behaviour):
    with ScriptedServer() as server:
        server.script = list(script) or server.script
        yield server


def chunk(text: str | None = None, finish: str | None = None, **more: object) -> dict:
    return {"model": "m-1", "choices": [{"delta": {"content": text}, "finish_reason": finish}], **more}


def line(event: object) -> bytes:
    return b"data: " + (event if isinstance(event, bytes) else json.dumps(event).encode()) + b"\n\n"


async def _stream(request: web.Request, **headers: str) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **headers})
    await response.prepare(request)
    return response


def streamed(text: str = NO_ANSWER_TEXT, usage: dict | None = USAGE, pause: float = 0.0, kind: str = "") -> Behaviour:
    """A good answer, word by word, after a pause."""

    async def behave(request: web.Request, body: dict) -> web.StreamResponse:
        await asyncio.sleep(pause)
        response = await _stream(request, **({"Content-Type": kind} if kind else {}))
        await response.write(b": hello\n\n")
        for word in text.split(" "):
            await response.write(line(chunk(f"{word} ")))
        await response.write(line(chunk(finish="stop")))
        await response.write(line({"choices": [], "usage": usage}) + line(b"[DONE]"))
        return response

    return behave


def whole(text: str | None = NO_ANSWER_TEXT, usage: dict | None = USAGE, **more: object) -> Behaviour:
    """A good answer in one piece."""
    choice = {"message": {"content": text}, "finish_reason": "stop"}
    return body_of(json.dumps({"model": "m-1", "choices": [choice], "usage": usage, **more}).encode())


def body_of(data: bytes, kind: str = "application/json", status: int = 200, **headers: str) -> Behaviour:
    """Any body, under any status and content type."""

    async def behave(request: web.Request, body: dict) -> web.StreamResponse:
        return web.Response(body=data, status=status, headers={"Content-Type": kind, **headers})

    return behave


def refused(status: int, message: str = "no", **headers: str) -> Behaviour:
    return body_of(json.dumps({"error": {"message": message}}).encode(), status=status, **headers)


def retry_after(seconds: float | None = None, *, in_seconds: float | None = None) -> Behaviour:
    """429 with seconds to wait, or with a date so many seconds from now."""

    async def behave(request: web.Request, body: dict) -> web.StreamResponse:
        value = str(seconds) if in_seconds is None else formatdate(time.time() + in_seconds, usegmt=True)
        return await refused(429, "slow down", **{"Retry-After": value})(request, body)

    return behave


async def hanging(request: web.Request, body: dict) -> web.StreamResponse:
    await asyncio.sleep(3600)
    raise AssertionError


async def trickling(request: web.Request, body: dict) -> web.StreamResponse:
    """Never silent for long, never done."""
    response = await _stream(request)
    while True:
        await response.write(line(chunk("a ")))
        await asyncio.sleep(0.05)


async def cut_off(request: web.Request, body: dict) -> web.StreamResponse:
    """Promises more bytes than it sends."""
    response = await _stream(request, **{"Content-Length": "100000"})
    await response.write(line(chunk("half an ")))
    request.transport.close()
    return response


async def ending_early(request: web.Request, body: dict) -> web.StreamResponse:
    """Ends as if all were well, but without a last word."""
    response = await _stream(request)
    await response.write(line(chunk("half an ")))
    return response


async def erring_midway(request: web.Request, body: dict) -> web.StreamResponse:
    response = await _stream(request)
    await response.write(line(chunk("half an ")))
    await response.write(line({"error": {"message": "upstream fell over", "code": 502}}))
    return response


def bomb(megabytes: int, *, prefix: bytes = b'{"choices": "', kind: str = "application/json") -> Behaviour:
    """So many megabytes of one letter, packed into a few kilobytes."""
    packed = gzip.compress(prefix + b"a" * (megabytes << 20))
    return body_of(packed, kind, **{"Content-Encoding": "gzip"})


async def endless(request: web.Request, body: dict) -> web.StreamResponse:
    """A stream of good events that has no end."""
    response = await _stream(request)
    piece = b"".join(line(chunk("word " * 2000)) for _ in range(5))
    while True:
        await response.write(piece)


async def anthropic(request: web.Request, body: dict) -> web.StreamResponse:
    """An answer in Anthropic's dialect, with thinking and cached tokens."""
    response = await _stream(request)
    usage = {"input_tokens": 700, "cache_read_input_tokens": 300, "output_tokens": 1}
    for event in (
        {"type": "message_start", "message": {"model": "claude-1", "usage": usage}},
        {"type": "content_block_delta", "delta": {"type": "thinking_delta", "thinking": "hm"}},
        {"type": "ping"},
        {"type": "content_block_delta", "delta": {"type": "text_delta", "text": NO_ANSWER_TEXT}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 200}},
        {"type": "message_stop"},
    ):
        await response.write(f"event: {event['type']}\n".encode() + line(event))
    return response
