"""Everything that changes something: starting, ending, repeating and removing runs, notes and tags on them."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from benchgen import codec
from benchgen.errors import NotFound, UsageError
from benchgen.panels.new_run import Before, Cost, Preview, before
from benchgen.record import Record, replace
from benchgen.records.run import planned_total
from benchgen.records.state import AttemptRow, RunState
from benchgen.server import topics
from benchgen.server.catalog_routes import EVERYTHING, evals_of
from benchgen.server.endpoints import Endpoint, Query
from benchgen.server.launch_body import EVAL, Launch, LaunchBody, launch
from benchgen.server.launcher import Launcher, only_word
from benchgen.server.refusal import read_only_answer, refuse
from benchgen.server.replies import answer, body, broadcast_of
from benchgen.server.run_routes import digest_of, summary_of
from benchgen.store.annotations import annotate
from benchgen.store.removal import remove_run

ENDED = ("completed", "failed", "canceled")
CLIENT_LEFT = 499
"""An answer that nobody hears; the run goes on."""


class NotesBody(Record):
    """What is given replaces what was there; what is not stays."""

    note: str | None = None
    tags: tuple[str, ...] | None = None
    marks: dict[str, str | None] | None = None


class RetryBody(Record):
    """One task or one attempt of a run; `model` and `sample_index` say which attempts of the task."""

    attempt: str | None = None
    task_id: str | None = None
    model: str | None = None
    sample_index: int | None = None


def endpoints(*, read_only: bool = False) -> list[Endpoint]:
    run = "/api/runs/{run_id}"
    confirm = Query("confirm", "the run's id once more", required=True)
    found = [
        Endpoint("/api/runs", start, "Queue a run", "POST", body=LaunchBody, answers=(201,)),
        Endpoint("/api/launch/preview", preview, "What a run would be: its attempts, its command", "POST",
                 body=LaunchBody),
        Endpoint("/runs", start_with_stream, "Queue a run; ?wait=1 answers when it has ended", "POST",
                 query=(Query("wait", "1 waits for the summary"),), body=LaunchBody, answers=(200, 201)),
        Endpoint(f"{run}/cancel", cancel, "End a run", "POST"),
        Endpoint("/runs/{run_id}/resume", resume, "Finish a run that was stopped or killed", "POST", answers=(202,)),
        Endpoint("/runs/{run_id}/retry-api-errors", retry_errors, "Repeat what the provider failed", "POST",
                 answers=(202,)),
        Endpoint("/runs/{run_id}/retry-single", retry_single, "Repeat one task or attempt", "POST", body=RetryBody,
                 answers=(202,)),
        Endpoint(run, remove, "Remove a run and all its files", "DELETE", query=(confirm,)),
        Endpoint(run, note, "Notes, tags and marked attempts", "PATCH", body=NotesBody),
    ]  # fmt: skip
    return [replace(one, handler=read_only_answer) for one in found] if read_only else found


def launcher_of(request: Request) -> Launcher:
    """The application's launcher."""
    launcher: Launcher = request.app.state.launcher
    return launcher


async def start(request: Request) -> Response:
    """`{run_id}` at once; the run waits for its turn."""
    run_id = await _queued(request)
    return answer({"run_id": run_id}, {"Location": f"/api/runs/{run_id}"}, 201)


async def _queued(request: Request) -> str:
    run_id = await launcher_of(request).queue(await meant(request, launch(await body(request, LaunchBody))))
    await broadcast_of(request).look_around()
    return run_id


async def meant(request: Request, asked: Launch) -> Launch:
    """Seed 002 names an eval of OpenBench alone: where no task has that name, and an eval has, the eval is meant."""
    name = asked.targets[0]
    if asked.asked.kind == "openbench":
        await evals_of(request)  # an errand, which ends with the server: the planner finds the answer kept
    if asked.asked.kind != "code" or len(asked.targets) > 1 or not EVAL.fullmatch(name) or name == EVERYTHING:
        return asked
    tasks = await asyncio.to_thread(request.app.state.catalog.tasks)
    if any(task.task_id == name for task in tasks):
        return asked
    is_eval = any(one["name"] == name for one in (await evals_of(request))[0])
    return launch(replace(asked.asked, kind="openbench")) if is_eval else asked


