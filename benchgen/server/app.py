"""The Starlette application: middleware, routes, and the broadcast that lives as long as it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response

from benchgen.catalog.tasks import Catalog
from benchgen.clock import Clock
from benchgen.errors import BenchgenError
from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer
from benchgen.server import (
    benchmark_routes,
    catalog_routes,
    dataset_forms,
    dataset_routes,
    episode_routes,
    form_routes,
    harness_routes,
    launch_routes,
    lmstudio_routes,
    log_routes,
    page_routes,
    run_routes,
)
from benchgen.server.broadcast import Broadcast
from benchgen.server.endpoints import Endpoint, openapi, routes
from benchgen.server.errands import Errands
from benchgen.server.event_stream import Chunks
from benchgen.server.following import Following
from benchgen.server.gate import TokenGate
from benchgen.server.hub import Hub
from benchgen.server.launcher import Launcher
from benchgen.server.newsroom import Newsroom
from benchgen.server.refusal import benchgen_error, http_error, server_error
from benchgen.server.replies import answer
from benchgen.server.safety import SafeHeaders, SameOriginWrites
from benchgen.server.terms import Launching, Terms
from benchgen.store.runs import Results
from benchgen.store.uploads import remove_abandoned

MOST_BYTES = 1 << 20
ALONE = Terms()
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")


def make_app(root: Path, catalog: Catalog, terms: Terms = ALONE, clock: Clock = Clock()) -> Starlette:
    """The application over one results folder."""
    return Starlette(
        routes=[
            *page_routes.redirects(),
            *routes(endpoints(read_only=terms.launching is None)),
            *harness_routes.web_sockets(),
            *page_routes.routes(),
        ],
        middleware=_middleware(terms),
        exception_handlers={BenchgenError: benchgen_error, HTTPException: http_error, Exception: server_error},
        lifespan=lambda app: _life(app, root, catalog, terms, clock),
    )


def _middleware(terms: Terms) -> list[Middleware]:
    """What every request passes, the outermost first."""
    hosts = [*LOOPBACK_HOSTS, *terms.allowed_hosts]
    return [
        Middleware(SafeHeaders),
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
        Middleware(SameOriginWrites),
        *([Middleware(TokenGate, token=terms.token)] if terms.token else []),
        Middleware(RequestBodyLimitMiddleware, max_body_size=MOST_BYTES),
    ]


@asynccontextmanager
async def _life(app: Starlette, root: Path, catalog: Catalog, terms: Terms, clock: Clock) -> AsyncIterator[None]:
    """What goes on beside requests, from the start of the server to its end."""
    options = {"controls": "yes"} if terms.launching else None
    if terms.launching is not None:
        await asyncio.to_thread(remove_abandoned, root)
    results, renderer = Results(root), Renderer(options, terms.appearance)
    site = Site(results, renderer, catalog, live=True, appearance=terms.appearance)
    broadcast = Broadcast(lambda: Newsroom(results, site, renderer, clock), site, Hub(), root)
    following = Following(terms.follower(root), broadcast)
    await following.look()
    await broadcast.start()
    following.start()
    launcher = _launcher(terms.launching, results, broadcast)
    app.state.broadcast, app.state.catalog, app.state.chunks = broadcast, catalog, Chunks()
    app.state.errands, app.state.launcher = Errands(terms.command), launcher
    try:
        yield
    finally:
        await following.close()
        await broadcast.close()
        if launcher is not None:
            await launcher.close()


def _launcher(launching: Launching | None, results: Results, broadcast: Broadcast) -> Launcher | None:
    if launching is None:
        return None
    launcher = Launcher(results, launching.planner, launching.command, broadcast.unended, launching.limits)
    launcher.start()
    return launcher


def endpoints(*, read_only: bool = False) -> list[Endpoint]:
    """Everything that the server offers beside pages; one that changes nothing still says why it does not."""
    rooms = (benchmark_routes, episode_routes, run_routes, log_routes, harness_routes, catalog_routes, page_routes)
    described = Endpoint("/api/openapi.json", _openapi, "This description")
    changing = (launch_routes, form_routes, lmstudio_routes, dataset_routes, dataset_forms)
    return [
        *(one for room in rooms for one in room.endpoints()),
        *(one for room in changing for one in room.endpoints(read_only=read_only)),
        described,
    ]


async def _openapi(request: Request) -> Response:
    return answer(openapi(endpoints()))
