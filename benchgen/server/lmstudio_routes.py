"""Models that can be asked from here: all endpoints, and seed 001's list and switch of LM Studio."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from benchgen.errors import UsageError
from benchgen.record import Record, replace
from benchgen.server.endpoints import Endpoint
from benchgen.server.errands import Errands
from benchgen.server.refusal import read_only_answer, refuse
from benchgen.server.replies import answer, body

LMSTUDIO = "lmstudio"
KEEP_SECONDS = 30.0
LOAD_SECONDS = 600.0
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/@:+-]{0,199}")


class SwitchBody(Record):
    """A model of LM Studio, with `lmstudio/` before it or without."""

    model_id: str


def endpoints(*, read_only: bool = False) -> list[Endpoint]:
    """Reading asks nobody for anything that costs; loading a model changes the machine."""
    switch_it = Endpoint("/models/lmstudio/switch", switch, "Load one model of LM Studio, unload the others", "POST",
                         body=SwitchBody)  # fmt: skip
    return [
        Endpoint("/api/models", models, "Who can be asked from here, and the models of each"),
        Endpoint("/models/lmstudio", lmstudio, "The models on LM Studio's disk"),
        replace(switch_it, handler=read_only_answer) if read_only else switch_it,
    ]


def errands_of(request: Request) -> Errands:
    """The application's errands."""
    errands: Errands = request.app.state.errands
    return errands


async def models(request: Request) -> Response:
    """`{"endpoints": [{name, base_url, state, why, models}]}`, the built-in ones first."""
    found = await errands_of(request).ask("list", "models", keep=KEEP_SECONDS)
    builtin = [{"model": name, "about": about} for name, about in found["builtin"].items()]
    own = {"name": "builtin", "base_url": None, "state": "ok", "why": "", "models": builtin}
    return answer({"endpoints": [own, *(_endpoint(one) for one in found["endpoints"])]})


def _endpoint(found: dict[str, Any]) -> dict[str, Any]:
    return {name: found.get(name) for name in ("name", "base_url", "state", "why", "models")}


async def lmstudio(request: Request) -> Response:
    """`{base_url, models: [{id, context_length, is_loaded, size_bytes}]}`; 424 where LM Studio is not running."""
    found = await _shelf(request)
    if found["state"] != "ok":
        return _not_running(found)
    return answer({"base_url": found["base_url"], "models": [_model(one) for one in found["models"]]})


async def _shelf(request: Request) -> dict[str, Any]:
    listed: dict[str, Any] = (await errands_of(request).ask("list", "models", LMSTUDIO))["endpoints"][0]
    return listed


def _not_running(found: dict[str, Any]) -> Response:
    return refuse(424, "lmstudio_not_running", found["why"] or "LM Studio does not answer")


def _model(found: dict[str, Any]) -> dict[str, Any]:
    """A model with the keys of seed 001's page; LM Studio's list does not say how much a model can read at once."""
    key = found["model"].removeprefix(f"{LMSTUDIO}/")
    return {"id": key, "context_length": None, "is_loaded": found["is_loaded"], "size_bytes": found["size_bytes"]}


async def switch(request: Request) -> Response:
    """`{model_id, message}` when the model is in memory, and no other."""
    asked = (await body(request, SwitchBody)).model_id.strip()
    key = asked.removeprefix(f"{LMSTUDIO}/")
    if not _KEY.fullmatch(key):
        raise UsageError(f"{asked[:80]!r} is no model of LM Studio", hint="/models/lmstudio lists them")
    found = await _shelf(request)
    if found["state"] != "ok":
        return _not_running(found)
    if all(_model(one)["id"] != key for one in found["models"]):
        return refuse(404, "not_found", f"LM Studio has no model {key!r}", "/models/lmstudio lists them")
    await errands_of(request).ask("load", f"{LMSTUDIO}/{key}", within=LOAD_SECONDS)
    return answer({"model_id": asked, "message": f"{key} is loaded"})
