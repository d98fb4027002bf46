"""What the server offers beside pages, each route described once: Starlette's routes and the OpenAPI come from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchgen import __version__, codec
from benchgen.record import Record

Handler = Callable[[Request], Awaitable[Response]]


class Query(Record):
    """A parameter behind the question mark."""

    name: str
    says: str
    required: bool = False


class Endpoint(Record):
    """One method on one path. `body` is the record that a JSON body must fit; `gives` the answer's media type.

    `most_bytes` is how large a body may be where that is more than elsewhere: an upload, a form with a `file`.
    """

    path: str
    handler: Handler
    says: str
    method: str = "GET"
    query: tuple[Query, ...] = ()
    body: type[Any] | None = None
    gives: str = "application/json"
    answers: tuple[int, ...] = (200,)
    most_bytes: int | None = None


def routes(endpoints: Iterable[Endpoint]) -> list[Route]:
    """Starlette's routes, in the order in which they are tried."""
    return [Route(one.path, one.handler, methods=[one.method], middleware=_limit(one)) for one in endpoints]


def _limit(one: Endpoint) -> list[Middleware]:
    """What lets a larger body in than the whole application does."""
    return [Middleware(RequestBodyLimitMiddleware, max_body_size=one.most_bytes)] if one.most_bytes else []


def openapi(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """The description of all of them, as OpenAPI 3.1."""
    found: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {}
    for one in endpoints:
        found.setdefault(_plain(one.path), {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "benchgen", "version": __version__},
        "paths": found,
        "components": {"schemas": {**schemas, "Refusal": _REFUSAL}},
    }


def _operation(one: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    names = [part.strip("{}").partition(":")[0] for part in one.path.split("/") if part.startswith("{")]
    said: dict[str, Any] = {
        "summary": one.says,
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names),
            *(
                {
                    "name": query.name,
                    "in": "query",
                    "required": query.required,
                    "description": query.says,
                    "schema": {"type": "string"},
                }
                for query in one.query
            ),
        ],
        "responses": {
            **{str(status): {"description": "as asked", "content": {one.gives: {}}} for status in one.answers},
            "4XX": {"description": "refused, with the reason", "content": _refused(one)},
        },
    }
    if one.body is not None:
        schema, parts = codec.schema(one.body)
        schemas.update(parts)
        said["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    elif one.most_bytes is not None:
        said["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _UPLOAD}}}
    return said


def _refused(one: Endpoint) -> dict[str, Any]:
    """What a refusal is sent as: a form's is a page, which says what to mend."""
    page: dict[str, Any] = {"text/html": {}} if one.gives == "text/html" else {}
    return {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}, **page}


def _plain(path: str) -> str:
    """A path without Starlette's convertors."""
    return path.replace(":path}", "}")


_UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}
_REFUSAL = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "hint"],
            "properties": {name: {"type": "string"} for name in ("code", "message", "hint", "field")},
        }
    },
}
