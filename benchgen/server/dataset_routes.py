"""Seed 003's endpoints: datasets that are uploaded, listed and removed, runs of them, and what came of these."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from benchgen import codec
from benchgen.catalog.rows import Row
from benchgen.clock import Clock
from benchgen.errors import NotFound, UsageError
from benchgen.export import ENDINGS, MEDIA, ONE_FILE, Format, export
from benchgen.pages.listing import Site
from benchgen.panels import dataset_runs
from benchgen.record import Record, field_names, replace
from benchgen.records.dataset import Dataset
from benchgen.records.digest import RunDigest
from benchgen.server.broadcast import Broadcast
from benchgen.server.endpoints import Endpoint, Query
from benchgen.server.launch_body import LaunchBody, launch
from benchgen.server.launch_routes import launcher_of
from benchgen.server.refusal import read_only_answer
from benchgen.server.replies import answer, body, broadcast_of
from benchgen.server.run_routes import digest_of
from benchgen.server.upload import ENVELOPE, MOST_UPLOAD, Uploaded, receive
from benchgen.store.datasets import get_dataset, list_datasets
from benchgen.store.uploads import delete_dataset

SHOWN = 500
_CHUNK = 200


class RunBody(Record):
    """A dataset to run; seed 003 names model and dataset alone, the rest is ours."""

    model_id: str
    dataset_id: str
    max_connections: int = 10
    limit: int | str | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    timeout: float | None = None
    max_cost: float | None = None
    max_time: float | None = None
    name: str = ""


def endpoints(*, read_only: bool = False) -> list[Endpoint]:
    one = "/admin/benchmarks/{benchmark_id}"
    form = Query("format", "csv, jsonl, json, md, junit or html")
    found = [
        Endpoint("/admin/datasets", datasets, "The datasets that were added, newest first"),
        Endpoint("/admin/benchmarks", benchmarks, "All runs with seed 003's keys"),
        Endpoint("/admin/benchmarks/active", active, "Those that go on or wait"),
        Endpoint(f"{one}/results", results, "A run of a dataset with every answer, in the dataset's order"),
        Endpoint("/api/runs/{run_id}/export", exported, "A run's outcomes as a file", query=(form,), gives="text/csv"),
    ]
    changing = [
        Endpoint("/admin/datasets/upload", upload, "Add a dataset: a form with its file", "POST", answers=(201,),
                 most_bytes=MOST_UPLOAD + ENVELOPE),
        Endpoint("/admin/datasets/{dataset_id}", remove, "Remove a dataset; results of its runs stay", "DELETE"),
        Endpoint("/admin/benchmarks/run", run, "Queue a run of a dataset", "POST", body=RunBody, answers=(201,)),
        Endpoint(f"{one}/cancel", cancel, "End a run", "POST"),
    ]  # fmt: skip
    return [*found, *([replace(each, handler=read_only_answer) for each in changing] if read_only else changing)]


async def datasets(request: Request) -> Response:
    """`{"datasets": […]}`."""
    found = await broadcast_of(request).across(lambda site: list_datasets(site.results.root))
    return answer({"datasets": [{"id": one.id, **_said(one)} for one in found]})


async def upload(request: Request) -> Response:
    """The dataset with the keys of seed 003 and its first rows; a file with a fault is refused whole."""
    done = await uploaded(request)
    if done.dataset is None:
        return problems(done)
    validation = {"warnings": list(done.checked.warnings), "preview": [_row(row) for row in done.preview]}
    return answer({"dataset_id": done.dataset.id, **_said(done.dataset), "validation": validation}, status=201)


async def uploaded(request: Request) -> Uploaded:
    """What was sent, kept where it is sound; pages that show datasets hear of it."""
    broadcast = broadcast_of(request)
    done = await receive(request, await broadcast.across(lambda site: site.results.root))
    await broadcast.look_around()
    return done


def problems(done: Uploaded) -> Response:
    """Up to a hundred lines with what is wrong in each."""
    found = done.checked.problems
    error = {
        "code": "bad_dataset",
        "message": f"{done.name}: line {found[0].line}: {found[0].reason}",
        "hint": "nothing of it was stored; mend the lines and send it again",
        "field": "file",
        "problems": [codec.plain(one) for one in found],
    }
    return JSONResponse({"error": error}, 422)


async def remove(request: Request) -> Response:
    """Refused while a run of it waits or goes on."""
    dataset_id, broadcast = request.path_params["dataset_id"], broadcast_of(request)
    await broadcast.across(lambda site: delete_dataset(site.results.root, dataset_id))
    await broadcast.look_around()
    return answer({"id": dataset_id, "deleted": True})


async def run(request: Request) -> Response:
    """`{benchmark_id, status, started_at}` at once."""
    asked = await body(request, RunBody)
    benchmark_id, run_id = await queued(request, asked)
    said = {"benchmark_id": benchmark_id, "status": "running", "started_at": Clock().stamp(), "run_id": run_id}
    return answer(said, status=201)


async def queued(request: Request, asked: RunBody) -> tuple[str, str]:
    """The id that seed 003 knows the run by, and its own."""
    broadcast = broadcast_of(request)
    await broadcast.across(lambda site: get_dataset(site.results.root, asked.dataset_id))
    given = {name: getattr(asked, name) for name in field_names(RunBody) if name not in ("model_id", "dataset_id")}
    wanted = LaunchBody(kind="dataset", target=asked.dataset_id, model=asked.model_id, **given)
    benchmark_id = f"bm_{secrets.token_hex(6)}"
    run_id = await launcher_of(request).queue(replace(launch(wanted), benchmark_id=benchmark_id))
    await broadcast.look_around()
    return benchmark_id, run_id


async def benchmarks(request: Request) -> Response:
    """`{"benchmarks": […]}`, newest first."""
    return answer(
        {"benchmarks": await broadcast_of(request).across(lambda site: _entries(site, site.across().digests))}
    )


async def active(request: Request) -> Response:
    """The same of those that have not ended."""
    found = await broadcast_of(request).across(
        lambda site: _entries(site, [one for one in site.across().digests if dataset_runs.is_active(one)])
    )
    return answer({"benchmarks": [one for one in found if one["status"] == "running"]})


async def cancel(request: Request) -> Response:
    """The run and its children are gone when this answers."""
    broadcast, known_as = broadcast_of(request), request.path_params["benchmark_id"]
    digest = await broadcast.across(lambda site: _found(site, known_as))
    await launcher_of(request).cancel(digest.run_id)
    (entry,) = await broadcast.across(lambda site: _entries(site, [site.results.digest(digest.run_id)]))
    return answer(entry)


async def results(request: Request) -> Response:
    """The head of the run, then every line of its results, sent as they are read."""
    broadcast, known_as = broadcast_of(request), request.path_params["benchmark_id"]
    digest = await broadcast.across(lambda site: _found(site, known_as))
    head = await broadcast.across(lambda site: codec.plain(_entry(site, digest)))
    pieces = await broadcast.across(lambda site: export(site.results, digest.run_id, "jsonl"))
    headers = {"Cache-Control": "no-store"}
    return StreamingResponse(_told(broadcast, head, pieces), media_type="application/json", headers=headers)


async def _told(broadcast: Broadcast, head: dict[str, Any], pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    yield codec.compact(head)[:-1] + b',"results":['
    is_first = True
    while (piece := await broadcast.across(lambda _: next(pieces, None))) is not None:
        if piece:
            yield (b"" if is_first else b",") + b",".join(piece.splitlines())
            is_first = False
    yield b"]}"


async def exported(request: Request) -> Response:
    """A file to keep, in the format asked for."""
    broadcast, run_id = broadcast_of(request), request.path_params["run_id"]
    await broadcast.across(lambda site: digest_of(site, run_id))
    word = request.query_params.get("format", "csv")
    if word == ONE_FILE:
        content = await broadcast.across(lambda site: site.one_file(run_id))
        return Response(content, media_type="text/html", headers=_to_keep(f"{run_id}.{ONE_FILE}"))
    form = _form(word)
    pieces = await broadcast.across(lambda site: export(site.results, run_id, form))

    async def sent() -> AsyncIterator[bytes]:
        while (piece := await broadcast.across(lambda _: next(pieces, None))) is not None:
            yield piece

    return StreamingResponse(sent(), media_type=MEDIA[form], headers=_to_keep(f"{run_id}.{ENDINGS[form]}"))


def _to_keep(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def _form(word: str) -> Format:
    known = {str(form): form for form in MEDIA}
    if word not in known:
        raise UsageError(f"no format {word!r}", where="format", hint=f"there are {', '.join((*known, ONE_FILE))}")
    return known[word]


def _found(site: Site, known_as: str) -> RunDigest:
    """A run by seed 003's id or by its own."""
    for digest in site.across().digests:
        if known_as in (digest.benchmark_id, digest.run_id):
            return digest
    raise NotFound(f"no benchmark {known_as!r}", hint="/admin/benchmarks lists them")


def _entries(site: Site, digests: list[RunDigest]) -> list[dict[str, Any]]:
    return [codec.plain(_entry(site, digest)) for digest in digests]


def _entry(site: Site, digest: RunDigest) -> dataset_runs.Entry:
    return dataset_runs.entry(site.standing(digest), Clock().stamp())


def _said(dataset: Dataset) -> dict[str, Any]:
    return {"name": dataset.name, "count": dataset.count, "uploaded_at": dataset.uploaded_at}


def _row(row: Row) -> dict[str, Any]:
    shown = {name: value for name, value in codec.plain(row).items() if name in ("custom_id", "domain")}
    asked = row.messages[-1].content
    return {**shown, "asked": asked[:SHOWN], "expected": row.scorer.expected, "scorer": row.scorer.name}
