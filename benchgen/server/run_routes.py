"""Seed 002's endpoints: the list of runs, one run in full, its events, and comparisons."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from benchgen import codec, paths
from benchgen.errors import NotFound, UsageError
from benchgen.pages.listing import Site
from benchgen.panels import api_runs
from benchgen.record import Record
from benchgen.records.digest import RunDigest
from benchgen.server import topics
from benchgen.server.broadcast import Broadcast
from benchgen.server.endpoints import Endpoint, Query
from benchgen.server.event_stream import spell
from benchgen.server.replies import answer, body, broadcast_of, stream
from benchgen.server.run_feed import RunFeed, Told
from benchgen.store.runs import Results
from benchgen.store.tails import last_lines

LOG_LINES = 200
MOST_PER_PAGE = 1000
MOST_COMPARED = 8
HEARTBEAT_SECONDS = 10.0


class CompareBody(Record):
    """Which runs to compare."""

    run_ids: tuple[str, ...]


def endpoints() -> list[Endpoint]:
    paging = (Query("page", "which page, from 1"), Query("per_page", f"runs a page, at most {MOST_PER_PAGE}"))
    return [
        Endpoint("/api/runs", list_runs, "All runs, newest first, as a plain list", query=paging),
        Endpoint("/api/runs/{run_id}", show_run, "One run: config, command, artifacts, summary, the end of its log"),
        Endpoint("/api/runs/{run_id}/events", run_events, "A run as it goes on", gives="text/event-stream"),
        Endpoint("/api/compare", compare, "Runs side by side", method="POST", body=CompareBody),
    ]


async def list_runs(request: Request) -> Response:
    """A plain list; with `page` one page of it, and where the others are in `Link`."""
    digests = await broadcast_of(request).across(lambda site: site.across().digests)
    headers = {"X-Total-Count": str(len(digests))}
    if "page" not in request.query_params and "per_page" not in request.query_params:
        return answer(api_runs.run_list(digests), headers)
    page, size = _number(request, "page", 1, 10**9), _number(request, "per_page", 50, MOST_PER_PAGE)
    last = max(1, -(-len(digests) // size))
    near = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
    links = (f'<{request.url.path}?page={n}&per_page={size}>; rel="{r}"' for r, n in near.items() if 1 <= n <= last)
    return answer(api_runs.run_list(digests[(page - 1) * size : page * size]), {**headers, "Link": ", ".join(links)})


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most):
        raise UsageError(f"{name} must be a whole number from 1 to {most}")
    return int(text)


async def show_run(request: Request) -> Response:
    """Everything about one run but its attempts' own files."""
    run_id = request.path_params["run_id"]
    return answer(await broadcast_of(request).across(lambda site: run_detail(site, run_id)))


def run_detail(site: Site, run_id: str) -> dict[str, Any]:
    """A run with seed 002's keys; `artifacts` are addresses on this server."""
    results, digest = site.results, digest_of(site, run_id)
    folder = results.folder(run_id)
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    (listed,) = api_runs.run_list([digest])
    return {
        **listed,
        "started_at": digest.started_at,
        "is_alive": results.is_alive(run_id),
        "config": codec.plain(results.config(run_id)),
        "command": _text(results, run_id, paths.COMMAND).strip(),
        "artifacts": {name: f"/artifacts/{quote(run_id)}/{quote(name)}" for name in names if name != paths.RUNNER_LOCK},
        "summary": summary_of(results, run_id),
        "log_tail": list(last_lines(folder / paths.STDERR, LOG_LINES).lines),
    }


def digest_of(site: Site, run_id: str) -> RunDigest:
    """One run in brief. NotFound where there is none."""
    found = site.across().by_id.get(run_id)
    if found is None:
        raise NotFound(f"no run {run_id!r}", hint="/api/runs lists them")
    return found


def summary_of(results: Results, run_id: str) -> Any:  # noqa: ANN401 - as it stands in the file
    """`summary.json` as it stands; None as long as there is none."""
    text = _text(results, run_id, paths.SUMMARY)
    return codec.parse(text, where=f"{run_id}/{paths.SUMMARY}") if text else None


def _text(results: Results, run_id: str, name: str) -> str:
    try:
        return results.artifact(run_id, name).read_text("utf-8", "replace")
    except NotFound:
        return ""


async def run_events(request: Request) -> Response:
    """Resumes after `Last-Event-ID`; 204 tells a browser that nothing will come any more."""
    run_id, broadcast = request.path_params["run_id"], broadcast_of(request)
    after = _last_id(request.headers.get("last-event-id", ""))
    feed = await broadcast.across(lambda site: feed_of(site.results, run_id, after))
    told = await asyncio.to_thread(feed.poll)
    if feed.has_ended and after is not None and after >= feed.seq:
        return Response(status_code=204)
    topic = topics.events(run_id)
    return stream(request, _told(broadcast, topic, feed, told))


def feed_of(results: Results, run_id: str, after: int | None) -> RunFeed:
    return RunFeed(results.home(run_id), results.config(run_id), after)


async def _told(broadcast: Broadcast, topic: str, feed: RunFeed, first: list[Told]) -> AsyncGenerator[bytes, None]:
    for one in first:
        yield _spell(one)
    async for changed in broadcast.listen(await broadcast.begin(topic), idle=HEARTBEAT_SECONDS):
        for one in await asyncio.to_thread(feed.poll):
            yield _spell(one)
        if not changed:
            yield _spell(Told("heartbeat", {"status": feed.status, "seq": feed.seq}))
        if feed.has_ended or feed.is_gone():
            return


def _spell(told: Told) -> bytes:
    number = {} if told.seq is None else {"id": str(told.seq)}
    return spell({"event": told.name, "data": codec.json_of(told.data), **number})


def _last_id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


async def compare(request: Request) -> Response:
    """Metrics by name and breakdowns by key, aligned over all runs asked for."""
    asked = await body(request, CompareBody)
    ids = list(dict.fromkeys(asked.run_ids))
    if not 2 <= len(ids) <= MOST_COMPARED:
        raise UsageError(f"2 to {MOST_COMPARED} different runs are needed", hint='{"run_ids": ["a", "b"]}')
    return answer(await broadcast_of(request).across(lambda site: _aligned(site, ids)))


def _aligned(site: Site, ids: list[str]) -> dict[str, Any]:
    runs = [digest_of(site, run_id) for run_id in ids]
    entries = {run.run_id: api_runs.full_entry(run) for run in runs}
    listed = api_runs.run_list(runs)
    names = ("success_rate", "avg_steps", "total_cost_usd")
    groups = list(dict.fromkeys(key for entry in entries.values() for key in entry["domain_breakdown"]))
    rates = {
        group: {run_id: (entry["domain_breakdown"].get(group) or {}).get("rate") for run_id, entry in entries.items()}
        for group in groups
    }
    return {
        "runs": listed,
        "metrics": [{"name": n, "values": {run_id: entry[n] for run_id, entry in entries.items()}} for n in names],
        "breakdowns": [{"name": "domain", "items": [{"key": k, "values": v} for k, v in rates.items()]}],
        "warnings": ["these runs are of different benchmarks"] if len({run.benchmark_name for run in runs}) > 1 else [],
    }
