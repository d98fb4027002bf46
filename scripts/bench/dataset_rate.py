"""Rows a second of a dataset run beside those of a bare aiohttp loop, against the same server in the same run.

    python scripts/bench/dataset_rate.py [ROWS] [LANES]

The loop sends the same bodies and reads the answers, and does nothing else; ours also scores, writes and syncs every
row. Each runs in a process of its own; the last lines tell how memory grows with the number of rows.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
from aiohttp import web

from benchgen.clock import Clock
from benchgen.plan import RunRequest, Surroundings
from benchgen.providers.endpoints import Endpoint
from benchgen.providers.http import HttpProvider
from benchgen.records.run import ModelSpec
from benchgen.runner.dataset_plan import Source, plan_rows, requests
from benchgen.runner.dataset_run import RowMeans, execute_rows
from benchgen.runner.lanes import Stop
from benchgen.runner.loops import loop_of
from benchgen.runner.session import Wish
from benchgen.store.create import queue_run

ANSWER = json.dumps(
    {
        "model": "m",
        "choices": [{"message": {"role": "assistant", "content": "The sum is 42."}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 20, "completion_tokens": 6},
    }
).encode()


def rows(count: int) -> list[bytes]:
    return [
        json.dumps(
            {"id": f"row-{n}", "prompt": f"What is {n} + {n}? " * 4, "expected": "42", "scorer": "includes"}
        ).encode()
        for n in range(count)
    ]


async def serve() -> None:
    """The trivial server: the same answer for everybody."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=ANSWER, content_type="application/json")

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


async def bare(port: int, count: int, lanes: int) -> None:
    """The limit: so many lanes that post and read."""
    bodies = iter(
        {"model": "m", "messages": [{"role": "user", "content": f"What is {n} + {n}? " * 4}]} for n in range(count)
    )
    url = f"http://127.0.0.1:{port}/v1/chat/completions"

    async def lane(session: aiohttp.ClientSession) -> None:
        for body in bodies:
            async with session.post(url, json=body) as response:
                await response.json()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=lanes)) as session:
        await asyncio.gather(*(lane(session) for _ in range(lanes)))


async def ours(port: int, count: int, lanes: int, root: Path) -> None:
    """A whole run: events, results and summary on disk."""
    source = Source("rows.jsonl", rows(count))
    model = ModelSpec("local/m", "local", is_local=True)
    request = RunRequest("dataset", "rows.jsonl", {}, (model,), max_connections=lanes)
    config = plan_rows(request, source, Surroundings("run_bench", Clock().stamp(), ("benchgen",)))
    folder = queue_run(root, config, (), requests=requests(source))
    provider = HttpProvider(Endpoint("local", f"http://127.0.0.1:{port}/v1", is_local=True), {}, lanes)
    means = RowMeans({"local/m": provider}, lanes)
    began = start()
    ended = await execute_rows(folder, config, Wish(), means, Stop(), lambda event: None)
    await provider.close()
    assert ended.digest.finished == count
    report(began, count)


def start() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def report(began: tuple[float, float], count: int) -> None:
    wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows_s": count / wall, "cpu_ms": 1000 * cpu / count, "peak_mb": peak}))


def child(name: str, port: int, count: int, lanes: int) -> None:
    if name == "bare":
        began = start()
        asyncio.run(bare(port, count, lanes))
        report(began, count)
        return
    with (
        tempfile.TemporaryDirectory(prefix="benchgen-rate-") as root,
        asyncio.Runner(loop_factory=loop_of("dataset")) as runner,
    ):
        runner.run(ours(port, count, lanes, Path(root)))


def measure(name: str, port: int, count: int, lanes: int) -> dict[str, float]:
    words = [sys.executable, __file__, name, str(port), str(count), str(lanes)]
    return json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def main(count: int, lanes: int) -> None:
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    port = int(server.stdout.readline())
    try:
        shares, ratios = [], []
        for _ in range(3):
            limit, run = measure("bare", port, count, lanes), measure("ours", port, count, lanes)
            shares.append(run["rows_s"] / limit["rows_s"])
            ratios.append(run["cpu_ms"] / limit["cpu_ms"])
            print(
                f"bare {limit['rows_s']:,.0f} rows/s, {limit['cpu_ms']:.3f} ms CPU a row · "
                f"run {run['rows_s']:,.0f} rows/s, {run['cpu_ms']:.3f} ms CPU a row · {100 * shares[-1]:.0f} %",
                flush=True,
            )
        print(f"median share of the bare loop's rate: {100 * sorted(shares)[1]:.0f} % (aim 50 %)")
        print(f"median of what it computes: {sorted(ratios)[1]:.1f} times the bare loop")
        for number in (1_000, 100_000):
            print(f"peak memory of {number:,} rows: {measure('ours', port, number, lanes)['peak_mb']:.0f} MB")
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            asyncio.run(serve())
        case [("bare" | "ours") as name, port, count, lanes]:
            child(name, int(port), int(count), int(lanes))
        case words:
            main(*([int(word) for word in words] + [5_000, 32][len(words) :]))
