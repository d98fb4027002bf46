"""Seed 004's endpoints: the six panels as JSON, the live tracker, and the combined stream."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchgen import codec
from benchgen.panels import api_runs
from benchgen.server.broadcast import SEED_TOPIC, Broadcast
from benchgen.server.hub import TooManyClients
from benchgen.server.page_routes import PING_SECONDS, SEND_SECONDS
from benchgen.server.refusal import refuse

# path below /api/ → key of Newsroom.messages
SERVED = {
    "benchmark/status": "status",
    "benchmark/costs": "costs",
    "benchmark/metrics": "metrics",
    "benchmark/workers": "workers",
    "benchmark/runs": "runs",
    "benchmark-live": "live",
    "benchmark-progress": "progress",
    "tasks": "tasks",
    "vms": "vms",
}
REFUSED = ("azure-jobs", "tunnels", "probe-vm")
COMBINED = ("costs", "metrics", "workers", "domain_breakdown")
SHORTEST_INTERVAL, LONGEST_INTERVAL = 1, 60


def routes() -> list[Route]:
    return [
        *(Route(f"/api/{path}", _serve(key)) for path, key in SERVED.items()),
        *(Route(f"/api/{path}", _refused) for path in REFUSED),
        Route("/api/benchmark/compare", compare),
        Route("/api/benchmark-sse", stream),
        Route("/api/health", health),
        Route("/health", health),
    ]


def _serve(key: str) -> Any:  # noqa: ANN401 - a Starlette endpoint
    async def endpoint(request: Request) -> Response:
        broadcast: Broadcast = request.app.state.broadcast
        return _json((await broadcast.messages())[key])

    return endpoint


async def _refused(request: Request) -> Response:
    return refuse(501, "not_served", "this drives one vendor's cloud, which benchgen does not", "see docs/http-api.md")


async def health(request: Request) -> Response:
    """Whether the server answers, and how many streams it holds."""
    broadcast: Broadcast = request.app.state.broadcast
    return _json({"status": "ok", "streams": broadcast.hub.clients()})


async def compare(request: Request) -> Response:
    """`?runs=A,B`: both runs in full and what differs."""
    names = [name for name in request.query_params.get("runs", "").split(",") if name]
    if len(names) != 2:
        return refuse(400, "usage", "two runs are needed", "for example ?runs=run_a,run_b", field="runs")
    broadcast: Broadcast = request.app.state.broadcast
    known = await broadcast.across(lambda site: site.across().by_id)
    for name in names:
        if name not in known:
            return refuse(404, "not_found", f"no run {name!r}", "/api/benchmark/runs lists them", field="runs")
    a, b = known[names[0]], known[names[1]]
    return _json(await broadcast.across(lambda site: api_runs.comparison(a, b)))


async def stream(request: Request) -> Response:
    """The combined message for seed 004's client, and the named events for its origin's."""
    interval = _interval(request.query_params.get("interval", "2"))
    if interval is None:
        return refuse(400, "usage", "the interval must be a number of seconds", field="interval")
    events = _events(request.app.state.broadcast, interval)
    return EventSourceResponse(events, ping=PING_SECONDS, send_timeout=SEND_SECONDS)


def _interval(text: str) -> float | None:
    try:
        return min(max(float(text), SHORTEST_INTERVAL), LONGEST_INTERVAL)
    except ValueError:
        return None


async def _events(broadcast: Broadcast, interval: float) -> AsyncIterator[dict[str, str]]:
    yield _named("connected", {"interval": interval})
    finished = -1
    try:
        async for _ in broadcast.hub.listen(SEED_TOPIC):
            messages = await broadcast.messages()
            edition = broadcast.edition
            yield {"data": codec.json_of(_combined(messages, edition.seq))}
            yield _named("status", _mapping(messages["status"]))
            yield _named("progress", _mapping(messages["progress"]))
            if 0 <= finished < edition.finished:
                newest = edition.view.recent_attempts[: edition.finished - finished]
                for attempt in reversed(newest):
                    yield _named("task_complete", codec.plain(attempt))
            finished = edition.finished
    except TooManyClients:
        yield _named("fault", {"message": "too many streams are open"})


def _combined(messages: Mapping[str, object], seq: int) -> Mapping[str, object]:
    status, runs = _mapping(messages["status"]), _mapping(messages["runs"])
    parts = {name: messages[name] for name in COMBINED}
    return {"current_job": status["current_job"], "queue": status["queue"], **parts, "runs": runs["runs"], "seq": seq}


def _named(name: str, data: Mapping[str, object]) -> dict[str, str]:
    return {"event": name, "data": codec.json_of(data)}


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"a JSON object was expected, not {type(value).__name__}")
    return value


def _json(data: object) -> Response:
    return Response(codec.compact(data), media_type="application/json", headers={"Cache-Control": "no-store"})
