"""Seed 002's catalog and seed 003's models: what can be run, by whom."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from benchgen.catalog.select import select
from benchgen.catalog.tasks import Catalog
from benchgen.errors import BenchgenError, NotFound
from benchgen.records.dataset import Dataset
from benchgen.records.task import Task
from benchgen.server.endpoints import Endpoint
from benchgen.server.launch_body import OPENBENCH
from benchgen.server.lmstudio_routes import KEEP_SECONDS, errands_of
from benchgen.server.replies import answer, broadcast_of
from benchgen.store.datasets import DATASET_ID, get_dataset, list_datasets

EVERYTHING = "all"
EVALS_SECONDS, EVALS_WITHIN = 600.0, 180.0
_PLAIN: dict[str, Any] = {"tags": [], "defaults": {"samples": 1}}


def endpoints() -> list[Endpoint]:
    return [
        Endpoint("/api/benchmarks", benchmarks, "What can be run"),
        Endpoint("/api/benchmarks/{name}", benchmark, "One thing that can be run"),
        Endpoint("/admin/models", models, "The models that can be asked from here, and those that were run"),
    ]


def _catalog(request: Request) -> Catalog:
    catalog: Catalog = request.app.state.catalog
    return catalog


async def benchmarks(request: Request) -> Response:
    """The whole catalog as one benchmark, then each task, each dataset, and each eval of OpenBench."""
    tasks = _catalog(request).tasks()
    every = {"name": EVERYTHING, "category": "code", "description_short": f"All {len(tasks)} tasks", "tags": []}
    found, hint = await evals_of(request)
    ours = [every, *(_in_brief(task) for task in tasks), *map(_dataset_in_brief, await _datasets(request))]
    return answer([*ours, *map(_eval_in_brief, found)], {"X-Benchgen-Hint": hint} if hint else None)


async def evals_of(request: Request) -> tuple[list[dict[str, Any]], str]:
    """The evals of OpenBench, or none and the reason, as a header can say it."""
    try:
        found = await errands_of(request).ask("list", "evals", keep=EVALS_SECONDS, within=EVALS_WITHIN)
    except BenchgenError as fault:
        return [], " ".join(fault.message.encode("ascii", "replace").decode().split())[:200]
    listed: list[dict[str, Any]] = found["evals"]
    return listed, ""


def _eval_in_brief(found: dict[str, Any]) -> dict[str, Any]:
    short = found["description"].partition("\n")[0][:200] or found["title"]
    return {"name": found["name"], "category": "openbench", "description_short": short, "tags": found["tags"]}


async def _eval(request: Request, name: str) -> dict[str, Any] | None:
    found = next((one for one in (await evals_of(request))[0] if one["name"] == name), None)
    if found is None:
        return None
    notes = [found["category"], "run by OpenBench's own bench"]
    defaults = {"epochs": 1, "max_connections": 10}
    return {**_eval_in_brief(found), "description": found["description"], "defaults": defaults, "notes": notes}


async def _datasets(request: Request) -> list[Dataset]:
    return await asyncio.to_thread(list_datasets, broadcast_of(request).root)


def _dataset_in_brief(dataset: Dataset) -> dict[str, Any]:
    short = f"{dataset.name}, {dataset.count} rows"
    return {"name": dataset.id, "category": "dataset", "description_short": short, "tags": []}


async def benchmark(request: Request) -> Response:
    """One task with its instructions, one dataset, or all that some words mean: `all`, `lang:go`, a glob."""
    name = request.path_params["name"]
    if DATASET_ID.fullmatch(name):
        dataset = await asyncio.to_thread(get_dataset, broadcast_of(request).root, name)
        said = _dataset_in_brief(dataset)
        return answer({**said, "description": said["description_short"], "defaults": {"samples": 1}, "notes": []})
    try:
        tasks = select(_catalog(request), [name])
    except NotFound:
        found = await _eval(request, name.removeprefix(OPENBENCH))
        if found is None:
            raise
        return answer(found)
    if len(tasks) > 1 or tasks[0].task_id != name:
        listed = "\n".join(f"{task.task_id}: {task.title}" for task in tasks)
        notes = [f"{len(tasks)} tasks"]
        return answer({"name": name, "category": "code", "description": listed, **_PLAIN, "notes": notes})
    return answer(_in_full(tasks[0]))


def _in_full(task: Task) -> dict[str, Any]:
    notes = [f"judged by {len(task.cases)} cases, {task.evaluation.timeout_seconds:g} s at most"]
    said = {"description": task.instructions, "defaults": {"samples": 1}, "notes": notes}
    return {"name": task.task_id, "category": task.language, "tags": list(task.tags), **said}


def _in_brief(task: Task) -> dict[str, Any]:
    return {
        "name": task.task_id,
        "category": task.language,
        "description_short": task.title,
        "tags": [*task.tags, task.difficulty],
    }


async def models(request: Request) -> Response:
    """`{"models": […]}`: those that can be asked from here, then those that were run before."""
    digests = await broadcast_of(request).across(lambda site: site.across().digests)
    errands = errands_of(request)
    listed = await errands.ask("list", "models", keep=KEEP_SECONDS) if errands.are_run else {"endpoints": []}
    found = [one["model"] for endpoint in listed["endpoints"] for one in endpoint["models"]]
    names = dict.fromkeys([*found, *(model.model_id for digest in digests for model in digest.models)])
    return answer({"models": [{"model_id": name, "name": _short(name), "source": _source(name)} for name in names]})


def _short(name: str) -> str:
    return name.rpartition("/")[2] or name


def _source(name: str) -> str:
    return name.partition("/")[0]
