"""The endpoints of seeds 000 and 001: runs, the leaderboard, live attempts over a web socket, artifacts."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from benchgen import codec
from benchgen.errors import BenchgenError, NotFound
from benchgen.panels import api_runs, links
from benchgen.records.state import RunState
from benchgen.server import topics
from benchgen.server.broadcast import Broadcast
from benchgen.server.endpoints import Endpoint
from benchgen.server.replies import answer, broadcast_of
from benchgen.server.run_routes import digest_of, summary_of
from benchgen.store.runs import Results
from benchgen.store.summaries import summary_of as summary_now
from benchgen.summary_kinds import attempt_entry

UNKNOWN_RUN = 4404
TRY_LATER = 1013
ARTIFACT_HEADERS = {
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}


def endpoints() -> list[Endpoint]:
    return [
        Endpoint("/runs", list_runs, "All runs with their best figures; the page for a browser", answers=(200, 303)),
        Endpoint("/runs/{run_id}", show_run, "A run's whole summary; the page for a browser", answers=(200, 303)),
        Endpoint("/leaderboard", leaderboard, "Each model's best run"),
        Endpoint("/artifacts/{run_id}/{file:path}", artifact, "One file of a run", gives="application/octet-stream"),
    ]


def web_sockets() -> list[WebSocketRoute]:
    return [WebSocketRoute("/runs/{run_id}/stream", attempts)]


async def list_runs(request: Request) -> Response:
    """`{"runs": […]}`, or the page for whoever asks for HTML."""
    if _wants_page(request):
        return _see(links.HISTORY)
    digests = await broadcast_of(request).across(lambda site: site.across().digests)
    listed = zip(digests, api_runs.run_list(digests), strict=True)
    runs = [{**line, **api_runs.full_entry(run)} for run, line in listed]
    return answer({"runs": runs}, {"Vary": "Accept"})


async def show_run(request: Request) -> Response:
    """`{"summary": …}`: the file of a run that has ended, else the summary as it is now."""
    run_id = request.path_params["run_id"]
    if _wants_page(request):
        return _see(links.run(run_id))
    broadcast = broadcast_of(request)
    await broadcast.across(lambda site: digest_of(site, run_id))
    summary = await asyncio.to_thread(_summary, *await _current(broadcast, run_id))
    return answer({"summary": summary}, {"Vary": "Accept"})


async def leaderboard(request: Request) -> Response:
    """`{"models": […]}`."""
    digests = await broadcast_of(request).across(lambda site: site.across().digests)
    return answer(api_runs.best_runs(digests))


async def artifact(request: Request) -> Response:
    """A regular file below the run's folder, never through a link, and nothing that a browser would run."""
    run_id, name = request.path_params["run_id"], request.path_params["file"]
    if "\\" in name or "\0" in name:
        raise NotFound("no such file in this run")
    path = await broadcast_of(request).across(lambda site: site.results.artifact(run_id, name))
    return FileResponse(path, media_type="application/octet-stream", headers=ARTIFACT_HEADERS)


async def attempts(socket: WebSocket) -> None:
    """`init` with all attempts so far, an `attempt` for each new one, `complete` with the summary."""
    broadcast, run_id = socket.app.state.broadcast, socket.path_params["run_id"]
    await socket.accept()
    try:
        news = await _news(broadcast, run_id, 0)
    except BenchgenError as fault:
        await _refuse(socket, run_id, fault)
        return
    if not broadcast.hub.has_room():
        await socket.close(TRY_LATER, "too many streams are open")
        return
    await _say(socket, {"type": "init", "run_id": run_id, **news})
    gone = asyncio.create_task(_until_gone(socket))
    sending = asyncio.create_task(_send(socket, broadcast, run_id, len(news["attempts"])))
    await asyncio.wait({gone, sending}, return_when=asyncio.FIRST_COMPLETED)
    for task in (gone, sending):
        task.cancel()
    (came_of_it, _) = await asyncio.gather(sending, gone, return_exceptions=True)
    if isinstance(came_of_it, BenchgenError):  # the run was removed, or damaged
        with suppress(WebSocketDisconnect):
            await _refuse(socket, run_id, came_of_it)
    elif isinstance(came_of_it, Exception) and not isinstance(came_of_it, WebSocketDisconnect):
        raise came_of_it


async def _refuse(socket: WebSocket, run_id: str, fault: BenchgenError) -> None:
    await _say(socket, {"type": "error", "run_id": run_id, "message": fault.message})
    await socket.close(UNKNOWN_RUN, "unknown run")


async def _send(socket: WebSocket, broadcast: Broadcast, run_id: str, seen: int) -> None:
    async for _ in broadcast.listen(await broadcast.begin(topics.events(run_id))):
        news = await _news(broadcast, run_id, seen)
        for entry in news["attempts"]:
            await _say(socket, {"type": "attempt", "run_id": run_id, "attempt": entry})
        seen += len(news["attempts"])
        if news["status"] in ("completed", "failed", "canceled"):
            summary = await asyncio.to_thread(_summary, *await _current(broadcast, run_id))
            await _say(socket, {"type": "complete", "run_id": run_id, "summary": summary})
            break
    await socket.close()


async def _say(socket: WebSocket, message: dict[str, Any]) -> None:
    await socket.send_text(await asyncio.to_thread(codec.json_of, message))


async def _until_gone(socket: WebSocket) -> None:
    """Nothing is expected from a client but that it leaves; what it says, in text or bytes, is not listened to."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


async def _current(broadcast: Broadcast, run_id: str) -> tuple[Results, RunState]:
    """A run as it is now. Its outcomes are not read in the pages' thread: all others would wait for thousands."""
    return await broadcast.across(lambda site: (site.results, site.results.current(run_id).state()))


async def _news(broadcast: Broadcast, run_id: str, seen: int) -> dict[str, Any]:
    """A run's status, and its attempts from the `seen`-th on, as in its summary."""
    results, state = await _current(broadcast, run_id)
    entries = await asyncio.to_thread(_entries, results, state, seen)
    return {"status": state.status, "total": state.total, "attempts": entries}


def _entries(results: Results, state: RunState, seen: int) -> list[dict[str, Any]]:
    providers = {model.model_id: model.provider for model in state.config.models}
    rows, run_id = state.rows[seen:], state.config.run_id
    lines = results.lines(run_id, (row.line for row in rows))
    found = zip(rows, (codec.outcome(line, where=run_id) for line in lines), strict=True)
    entries = (attempt_entry(outcome, providers.get(row.model, ""), row.cost_nanousd) for row, outcome in found)
    return [codec.plain(entry) for entry in entries]


def _summary(results: Results, state: RunState) -> Any:  # noqa: ANN401 - as it stands in the file
    run_id = state.config.run_id
    written = summary_of(results, run_id)
    if isinstance(written, dict) and written.get("status") == state.status:
        return written
    return codec.plain(summary_now(results.home(run_id), state))


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _see(path: str) -> Response:
    return RedirectResponse(f"/{quote(path)}", 303, headers={"Vary": "Accept"})
