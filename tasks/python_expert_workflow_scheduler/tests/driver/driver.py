"""Plays one workflow of scripted steps and prints what happened, when, and what was reported of it."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from virtual_time import Stuck, VirtualLoop

# The real stdout is moved aside before the code under test is loaded: whatever that prints goes to stderr.
report = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
encode = json.JSONEncoder().encode
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "workspace"))


class Stage:
    """Runs scripted attempts and keeps the book that the judge reads."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.loop = loop
        self.log: list[list[Any]] = []
        self.values: dict[str, Any] = {}
        self.running = 0
        self.peak = 0

    def note(self, name: str, what: str) -> None:
        self.log.append([round(self.loop.time(), 6), name, what])

    def actor(self, name: str, script: list[dict[str, Any]]) -> Any:
        attempts = iter(script)

        async def run(values: Any) -> Any:
            act = next(attempts)
            self.values[name] = dict(values)
            self.running += 1
            self.peak = max(self.peak, self.running)
            self.note(name, "start")
            try:
                return await self.perform(name, act)
            finally:
                self.running -= 1

        return run

    async def perform(self, name: str, act: dict[str, Any]) -> Any:
        try:
            await asyncio.sleep(act.get("takes", 0))
        except asyncio.CancelledError:
            self.note(name, "cancelled")
            await asyncio.sleep(act.get("cleanup", 0))
            self.note(name, "cleaned up")
            if "then" not in act:
                raise
            return self.end(act, act["then"])
        ending = act.get("ends", "returns")
        self.note(name, ending)
        return self.end(act, ending)

    def end(self, act: dict[str, Any], ending: str) -> Any:
        if ending == "raises":
            raise RuntimeError(act["message"])
        if ending == "cancels itself":
            raise asyncio.CancelledError
        return act.get("value")


def described(outcome: Any) -> dict[str, Any]:
    error = outcome.error
    return {
        "status": outcome.status,
        "attempts": outcome.attempts,
        "value": outcome.value,
        "error": None if error is None else [type(error).__name__, str(error)],
        "started": None if outcome.started is None else round(outcome.started, 6),
        "finished": None if outcome.finished is None else round(outcome.finished, 6),
        "causes": list(outcome.causes),
    }


def refusal(error: Exception) -> dict[str, Any]:
    details = {key: getattr(error, key) for key in ("name", "step", "missing") if hasattr(error, key)}
    if hasattr(error, "cycle"):
        details["cycle"] = list(error.cycle)
    return {"type": type(error).__name__, **details}


async def play(plan: dict[str, Any], stage: Stage) -> dict[str, Any]:
    from workflow.engine import run_workflow
    from workflow.model import Step

    steps = []
    for item in plan["steps"]:
        options = {key: item[key] for key in ("retries", "backoff", "timeout") if key in item}
        actor = stage.actor(item["name"], item.get("script", [{}]))
        steps.append(Step(item["name"], actor, tuple(item.get("after", ())), **options))
    workflow = asyncio.create_task(run_workflow(steps, limit=plan["limit"]))
    if "cancel_at" in plan:
        stage.loop.call_later(plan["cancel_at"], workflow.cancel)
    try:
        outcomes = await workflow
    except asyncio.CancelledError:
        stage.note("workflow", "cancelled")
        return {}
    except Exception as error:
        return {"refused": refusal(error)}
    stage.note("workflow", "returned")
    return {"order": list(outcomes), "outcomes": {name: described(outcome) for name, outcome in outcomes.items()}}


def main() -> None:
    loop = VirtualLoop()
    stage = Stage(loop)
    try:
        seen = loop.run_until_complete(play(json.load(sys.stdin), stage))
    except Stuck:
        seen = {"stuck": True}
    print(encode({**seen, "log": stage.log, "values": stage.values, "peak": stage.peak}), file=report, flush=True)
    os._exit(0)


main()
