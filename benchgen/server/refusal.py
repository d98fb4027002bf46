"""How the server says no: always the same JSON, never a traceback."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from benchgen.errors import BadFile, BenchgenError, Busy, DiskFull, Locked, NotFound, UsageError
from benchgen.server.safety import HEADERS

_STATUS: tuple[tuple[type[BenchgenError], int], ...] = (
    (NotFound, 404),
    (UsageError, 400),
    (Locked, 409),
    (BadFile, 422),
    (Busy, 429),
    (DiskFull, 507),
)
COULD_NOT = 422


def refuse(status: int, code: str, message: str, hint: str = "", field: str | None = None) -> JSONResponse:
    """`{"error": {code, message, hint, field?}}`."""
    error = {"code": code, "message": message, "hint": hint}
    return JSONResponse({"error": error if field is None else {**error, "field": field}}, status_code=status)


async def benchgen_error(request: Request, fault: Exception) -> Response:
    """An error for people, as an answer."""
    if not isinstance(fault, BenchgenError):
        raise fault
    return refuse(status_of(fault), fault.code, fault.message, fault.hint)


def status_of(fault: BenchgenError) -> int:
    """The status that an error is answered with."""
    return next((number for kind, number in _STATUS if isinstance(fault, kind)), COULD_NOT)


async def http_error(request: Request, fault: Exception) -> Response:
    """What Starlette refuses by itself, such as a method that a path does not take."""
    if not isinstance(fault, HTTPException):
        raise fault
    answer = refuse(fault.status_code, "http", fault.detail)
    answer.headers.update(fault.headers or {})
    return answer


async def server_error(request: Request, fault: Exception) -> Response:
    """A fault of ours: the log has the traceback, the answer does not."""
    answer = refuse(500, "internal", "the server failed; its log says how")
    answer.headers.update(HEADERS)
    return answer


async def read_only_answer(request: Request) -> Response:
    """Why a server that was started with --read-only does not do it."""
    return refuse(403, "read_only", "this server changes nothing", "start it without --read-only")