async def preview(request: Request) -> Response:
    """Nothing starts: how many attempts, what they may cost, and the command that would be run."""
    found = await previewed(request, await meant(request, launch(await body(request, LaunchBody))))
    total = {"tasks": found.tasks, "models": found.models, "samples": found.samples}
    cost = None if found.cost is None else _in_dollars(found.cost)
    is_eval = bool(found.target)  # nobody knows its samples before it runs
    counts = dict.fromkeys(("attempts", "tasks")) if is_eval else {"attempts": found.attempts}
    last = None if found.before is None else _as_json(found.before)
    return answer({"command": found.command, **total, **counts, "estimate": cost, "last_run": last})


def _as_json(run: Before) -> dict[str, Any]:
    """What the newest complete run of the same benchmark took."""
    return {
        "run_id": run.run_id,
        "models": run.models,
        "attempts": run.attempts,
        "seconds": run.seconds,
        "cost_usd": None if run.nanousd is None else run.nanousd / 1e9,
        "is_lower_bound": run.is_lower_bound,
    }


def _in_dollars(cost: Cost) -> dict[str, Any]:
    """An estimate as JSON; sums are null where nobody can tell them before the run."""
    is_known = cost.prompt_tokens is not None
    return {
        "prompt_tokens": cost.prompt_tokens,
        "prompts_usd": cost.prompts_nanousd / 1e9 if is_known else None,
        "with_answers_usd": cost.with_answers_nanousd / 1e9 if is_known else None,
        "answer_tokens": cost.answer_tokens,
        "price_unknown": cost.unknown,
    }


async def previewed(request: Request, asked: Launch) -> Preview:
    """What a run would be; nothing is written."""
    planner = await asyncio.to_thread(lambda: launcher_of(request).planner)  # imports all that knows models
    config = await asyncio.to_thread(planner.plan, asked)
    cards = config.tasks.items()
    digests = await broadcast_of(request).across(lambda site: site.across().digests)
    return Preview(
        command=asked.command(),
        attempts=planned_total(config),
        tasks=len(config.tasks),
        models=len(config.models),
        samples=config.samples,
        described=tuple((task, f"{card.title}, {card.language}, {card.difficulty}") for task, card in cards),
        cost=await asyncio.to_thread(planner.estimate, asked, config),
        target=config.benchmark_name if config.kind == "openbench" else "",
        before=before(digests, config.kind, config.benchmark_name, config.tasks),
    )


async def start_with_stream(request: Request) -> Response:
    """`{run_id, status, stream}`, or with `?wait=1` the summary once the run has ended."""
    broadcast, waits = broadcast_of(request), request.query_params.get("wait") == "1"
    if waits and not broadcast.hub.has_room():
        return refuse(503, "too_many_streams", "too many requests wait", "ask without ?wait=1")
    run_id = await _queued(request)
    if not waits:
        return answer({"run_id": run_id, "status": "queued", "stream": f"/runs/{run_id}/stream"}, status=201)
    async for _ in broadcast.hub.listen(topics.events(run_id), idle=1.0):
        if await request.is_disconnected():
            return Response(status_code=CLIENT_LEFT)
        digest = await broadcast.across(lambda site: site.results.digest(run_id))
        if digest.status in ENDED and not await broadcast.across(lambda site: site.results.is_alive(run_id)):
            summary = await broadcast.across(lambda site: summary_of(site.results, run_id))
            return answer({"run_id": run_id, "status": digest.status, "summary": summary})
    return refuse(503, "stopping", "the server stops; the run goes on", f"/runs/{run_id} has its summary")


