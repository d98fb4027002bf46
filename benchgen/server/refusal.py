"""How the server says no: always the same JSON, never a traceback."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from benchgen.errors import BadFile, BenchgenError, Locked, NotFound, UsageError

_STATUS: tuple[tuple[type[BenchgenError], int], ...] = (
    (NotFound, 404),
    (UsageError, 400),
    (Locked, 409),
    (BadFile, 422),
)


def refuse(status: int, code: str, message: str, hint: str = "", field: str | None = None) -> JSONResponse:
    """`{"error": {code, message, hint, field?}}`."""
    error = {"code": code, "message": message, "hint": hint}
    return JSONResponse({"error": error if field is None else {**error, "field": field}}, status_code=status)


async def benchgen_error(request: Request, fault: Exception) -> Response:
    """An error for people, as an answer."""
    if not isinstance(fault, BenchgenError):
        raise fault
    status = next((number for kind, number in _STATUS if isinstance(fault, kind)), 500)
    return refuse(status, fault.code, fault.message, fault.hint)


async def server_error(request: Request, fault: Exception) -> Response:
    """A fault of ours: the log has the traceback, the answer does not."""
    return refuse(500, "internal", "the server failed; its log says how")
