"""How long `serve` takes from its start to its first page with many runs in the folder, and what it does when idle.

    python scripts/bench/serve_start.py [RUNS] [ATTEMPTS]

RUNS complete runs (1,000) and one that goes on, with ATTEMPTS outcomes (10,000). Beside it, in the same run: a bare
Starlette application that answers one text.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from history import make_history

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from factories import make_run, run_config

from benchgen.store.locks import runner_lock

IDLE_SECONDS = 10
STARTS = 4
PAGES = ("live/index.html", "index.html", "history/index.html")
BARE = """
import asyncio, sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
async def page(request): return PlainTextResponse("page")
class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print("bare at http://127.0.0.1:%d/" % self.servers[0].sockets[0].getsockname()[1], file=sys.stderr, flush=True)
app = Starlette(routes=[Route("/{path:path}", page)])
Server(uvicorn.Config(app, port=0, log_level="warning")).run()
"""


@dataclass(frozen=True)
class Started:
    """Seconds from the start of the process to its first whole page: passed, and computed by it."""

    seconds: float
    cpu: float


def main(runs: int, attempts: int) -> None:
    """Prints the figures with their aims."""
    with tempfile.TemporaryDirectory(prefix="benchgen-start-") as name:
        root = Path(name)
        make_history(root, runs)
        config = run_config(tasks=50, samples=attempts // 50 + 1)
        folder = make_run(root, config, artifacts=False, finished=False, upto=attempts)
        serve = [sys.executable, "-m", "benchgen", "serve", "--results-dir", str(root), "--port", "0"]
        with runner_lock(folder):
            for page in PAGES:
                _print(page, [_start(serve, page) for _ in range(STARTS)][1:])  # the first one compiles modules
            _print("bare application", [_start([sys.executable, "-c", BARE], "") for _ in range(STARTS)][1:])
            with _running(serve) as (pid, url):
                _get(f"{url}live/index.html")
                time.sleep(3)
                before, begun = _computed(pid), time.monotonic()
                time.sleep(IDLE_SECONDS)
                share = (_computed(pid) - before) / (time.monotonic() - begun)
                print(f"when nothing changes: {100 * share:.2f} % of a core (aim 1), {_memory(pid):.0f} MB")


def _start(command: list[str], page: str) -> Started:
    begun = time.perf_counter()
    with _running(command) as (pid, url):
        _get(f"{url}{page}")
        return Started(time.perf_counter() - begun, _computed(pid))


@contextmanager
def _running(command: list[str]) -> Iterator[tuple[int, str]]:
    """The process and its address, as it says itself."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stderr is not None
    try:
        yield process.pid, process.stderr.readline().split(" at ")[1].strip()
    finally:
        process.terminate()
        process.wait(10)
        process.stderr.close()


def _get(url: str) -> None:
    with urllib.request.urlopen(url, timeout=60) as answer:
        answer.read()


def _computed(pid: int) -> float:
    """Seconds that a process has computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def _print(name: str, starts: list[Started]) -> None:
    aim = "" if name.startswith("bare") else " (aim 1 s)"
    seconds, cpu = min(one.seconds for one in starts), min(one.cpu for one in starts)
    print(f"{name:>20}: first answer after {seconds:.2f} s{aim}, {cpu:.2f} s computed")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (1000, 10_000))
