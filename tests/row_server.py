"""An endpoint for datasets: adds two numbers of the prompt, or says what a word of it asks for."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import scripted_server
from aiohttp import web

MODEL = "house/adder"


def adder(pause: float = 0.0):
    """Answers `3 + 4` by 7, `silence` by nothing, `fault` by HTTP 400, and anything else by itself."""

    async def behave(request: web.Request, body: dict) -> web.StreamResponse:
        await asyncio.sleep(pause)
        asked = body["messages"][-1]["content"]
        if asked == "fault":
            return web.json_response({"error": {"message": "no such thing"}}, status=400)
        numbers = asked.split(" + ")
        said = str(sum(map(int, numbers))) if len(numbers) == 2 else "" if asked == "silence" else asked
        usage = {"prompt_tokens": 5, "completion_tokens": 2}
        return await scripted_server.whole(said, usage)(request, body)

    return behave


def settle(folder: Path, server: scripted_server.ScriptedServer) -> None:
    """Commands that run in the folder reach the server as `house`."""
    (folder / "benchgen.toml").write_text(f'[endpoints.house]\nbase_url = "{server.url}"\n')


def prompts(server: scripted_server.ScriptedServer) -> list[str]:
    """What the server was asked, in its order."""
    return [body["messages"][-1]["content"] for body in server.asked]


def sums(path: Path, count: int) -> Path:
    """A dataset of additions; each prompt is asked once only."""
    rows = ({"id": f"row-{n}", "prompt": f"{n} + 1", "expected": n + 1} for n in range(count))
    return write(path, *rows)


def write(path: Path, *rows: dict) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
