"""Seed 002's catalog and seed 003's models: what can be run, by whom."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from benchgen.catalog.tasks import Catalog
from benchgen.records.task import Task
from benchgen.server.endpoints import Endpoint
from benchgen.server.lmstudio_routes import KEEP_SECONDS, errands_of
from benchgen.server.replies import answer, broadcast_of

EVERYTHING = "all"


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
    """The whole catalog as one benchmark, then each task."""
    tasks = _catalog(request).tasks()
    every = {"name": EVERYTHING, "category": "code", "description_short": f"All {len(tasks)} tasks", "tags": []}
    return answer([every, *(_in_brief(task) for task in tasks)])


async def benchmark(request: Request) -> Response:
    """One task with its instructions."""
    name, catalog = request.path_params["name"], _catalog(request)
    if name == EVERYTHING:
        listed = "\n".join(task.task_id for task in catalog.tasks())
        return answer({"name": EVERYTHING, "category": "code", "description": listed, "tags": [], "defaults": {}})
    task = catalog.task(name)
    notes = [f"judged by {len(task.cases)} cases, {task.evaluation.timeout_seconds:g} s at most"]
    said = {"description": task.instructions, "defaults": {"samples": 1}, "notes": notes}
    return answer({"name": task.task_id, "category": task.language, "tags": list(task.tags), **said})


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
