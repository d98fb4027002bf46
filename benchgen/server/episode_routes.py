"""Seed 004's endpoints about one task of a run: its steps and log, and its screenshots."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from benchgen import paths
from benchgen.errors import NotFound
from benchgen.pages.listing import Site
from benchgen.panels import api_episode, links
from benchgen.panels.api_episode import Told
from benchgen.records.run import folder_of
from benchgen.records.state import RunState
from benchgen.server.endpoints import Endpoint
from benchgen.server.replies import answer, broadcast_of
from benchgen.store.runs import Results

PICTURE_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-cache"}


def endpoints() -> list[Endpoint]:
    task = "/api/benchmark/tasks/{run_id}/{task_id}"
    shot = "/api/benchmark/screenshots/{run_id}/{task_id}/{file:path}"
    return [
        Endpoint(task, show_task, "One task of a run: its steps, log and outcome, while it runs too"),
        Endpoint(shot, screenshot, "A screenshot of a step", gives="image/png"),
    ]


async def show_task(request: Request) -> Response:
    """A task with every attempt at it, the newest as `execution`."""
    run_id, task_id = request.path_params["run_id"], request.path_params["task_id"]
    return answer(await broadcast_of(request).across(lambda site: _task(site, run_id, task_id)))


async def screenshot(request: Request) -> Response:
    """A raster image of an episode's own screenshots, never anything else and never through a link."""
    run_id, task_id, name = (request.path_params[key] for key in ("run_id", "task_id", "file"))
    path = await broadcast_of(request).across(lambda site: _screenshot(site.results, run_id, task_id, name))
    media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return FileResponse(path, media_type=media, headers=PICTURE_HEADERS)


def _task(site: Site, run_id: str, task_id: str) -> api_episode.Json:
    results = site.results
    state = results.current(run_id).state()
    episodes = site.episodes(run_id)
    told = []
    for row in state.rows:
        if row.task == task_id and row.attempt not in state.superseded:
            outcome = results.outcome(run_id, row.line)
            folder = folder_of(state.config, row.attempt)
            told.append(Told(outcome, episodes.steps(row.attempt), episodes.log(folder)))
    told += [Told(one, episodes.steps(one.attempt)) for one in state.running.values() if one.task == task_id]
    if not told and task_id not in state.config.tasks:
        raise NotFound(f"run {run_id} has no task {task_id!r}")
    return api_episode.task(state.config, task_id, told)


def _screenshot(results: Results, run_id: str, task_id: str, name: str) -> Path:
    wanted = name.removeprefix(f"{paths.SCREENSHOTS}/")
    if "/" in wanted or "\\" in wanted or not links.is_picture(wanted):
        raise NotFound("no such screenshot")
    state = results.current(run_id).state()
    for folder in (f"{paths.EPISODES}/{task_id}", *_folders(state, task_id)):
        try:
            return results.artifact(run_id, f"{folder}/{paths.SCREENSHOTS}/{wanted}")
        except NotFound:
            continue
    raise NotFound("no such screenshot", hint=f"/api/benchmark/tasks/{run_id}/{task_id} lists them")


def _folders(state: RunState, task_id: str) -> list[str]:
    """The folders of a task's attempts, the newest first."""
    attempts = [one.attempt for one in (*state.rows, *state.running.values()) if one.task == task_id]
    return [folder_of(state.config, attempt) for attempt in reversed(attempts)]
