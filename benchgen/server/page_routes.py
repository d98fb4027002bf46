"""The site's pages over HTTP: rendered when asked, with their key as ETag; and the streams that keep them new."""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncIterator, Awaitable, Callable

from sse_starlette import EventSourceResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from benchgen import codec
from benchgen.panels import links
from benchgen.server.broadcast import LIVE_TOPIC, Broadcast
from benchgen.server.hub import TooManyClients
from benchgen.server.refusal import refuse

REDIRECTS = {
    "/live-stats.html": links.LIVE,
    "/ui": links.INDEX,
    "/ui/": links.INDEX,
    "/ui/index.html": links.INDEX,
}
PING_SECONDS = 15
SEND_SECONDS = 20


async def page(request: Request) -> Response:
    """One page of the site, or its 404 page."""
    broadcast: Broadcast = request.app.state.broadcast
    path = request.path_params["path"]
    if path.endswith("/") or not path:
        path += "index.html"
    if path == links.LIVE:
        return Response(await broadcast.live_page(), media_type="text/html", headers={"Cache-Control": "no-store"})
    found = await broadcast.page(path)
    if found is None and "." not in path.rpartition("/")[2] and await broadcast.page(f"{path}/index.html"):
        return RedirectResponse(f"/{path}/index.html", 307)
    if found is None:
        missing = await broadcast.page(links.NOT_FOUND)
        return Response(missing[1] if missing else b"not found", 404, media_type="text/html")
    etag = f'"{found[0].key}"'
    headers = {"ETag": etag, "Cache-Control": _caching(path)}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(found[1], media_type=_media_type(path), headers=headers)


async def stream(request: Request) -> Response:
    """The stream of one page: its panels for the live page, for any other a word when it is out of date."""
    broadcast: Broadcast = request.app.state.broadcast
    topic = request.query_params.get("page", LIVE_TOPIC)
    if topic != LIVE_TOPIC and await broadcast.page(topic) is None:
        return refuse(404, "not_found", f"no page {topic!r}", field="page")

    async def events() -> AsyncIterator[dict[str, str]]:
        try:
            async for frames in broadcast.hub.listen(topic):
                for frame in frames.values():
                    yield {"event": "panel", "data": frame}
        except TooManyClients:
            yield {"event": "fault", "data": codec.json_of({"message": "too many streams are open"})}

    return EventSourceResponse(events(), ping=PING_SECONDS, send_timeout=SEND_SECONDS)


async def panels(request: Request) -> Response:
    """The same panels at once, for a page whose stream does not get through."""
    broadcast: Broadcast = request.app.state.broadcast
    topic = request.query_params.get("page", LIVE_TOPIC)
    frames = [codec.parse(frame, where="a frame") for frame in broadcast.hub.frames(topic).values()]
    return JSONResponse({"panels": {frame["id"]: frame["html"] for frame in frames if "html" in frame}})


def _redirect(target: str) -> Callable[[Request], Awaitable[Response]]:
    async def go(request: Request) -> Response:
        return RedirectResponse(f"/{target}", 307)

    return go


def routes() -> list[Route]:
    """The page routes; the pages themselves come last, for they match everything."""
    return [
        Route("/api/pages/stream", stream),
        Route("/api/pages/panels", panels),
        *(Route(path, _redirect(target)) for path, target in REDIRECTS.items()),
        Route("/{path:path}", page),
    ]


def _caching(path: str) -> str:
    """Files under a hashed name never change; everything else is asked for again."""
    return "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"


def _media_type(path: str) -> str:
    if path.startswith("run/") and "/files/" in path and path.endswith(".txt"):
        return "text/plain; charset=utf-8"
    return mimetypes.guess_type(path)[0] or "text/plain; charset=utf-8"
