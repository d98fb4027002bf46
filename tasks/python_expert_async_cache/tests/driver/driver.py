"""Plays a timeline of calls on the cache, with scripted loads, and prints how every call and load ended."""

import asyncio
import gc
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


class Theatre:
    """The cache, its scripted loads, a clock moved by hand, and a book of what happened."""

    def __init__(self, plan: dict[str, Any], loop: VirtualLoop) -> None:
        from cache.async_cache import AsyncCache

        self.loop = loop
        self.now = plan["clock"]
        self.scripts = {key: iter(acts) for key, acts in plan["loads"].items()}
        self.loads: list[list[Any]] = []
        self.calls: dict[str, list[Any]] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.cache = AsyncCache(self.load, ttl=plan["ttl"], capacity=plan["capacity"], clock=lambda: self.now)

    def note(self, key: str, what: str) -> None:
        self.loads.append([round(self.loop.time(), 6), key, what])

    async def load(self, key: str) -> Any:
        act = next(self.scripts[key])
        self.note(key, "start")
        try:
            await asyncio.sleep(act.get("takes", 0))
        except asyncio.CancelledError:
            self.note(key, "cancelled")
            await asyncio.sleep(act.get("cleanup", 0))
            self.note(key, "cleaned up")
            if "then" not in act:
                raise
            return self.end(act, act["then"])
        self.now += act.get("clock", 0)
        self.note(key, "end")
        return self.end(act, act.get("ends", "returns"))

    def end(self, act: dict[str, Any], ending: str) -> Any:
        if ending == "raises":
            raise RuntimeError(act["value"])
        if ending == "cancels itself":
            raise asyncio.CancelledError
        return act["value"]

    async def watch(self, name: str, call: Any) -> None:
        try:
            ended = ["returned", await call]
        except asyncio.CancelledError:
            ended = ["raised", "CancelledError"]
        except Exception as error:
            ended = ["raised", type(error).__name__, *(str(value) for value in error.args)]
        self.calls[name] = [round(self.loop.time(), 6), *ended]

    def act(self, do: str, target: Any) -> None:
        if do == "cancel":
            self.tasks[target].cancel()
        elif do == "invalidate":
            self.cache.invalidate(target)
        elif do == "clock":
            self.now = target
        elif do == "close":
            self.tasks[target] = asyncio.create_task(self.watch(target, self.cache.close()))
        else:
            self.tasks[do] = asyncio.create_task(self.watch(do, self.cache.get(target)))

    async def play(self, timeline: list[Any]) -> None:
        for at, do, target in timeline:
            await asyncio.sleep(at - self.loop.time())
            self.act(do, target)
        await asyncio.sleep(1000)


def main() -> None:
    plan = json.load(sys.stdin)
    loop = VirtualLoop()
    complaints: list[str] = []
    loop.set_exception_handler(lambda _, context: complaints.append(str(context.get("message"))))
    theatre = Theatre(plan, loop)
    try:
        loop.run_until_complete(theatre.play(plan["timeline"]))
        gc.collect()
        loop.run_until_complete(asyncio.sleep(0))
        stuck = False
    except Stuck:
        stuck = True
    seen = {"calls": theatre.calls, "loads": theatre.loads, "complaints": complaints, "stuck": stuck}
    print(encode(seen), file=report, flush=True)
    os._exit(0)


main()
