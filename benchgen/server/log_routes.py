"""A run's logs by offset: the end, what came since, what stood before; never the whole file, however long it is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from benchgen.errors import UsageError
from benchgen.pages.run_logs import FILES, LINES
from benchgen.panels.log_text import clean
from benchgen.server.endpoints import Endpoint, Query
from benchgen.server.replies import answer, broadcast_of
from benchgen.server.run_routes import digest_of
from benchgen.store.tails import Tail, last_lines, lines_before, lines_since

MOST_DIGITS = 15


def endpoints() -> list[Endpoint]:
    query = (
        Query("stream", "stderr (as it is without) or stdout"),
        Query("offset", "lines that begin at this byte or after"),
        Query("before", "lines that stand before this byte"),
    )
    return [Endpoint("/api/runs/{run_id}/log", show_log, "Lines of a run's log, at most 64 KiB of them", query=query)]


async def show_log(request: Request) -> Response:
    """`{stream, lines, start, offset, skipped, size}`: `offset` is where to go on, `start` where to go back from."""
    run_id, stream = request.path_params["run_id"], request.query_params.get("stream", "stderr")
    if stream not in FILES:
        raise UsageError(f"the stream is one of {', '.join(FILES)}")
    offset, before = _byte(request, "offset"), _byte(request, "before")
    await broadcast_of(request).across(lambda site: digest_of(site, run_id))
    folder = await broadcast_of(request).across(lambda site: site.results.home(run_id))
    tail = await asyncio.to_thread(_lines, folder / FILES[stream], offset, before)
    return answer({"stream": stream, **_plain(tail)})


def _lines(path: Path, offset: int | None, before: int | None) -> Tail:
    if before is not None:
        return lines_before(path, before)
    return last_lines(path, LINES) if offset is None else lines_since(path, offset)


def _plain(tail: Tail) -> dict[str, Any]:
    at = {"start": tail.start, "offset": tail.offset, "skipped": tail.skipped, "size": tail.size}
    return {"lines": [clean(line) for line in tail.lines], **at}


def _byte(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise UsageError(f"{name} is a number of bytes")
    return int(text)
