"""The Starlette application: middleware, routes, and the broadcast that lives as long as it does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
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
from benchgen.server import benchmark_routes, page_routes
from benchgen.server.broadcast import Broadcast
from benchgen.server.endpoints import Endpoint, openapi, routes
from benchgen.server.hub import Hub
from benchgen.server.newsroom import Newsroom
from benchgen.server.refusal import benchgen_error, http_error, server_error
from benchgen.server.replies import answer
from benchgen.server.safety import SafeHeaders, SameOriginWrites
from benchgen.store.runs import Results

MOST_BYTES = 1 << 20
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")


def make_app(root: Path, catalog: Catalog, allowed_hosts: Sequence[str] = (), clock: Clock = Clock()) -> Starlette:
    """The application over one results folder."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        results, renderer = Results(root), Renderer()
        site = Site(results, renderer, catalog, live=True)
        broadcast = Broadcast(lambda: Newsroom(results, site, renderer, clock), site, Hub(), root)
        await broadcast.start()
        app.state.broadcast = broadcast
        try:
            yield
        finally:
            await broadcast.close()

    return Starlette(
        routes=[*routes(endpoints()), *page_routes.routes()],
        middleware=[
            Middleware(SafeHeaders),
            Middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK_HOSTS, *allowed_hosts], www_redirect=False),
            Middleware(SameOriginWrites),
            Middleware(RequestBodyLimitMiddleware, max_body_size=MOST_BYTES),
        ],
        exception_handlers={BenchgenError: benchgen_error, HTTPException: http_error, Exception: server_error},
        lifespan=lifespan,
    )


def endpoints() -> list[Endpoint]:
    """Everything that the server offers beside pages."""
    return [*benchmark_routes.endpoints(), *page_routes.endpoints(), Endpoint("/api/openapi.json", _openapi, "This")]


async def _openapi(request: Request) -> Response:
    return answer(openapi(endpoints()))
