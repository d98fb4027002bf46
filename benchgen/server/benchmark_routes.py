"""Seed 004's endpoints: the six panels as JSON, the live tracker, and the combined stream."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from benchgen import codec
from benchgen.panels import api_runs
from benchgen.server import topics
from benchgen.server.broadcast import Broadcast, Opening
from benchgen.server.endpoints import Endpoint, Query
from benchgen.server.event_stream import Chunks
from benchgen.server.refusal import refuse
from benchgen.server.replies import answer, broadcast_of, chunks_of, stream

# path below /api/ → key of Newsroom.messages, and what it says
SERVED = {
    "benchmark/status": ("status", "The current job with its ETA, and what waits"),
    "benchmark/costs": ("costs", "What the run has cost so far, by provider, model and machine"),
    "benchmark/metrics": ("metrics", "Success over time, steps, domains"),
    "benchmark/workers": ("workers", "Workers: busy or idle, and on what"),
    "benchmark/runs": ("runs", "All runs, newest first"),
    "benchmark-live": ("live", "The live tracker, as benchmark_live.json has it"),
    "benchmark-progress": ("progress", "Progress in one line"),
    "tasks": ("tasks", "Each run that goes on as a background task"),
    "vms": ("vms", "Workers that name their host"),
}
_CLOUD = "this drives one vendor's cloud, which benchgen does not"
# method and path → why it is not served; docs/http-api.md says the same
REFUSED = {
    ("GET", "/api/azure-jobs"): _CLOUD,
    ("GET", "/api/tunnels"): _CLOUD,
    ("GET", "/api/probe-vm"): _CLOUD,
}
SHORTEST_INTERVAL, LONGEST_INTERVAL = 1, 60


def endpoints() -> list[Endpoint]:
    interval = Query("interval", "seconds between heartbeats, 1 to 60")
    return [
        *(Endpoint(f"/api/{path}", _serve(key), says) for path, (key, says) in SERVED.items()),
        *(
            Endpoint(path, _refusing(why), f"Refused: {why}", method, answers=())
            for (method, path), why in REFUSED.items()
        ),
        Endpoint(
            "/api/benchmark/compare",
            compare,
            "Two runs in full, and what differs",
            query=(Query("runs", "two run ids with a comma between them", required=True),),
        ),
        Endpoint("/api/benchmark-sse", combined, "The combined stream", query=(interval,), gives="text/event-stream"),
        Endpoint("/api/health", health, "Whether the server answers"),
        Endpoint("/health", health, "Whether the server answers"),
    ]


def _serve(key: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return answer((await broadcast_of(request).messages())[key])

    return endpoint


def _refusing(why: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return refuse(404, "not_served", why, "see docs/http-api.md")

    return endpoint


async def health(request: Request) -> Response:
    """Whether the server answers, and how many streams it holds."""
    return answer({"status": "ok", "streams": broadcast_of(request).hub.clients()})


async def compare(request: Request) -> Response:
    """`?runs=A,B`: both runs in full and what differs."""
    names = [name for name in request.query_params.get("runs", "").split(",") if name]
    if len(names) != 2:
        return refuse(400, "usage", "two runs are needed", "for example ?runs=run_a,run_b", field="runs")
    broadcast = broadcast_of(request)
    known = await broadcast.across(lambda site: site.across().by_id)
    for name in names:
        if name not in known:
            return refuse(404, "not_found", f"no run {name!r}", "/api/benchmark/runs lists them", field="runs")
    a, b = known[names[0]], known[names[1]]
    return answer(await broadcast.across(lambda site: api_runs.comparison(a, b)))


async def combined(request: Request) -> Response:
    """The combined message for seed 004's client, and the named events for its origin's."""
    interval = _interval(request.query_params.get("interval", "2"))
    if interval is None:
        return refuse(400, "usage", "the interval must be a number of seconds", field="interval")
    broadcast = broadcast_of(request)
    opening = await broadcast.begin(topics.SEED)
    return stream(request, _events(broadcast, chunks_of(request), opening, interval))


def _interval(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return None if math.isnan(seconds) else min(max(seconds, SHORTEST_INTERVAL), LONGEST_INTERVAL)


async def _events(
    broadcast: Broadcast, chunks: Chunks, opening: Opening, interval: float
) -> AsyncGenerator[bytes, None]:
    yield chunks.of("connected", codec.json_of({"interval": interval}))
    reported = _last_number(_completed(opening.frames))
    async for frames in broadcast.listen(opening, idle=interval):
        if not frames:
            edition = await broadcast.edition()
            now = {"seq": edition.seq, "changed_at": edition.changed_at}
            yield chunks.of("heartbeat", codec.json_of(now))
        for name in ("message", "status", "progress"):
            if name in frames:
                yield chunks.of(None if name == "message" else name, frames[name])
        if "task_complete" in frames:
            newest = _completed(frames)
            for one in reversed(newest):
                if one["number"] > reported:
                    yield chunks.of("task_complete", codec.json_of(one["attempt"]))
            reported = _last_number(newest)


def _completed(frames: Mapping[str, str]) -> list[dict[str, Any]]:
    """The newest outcomes, the last one first, each with its number in the run."""
    found: list[dict[str, Any]] = codec.parse(frames.get("task_complete", "[]"), where="a frame")
    return found


def _last_number(newest: list[dict[str, Any]]) -> int:
    return int(newest[0]["number"]) if newest else 0