async def cancel(request: Request) -> Response:
    """The run and its children are gone when this answers."""
    run_id = await _known(request)
    await launcher_of(request).cancel(run_id)
    return await _standing(request, run_id)


async def resume(request: Request) -> Response:
    """Goes on where the run stopped."""
    run_id = await _known(request)
    digest = await broadcast_of(request).across(lambda site: site.results.digest(run_id))
    if digest.is_complete:
        return refuse(409, "complete", "nothing of this run is left to do")
    is_running = await launcher_of(request).go_on(run_id, "resume")
    return answer({"run_id": run_id, "status": _status(is_running)}, status=202)


async def retry_errors(request: Request) -> Response:
    """Attempts that ended as api_error, once more."""
    run_id = await _known(request)
    state = await broadcast_of(request).across(lambda site: site.results.current(run_id).state())
    count = sum(tally.categories.get("api_error", 0) for tally in state.sums_of())
    is_running = await launcher_of(request).go_on(run_id, "retry", "--only", "api-errors")
    return answer(_retried(run_id, count, is_running), status=202)


async def retry_single(request: Request) -> Response:
    """One attempt, or all of a task; with `model` and `sample_index` the one attempt of the task that they name."""
    run_id, asked = await _known(request), await body(request, RetryBody)
    word = only_word(asked.attempt or asked.task_id or "")
    named = await broadcast_of(request).across(lambda site: _named(site.results.current(run_id).state(), word, asked))
    if not named:
        raise NotFound(f"run {run_id} has no task or attempt {word!r}")
    is_whole_task = asked.model is None and asked.sample_index is None
    only = word if is_whole_task else ",".join(only_word(row.attempt) for row in named)
    is_running = await launcher_of(request).go_on(run_id, "retry", "--only", only)
    return answer(_retried(run_id, len(named), is_running), status=202)


def _named(state: RunState, word: str, asked: RetryBody) -> list[AttemptRow]:
    rows = (row for row in state.rows if row.attempt not in state.superseded)
    return [row for row in rows if word in (row.attempt, row.task) and _is_meant(row, asked)]


def _is_meant(row: AttemptRow, asked: RetryBody) -> bool:
    return asked.model in (None, row.model) and asked.sample_index in (None, row.sample)


def _status(is_running: bool) -> str:
    return "running" if is_running else "queued"


def _retried(run_id: str, count: int, is_running: bool) -> dict[str, Any]:
    """Seed 001 makes another run of it; here attempts are made again in the run itself."""
    said = {"retry_run_id": run_id, "original_run_id": run_id, "api_errors_found": count}
    return {"run_id": run_id, "status": _status(is_running), **said, "message": f"{count} attempts are made again"}


async def remove(request: Request) -> Response:
    """Asks for the id twice, for nothing brings a run back."""
    run_id, broadcast = await _known(request), broadcast_of(request)
    if request.query_params.get("confirm") != run_id:
        raise UsageError("removing a run must be confirmed", hint=f"DELETE …?confirm={run_id}")
    await broadcast.across(lambda site: remove_run(site.results.root, run_id))
    await broadcast.look_around()
    return answer({"run_id": run_id, "removed": True})


async def note(request: Request) -> Response:
    """The annotations as they are afterwards."""
    run_id, asked = await _known(request), await body(request, NotesBody)
    root = broadcast_of(request).root
    found = await asyncio.to_thread(annotate, root, run_id, note=asked.note, tags=asked.tags, marks=asked.marks)
    return answer(codec.plain(found))


async def _known(request: Request) -> str:
    run_id: str = request.path_params["run_id"]
    await broadcast_of(request).across(lambda site: digest_of(site, run_id))
    return run_id


async def _standing(request: Request, run_id: str) -> Response:
    digest = await broadcast_of(request).across(lambda site: site.results.digest(run_id))
    return answer({"run_id": run_id, "status": digest.status})
