"""What every answer and every request must satisfy: headers that let nothing run, and no writes from other origins."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose


def policy(style: str | None = None) -> str:
    """What a page may load and do; `style` is the hash of a style sheet that it carries in itself."""
    own = f"'self' '{style}'" if style else "'self'"
    return (
        f"default-src 'none'; script-src 'self'; style-src {own}; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


HEADERS = {
    "Content-Security-Policy": policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


class SafeHeaders:
    """Adds the headers to every answer that does not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


class SameOriginWrites:
    """Refuses requests that change something and come from a page of another origin, and that page's web sockets.

    A browser says where a request comes from in Sec-Fetch-Site, an older one in Origin; a program that says neither is
    no browser, and cannot be tricked by a page.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] in ("http", "websocket") else Headers()
        if scope["type"] == "http" and scope["method"] not in _SAFE_METHODS and not _is_own(headers):
            refusal = {"error": {"code": "cross_origin", "message": "this request comes from another site", "hint": ""}}
            await JSONResponse(refusal, status_code=403)(scope, receive, send)
        elif scope["type"] == "websocket" and not _is_own_origin(headers):
            await WebSocketClose(4403, "this request comes from another site")(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_own(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    return _is_own_origin(headers) if site is None else site in ("same-origin", "none")


def _is_own_origin(headers: Headers) -> bool:
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:  # no address at all
        return False
    return parts.scheme in ("http", "https") and parts.netloc == headers.get("host")
