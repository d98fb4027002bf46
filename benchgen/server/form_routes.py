"""What people do on pages, with script or without: the form that starts a run, and the buttons of a run's page."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from benchgen import codec
from benchgen.errors import BadFile, BenchgenError, NotFound, UsageError
from benchgen.panels import links
from benchgen.panels.new_run import KINDS, Known, NewRunView, Preview, new_run
from benchgen.panels.notices import Notices
from benchgen.record import replace
from benchgen.server.endpoints import Endpoint
from benchgen.server.launch_body import EDIT_FORMATS, Launch, LaunchBody, launch
from benchgen.server.launch_routes import launcher_of, meant, previewed
from benchgen.server.refusal import read_only_answer, status_of
from benchgen.server.refused_page import HTML, refused_page
from benchgen.server.replies import broadcast_of, content
from benchgen.server.run_routes import digest_of
from benchgen.store.annotations import annotate
from benchgen.store.datasets import list_datasets
from benchgen.store.removal import remove_run

PATH = "new/index.html"
FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100
_EDITS = ("as a diff", "as whole files", "as search and replace")


def endpoints(*, read_only: bool = False) -> list[Endpoint]:
    found = [
        Endpoint(f"/{PATH}", form, "The page that starts runs, and what would come of it", gives=HTML),
        Endpoint(f"/{PATH}", start, "Starts what the form says", "POST", gives=HTML, answers=(303,)),
        Endpoint("/run/{run_id}/control", control, "A button of a run's page", "POST", gives=HTML, answers=(303,)),
    ]
    return [replace(one, handler=read_only_answer) for one in found] if read_only else found


async def form(request: Request) -> Response:
    """Empty, or with what was typed and what would come of it."""
    typed = dict(request.query_params)
    if not typed:
        return await _page(request, {}, None)
    try:
        return await _page(request, typed, await previewed(request, await meant(request, _launch(typed))))
    except BenchgenError as fault:
        return await _page(request, typed, None, fault)


async def start(request: Request) -> Response:
    """Leads to the page of the run that was started."""
    typed = await typed_form(request)
    try:
        run_id = await launcher_of(request).queue(await meant(request, _launch(typed)))
    except BenchgenError as fault:
        return await _page(request, typed, None, fault)
    await broadcast_of(request).look_around()
    return _see(links.run(run_id))


async def control(request: Request) -> Response:
    """Does it, and leads back to the page; a removed run's place is the list. What is refused is said on a page."""
    run_id, typed = request.path_params["run_id"], await typed_form(request)
    try:
        await broadcast_of(request).across(lambda site: digest_of(site, run_id))
        is_done = await _done(request, run_id, typed)
    except BenchgenError as fault:
        back = links.HISTORY if isinstance(fault, NotFound) else links.run(run_id)
        return await refused_page(request, fault, status_of(fault), title="Not done", back=back)
    if not is_done:
        waits = BenchgenError("as many runs go on as may at once", hint="it begins when one of them has ended")
        return await refused_page(request, waits, 202, title="The run waits for its turn", back=links.run(run_id))
    return _see(links.HISTORY if typed.get("do") == "remove" else links.run(run_id))


async def _done(request: Request, run_id: str, typed: Mapping[str, str]) -> bool:
    """What the button that was pressed is there for; False where it waits for its turn."""
    broadcast, launcher = broadcast_of(request), launcher_of(request)
    wanted = typed.get("do")
    if wanted == "cancel":
        await launcher.cancel(run_id)
    elif wanted == "resume":
        return await launcher.go_on(run_id, "resume")
    elif wanted == "retry":
        return await launcher.go_on(run_id, "retry", "--only", "api-errors")
    elif wanted == "note":
        await asyncio.to_thread(_annotate, broadcast.root, run_id, typed)
    elif wanted != "remove":
        raise UsageError(f"{wanted!r} is nothing that can be done with a run")
    elif typed.get("confirm") != run_id:
        raise UsageError("removing a run must be confirmed", hint="tick the box beside the button")
    else:
        await broadcast.across(lambda site: remove_run(site.results.root, run_id))
        await broadcast.look_around()
    return True


def _annotate(root: Path, run_id: str, typed: Mapping[str, str]) -> None:
    tags = [tag.strip() for tag in typed.get("tags", "").split(",")]
    annotate(root, run_id, note=typed.get("note", "").replace("\r\n", "\n"), tags=[tag for tag in tags if tag])


def _see(path: str) -> Response:
    return RedirectResponse(f"/{quote(path)}", 303)


async def typed_form(request: Request) -> dict[str, str]:
    """The fields of a plain form. UsageError when the body is something else."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise UsageError("the body must be a form", hint=f"send Content-Type: {FORM}")
    text = (await content(request)).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError as fault:
        raise UsageError(f"a form has at most {MOST_FIELDS} fields") from fault


def _launch(typed: Mapping[str, str]) -> Launch:
    """What was typed as a request; a field left empty is not asked for."""
    given: dict[str, Any] = {}
    for name, text in typed.items():
        if name in KINDS and text.strip():
            given[name] = _value(name, text.strip())
    try:
        return launch(codec.convert(given, LaunchBody, where="the form"))
    except BadFile as fault:
        raise UsageError(fault.message) from fault


def _words(part: str) -> list[str]:
    """Words with commas between them; a comma behind a question mark belongs to the word, as on the command line."""
    return [part.rstrip(",")] if "?" in part else [word for word in part.split(",") if word]


def _value(name: str, text: str) -> object:
    kind = KINDS[name]
    if kind == "flag":
        return True
    if kind == "words":
        return [word for part in text.split() for word in _words(part)]
    if kind in ("text", "choice"):
        return text
    try:
        return int(text) if text.isdecimal() else float(text)
    except ValueError as fault:
        raise UsageError(f"{text[:40]!r} is no number", where=name) from fault


async def _page(
    request: Request, typed: Mapping[str, str], preview: Preview | None, fault: BenchgenError | None = None
) -> Response:
    broadcast = broadcast_of(request)
    digests = await broadcast.across(lambda site: site.across().digests)
    datasets = await asyncio.to_thread(list_datasets, broadcast.root)
    models = dict.fromkeys(model.model_id for digest in digests for model in digest.models)
    known: Known = {
        "kind": [("code", "code tasks"), ("dataset", "a dataset"), ("openbench", "an OpenBench eval")],
        "edit_format": [(name, says) for name, says in zip(EDIT_FORMATS, _EDITS, strict=True)],
        "tasks": [
            ("all", "the whole catalog"),
            *((task.task_id, task.title) for task in request.app.state.catalog.tasks()),
            *((one.id, f"{one.name}, {one.count} rows") for one in datasets),
        ],
        "models": [
            ("builtin/reference", "each task's own solution, or what a row expects"),
            *((model, "run before") for model in models),
        ],
    }
    shown = new_run(typed, known, preview, fault.message if fault else "", fault.hint if fault else "")
    shown_page = await broadcast.special_page("new_run", PATH, NewRunView("New run", Notices(), shown))
    return Response(shown_page, 400 if fault else 200, media_type=HTML, headers={"Cache-Control": "no-store"})
