"""What people do with datasets on pages, with script or without: upload, run, remove, mark answers as golden."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from benchgen import codec
from benchgen.errors import BadFile, BenchgenError, NotFound, UsageError
from benchgen.panels import links
from benchgen.record import field_names, replace
from benchgen.server.dataset_routes import RunBody, queued, uploaded
from benchgen.server.endpoints import Endpoint
from benchgen.server.form_routes import typed_form
from benchgen.server.refusal import COULD_NOT, read_only_answer, status_of
from benchgen.server.refused_page import HTML, refused_page
from benchgen.server.replies import broadcast_of
from benchgen.server.upload import ENVELOPE, MOST_UPLOAD
from benchgen.store.annotations import annotate
from benchgen.store.uploads import delete_dataset

_PAGE = re.compile(r"(?:run|dataset)/[A-Za-z0-9._-]+/[a-z0-9-]+\.html")
_WHOLE, _TEXTS = ("max_connections", "max_tokens"), ("model_id", "limit")


def endpoints(*, read_only: bool = False) -> list[Endpoint]:
    found = [
        Endpoint("/dataset/upload", upload, "The upload of the datasets' page", "POST", gives=HTML, answers=(303,),
                 most_bytes=MOST_UPLOAD + ENVELOPE),
        Endpoint("/dataset/mark", mark, "Marks an answer as golden, or takes the mark away", "POST", gives=HTML,
                 answers=(303,)),
        Endpoint("/dataset/{dataset_id}/control", control, "A button of a dataset's page", "POST", gives=HTML,
                 answers=(303,)),
    ]  # fmt: skip
    return [replace(one, handler=read_only_answer) for one in found] if read_only else found


async def upload(request: Request) -> Response:
    """Leads to the page of the dataset, or says what is wrong with its lines."""
    try:
        done = await uploaded(request)
    except BenchgenError as fault:
        return await refused_page(request, fault, _status(fault), title="Nothing was added", back=links.DATASETS)
    if done.dataset is not None:
        return _see(links.dataset(done.dataset.id))
    count = len(done.checked.problems)
    why = UsageError(
        f"{count} {'line of it is' if count == 1 else 'lines of it are'} no row",
        hint="nothing of it was stored; mend the lines and send it again",
    )
    title, problems = f"{done.name} was not added", done.checked.problems
    return await refused_page(request, why, COULD_NOT, title=title, back=links.DATASETS, problems=problems)


async def control(request: Request) -> Response:
    """Runs the dataset, or removes it once that is confirmed."""
    dataset_id, typed = request.path_params["dataset_id"], await typed_form(request)
    back = links.dataset(dataset_id)
    try:
        if typed.get("do") == "run":
            _, run_id = await queued(request, _asked(dataset_id, typed))
            return _see(links.run(run_id))
        if typed.get("do") != "remove" or typed.get("confirm") != dataset_id:
            raise UsageError("removing a dataset must be confirmed", hint="tick the box beside the button")
        broadcast = broadcast_of(request)
        await broadcast.across(lambda site: delete_dataset(site.results.root, dataset_id))
        await broadcast.look_around()
    except BenchgenError as fault:
        return await refused_page(request, fault, _status(fault), title="Not done", back=back)
    return _see(links.DATASETS)


async def mark(request: Request) -> Response:
    """Turns the mark of one answer around, and leads back to its row."""
    typed = await typed_form(request)
    run_id, _, rest = typed.get("mark", "").partition("/")
    word, _, attempt = rest.partition("/")
    back = typed.get("back", "")
    if word not in ("on", "off") or not _PAGE.fullmatch(back):
        raise UsageError("the form has no answer to mark")
    broadcast = broadcast_of(request)
    if not await broadcast.across(lambda site: site.results.current(run_id).fold.is_finished(attempt)):
        raise NotFound(f"run {run_id} has no attempt {attempt!r}")
    await asyncio.to_thread(annotate, broadcast.root, run_id, marks={attempt: "" if word == "on" else None})
    return _see(back)


def _asked(dataset_id: str, typed: dict[str, str]) -> RunBody:
    """What was typed as a request; a field left empty is not asked for."""
    given: dict[str, Any] = {"dataset_id": dataset_id}
    for name in field_names(RunBody):
        text = typed.get(name, "").strip()
        if text and name != "dataset_id":
            given[name] = text if name in (*_TEXTS, "name") else _number(name, text)
    try:
        return codec.convert(given, RunBody, where="the form")
    except BadFile as fault:
        raise UsageError(fault.message) from fault


def _number(name: str, text: str) -> float:
    try:
        return int(text) if name in _WHOLE else float(text)
    except ValueError as fault:
        raise UsageError(f"{text[:40]!r} is no number", where=name) from fault


def _status(fault: BenchgenError) -> int:
    """422 where what was typed or sent is at fault."""
    return COULD_NOT if isinstance(fault, UsageError) else status_of(fault)


def _see(path: str) -> Response:
    return RedirectResponse(f"/{quote(path)}", 303)
