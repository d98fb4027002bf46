"""The site's pages over HTTP: rendered when asked, with their key as ETag; and the streams that keep them new."""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncGenerator, Awaitable, Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from benchgen import codec
from benchgen.pages.compare_pages import is_comparison
from benchgen.panels import links
from benchgen.server import topics
from benchgen.server.broadcast import Broadcast, Opening
from benchgen.server.endpoints import Endpoint, Query
from benchgen.server.event_stream import Chunks, spell
from benchgen.server.refusal import refuse
from benchgen.server.replies import answer, broadcast_of, chunks_of, stream
from benchgen.server.safety import policy

REDIRECTS = {
    "/live-stats.html": links.LIVE,
    "/ui": links.INDEX,
    "/ui/": links.INDEX,
    "/ui/index.html": links.INDEX,
    "/static/benchmark-runner.html": links.DATASETS,
    "/static/benchmark-results.html": links.DATASETS,
    "/runs/new": "new/index.html",
    "/settings": links.METHODS,
    "/login": links.INDEX,
}
_PAGE = Query("page", "the path of a page, such as live/index.html")
RETRY = spell({"retry": "1000"})
"""A browser whose line broke asks again after so many milliseconds, instead of three seconds."""
_NOT_KEPT = {"Cache-Control": "no-store"}


def endpoints() -> list[Endpoint]:
    return [
        Endpoint(
            "/api/pages/stream",
            page_stream,
            "The stream of one page: its panels as HTML, or a word when it is out of date",
            query=(_PAGE,),
            gives="text/event-stream",
        ),
        Endpoint("/api/pages/panels", panels, "The same panels at once", query=(_PAGE,)),
    ]


def redirects() -> list[Route]:
    """Addresses of the seeds' pages; reserved before ids."""
    return [
        *(Route(path, _redirect(target)) for path, target in REDIRECTS.items()),
        Route("/ui/run.html", run_of_query),
        Route("/compare", compare_of_query),
    ]


def routes() -> list[Route]:
    """The pages themselves; they come last, for they match everything."""
    return [
        Route("/{path:path}", page),
    ]


async def page(request: Request) -> Response:
    """One page of the site, or its 404 page."""
    broadcast, path = broadcast_of(request), request.path_params["path"]
    if path.endswith("/") or not path:
        path += "index.html"
    if path == links.COMPARE and "ids" in request.query_params:
        return await compare_of_query(request)
    if path == links.LIVE:
        return Response(await broadcast.live_page(), media_type="text/html", headers=_NOT_KEPT)
    known = _tags(request.headers.get("if-none-match", ""))
    found = await broadcast.page(path, known)
    if found is None:
        return await _missing(broadcast, path)
    headers = {"ETag": f'"{found.key}"', "Cache-Control": _caching(path)}
    if found.content is None:
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=_media_type(path), headers=headers)


async def _missing(broadcast: Broadcast, path: str) -> Response:
    if "." not in path.rpartition("/")[2] and await broadcast.key(f"{path}/index.html"):
        return RedirectResponse(f"/{quote(path)}/index.html", 307)
    missing = await broadcast.page(links.NOT_FOUND)
    headers = {"Content-Security-Policy": policy(style=broadcast.inline_style)}
    return Response(missing.content if missing else b"", 404, media_type="text/html", headers=headers)


async def page_stream(request: Request) -> Response:
    """The stream of one page: its panels for the live page and runs, for any other a word when it is out of date."""
    broadcast, topic = broadcast_of(request), request.query_params.get("page", topics.LIVE)
    opening = None if _is_internal(topic) else await broadcast.open(topic)
    if opening is None:
        return refuse(404, "not_found", f"no page {topic!r}", field="page")
    return stream(request, _panels(broadcast, chunks_of(request), opening))


async def _panels(broadcast: Broadcast, chunks: Chunks, opening: Opening) -> AsyncGenerator[bytes, None]:
    yield RETRY
    async for changed in broadcast.listen(opening):
        yield chunks.of("panel", *changed.values())


async def panels(request: Request) -> Response:
    """The same panels at once, for a page whose stream does not get through."""
    broadcast, topic = broadcast_of(request), request.query_params.get("page", topics.LIVE)
    frames = None if _is_internal(topic) else await broadcast.frames(topic)
    if frames is None:
        return refuse(404, "not_found", f"no page {topic!r}", field="page")
    return answer({"panels": [codec.parse(frame, where="a frame") for frame in frames.values()]})


async def run_of_query(request: Request) -> Response:
    """Seed 001's address of a run."""
    run_id = request.query_params.get("run", "")
    return RedirectResponse(f"/{quote(links.run(run_id))}" if run_id else f"/{links.HISTORY}", 307)


async def compare_of_query(request: Request) -> Response:
    """Seed 002's address of a comparison: two to four runs have a page of their own; else what there is to choose."""
    ids = list(dict.fromkeys(name for name in request.query_params.get("ids", "").split(",") if name))
    target = links.compare(*ids) if is_comparison(ids) else links.COMPARE
    return RedirectResponse(f"/{quote(target)}", 307)


def _redirect(target: str) -> Callable[[Request], Awaitable[Response]]:
    async def go(request: Request) -> Response:
        return RedirectResponse(f"/{target}", 307)

    return go


def _is_internal(topic: str) -> bool:
    return topic == topics.SEED or topics.is_events(topic)


def _tags(header: str) -> frozenset[str]:
    """The keys that a browser has; a weak tag means the same here."""
    return frozenset(part.strip().removeprefix("W/").strip('"') for part in header.split(",") if part.strip())


def _caching(path: str) -> str:
    """Files under a hashed name never change; everything else is asked for again."""
    return "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"


def _media_type(path: str) -> str:
    if path.startswith("run/") and "/files/" in path and path.endswith(".txt"):
        return "text/plain; charset=utf-8"
    return mimetypes.guess_type(path)[0] or "text/plain; charset=utf-8"
