"""What a form of a page was refused for, as a page of its own: who pressed a button reads no JSON."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from benchgen.catalog.rows import Problem
from benchgen.errors import BenchgenError
from benchgen.panels import views
from benchgen.panels.notices import Notices
from benchgen.server.replies import broadcast_of

HTML = "text/html"


async def refused_page(
    request: Request, fault: BenchgenError, status: int, *, title: str, back: str, problems: tuple[Problem, ...] = ()
) -> Response:
    """Says what was not done and why, and leads `back`."""
    view = views.RefusedView(title, Notices(), fault.message, fault.hint, problems, back)
    path = request.url.path.strip("/")
    content = await broadcast_of(request).special_page("refused", path, view)
    return Response(content, status, media_type=HTML, headers={"Cache-Control": "no-store"})
