"""Who may come in when the server is reached from other machines: whoever knows the token."""

from __future__ import annotations

import hashlib
import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

COOKIE = "benchgen"
FEWEST_CHARACTERS = 16


class TokenGate:
    """Takes the token from `Authorization: Bearer`, or once from `?token=`, and from then on a cookie made of it."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token
        self._cookie = hmac.new(token.encode(), b"cookie", hashlib.sha256).hexdigest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._is_known(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await WebSocketClose(4401, "a token is needed")(scope, receive, send)
            return
        parts = scope["query_string"].decode("latin-1").split("&")
        tokens = {part: value for part in parts for name, value in parse_qsl(part) if name == "token"}
        if scope["method"] == "GET" and any(map(self._is_token, tokens.values())):
            rest = "&".join(part for part in parts if part not in tokens)
            path = "/" + scope["raw_path"].decode("latin-1").lstrip("/")  # `%2F` and `%3F` stay what they are
            entered = RedirectResponse(path + (f"?{rest}" if rest else ""), 303)
            entered.set_cookie(
                COOKIE, self._cookie, httponly=True, samesite="strict", secure=scope["scheme"] == "https"
            )
            await entered(scope, receive, send)
            return
        error = {"code": "no_token", "message": "a token is needed", "hint": "add ?token=… to the address once"}
        await JSONResponse({"error": error}, 401, {"WWW-Authenticate": "Bearer"})(scope, receive, send)

    def _is_known(self, headers: Headers) -> bool:
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self._is_token(given.strip()):
            return True
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return False
        return COOKIE in cookies and hmac.compare_digest(cookies[COOKIE].value.encode(), self._cookie.encode())

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())
