"""How the server bears a crowd: CLIENTS streams, STALLED of which never read, while a run goes on.

    python scripts/bench/streams.py [CLIENTS] [STALLED]

Prints the share of live clients that got the final state and when, what a broadcast costs the server beside bare
writes of as many bytes to as many sockets, its memory, how long `/health` takes meanwhile, and the descriptors that
are left when all have gone. On a machine that others use go by the computed milliseconds and their ratio.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from factories import attempt_events, make_run, outcomes_of, run_config

from benchgen.records.attempt import Attempt
from benchgen.store.locks import runner_lock
from benchgen.store.log import append

CHANGES, ALONE = 20, 10
PAUSE = 0.3
LEFT_SECONDS = 30
PATH = "/api/pages/stream"
ASK = """
import http.client, sys, time
while True:
    begun = time.monotonic()
    line = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2]), timeout=60)
    line.request("GET", "/health")
    line.getresponse().read()
    line.close()
    print(1000 * (time.monotonic() - begun), flush=True)
    time.sleep(0.05)
"""
"""A process of its own: this one is busy with a thousand clients."""


def main(clients: int, stalled: int) -> None:
    """Starts the real command, and asks everything of it at once."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, soft))
    root = Path(tempfile.mkdtemp(prefix="benchgen-streams-"))
    config = run_config(tasks=10, samples=CHANGES + ALONE)
    folder = make_run(root, config, artifacts=False, finished=False, upto=10)
    command = [sys.executable, "-m", "benchgen", "serve", "--results-dir", str(root), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    url = process.stderr.readline().split(" at ")[1].strip()
    with runner_lock(folder):
        asyncio.run(_crowd(url, process.pid, folder, clients, stalled))
    process.terminate()
    process.wait(10)
    shutil.rmtree(root)


async def _crowd(url: str, pid: int, folder: Path, clients: int, stalled: int) -> None:
    host, port = urlsplit(url).hostname or "", urlsplit(url).port or 0
    await _until_up(host, port)
    await _get(host, port, "/api/pages/panels")  # templates are looked up for the first who asks
    before = _descriptors(pid)
    outcomes = outcomes_of(run_config(tasks=10, samples=CHANGES + ALONE))[10:]
    alone = asyncio.create_task(_listen(host, port, 10 + ALONE))
    a_change = await _computed_by(pid, folder, outcomes[:ALONE]) / ALONE
    await alone
    deaf = [await _open(host, port, PATH) for _ in range(stalled)]
    live = [asyncio.create_task(_listen(host, port, 10 + ALONE + CHANGES)) for _ in range(clients - stalled)]
    await asyncio.sleep(5)
    asking = subprocess.Popen([sys.executable, "-c", ASK, host, str(port)], stdout=subprocess.PIPE, text=True)
    cpu = await _computed_by(pid, folder, outcomes[ALONE : ALONE + CHANGES])
    written = time.monotonic()
    done, late = await asyncio.wait(live, timeout=20)
    asking.terminate()
    health = sorted(float(line) for line in asking.communicate()[0].split())
    heard = [task.result() for task in done]
    slowest = max(1000 * (one.at - written) for one in heard)
    print(f"final state: {len(done)} of {len(live)} live clients, the slowest after {slowest + 1000 * PAUSE:.0f} ms")
    batches = max(one.batches for one in heard) - 1
    _print_cost(1000 * (cpu - a_change * CHANGES) / batches, clients, sum(one.size for one in heard[:1]) // batches)
    print(f"memory of the server: {_memory(pid)} MB")
    p95 = health[int(0.95 * (len(health) - 1))]
    print(f"/health meanwhile: median {statistics.median(health):.0f} ms, p95 {p95:.0f} ms, {len(health)} times")
    for task in late:
        task.cancel()
    for _, writer in deaf:
        writer.close()
    gone = time.monotonic()
    while (left := _descriptors(pid) - before) > 0 and time.monotonic() - gone < LEFT_SECONDS:
        await asyncio.sleep(0.5)
    print(f"descriptors left: {max(0, left)} after {time.monotonic() - gone:.0f} s")


@dataclass
class Heard:
    """What one client got: when the final state, in how many batches, and how many bytes."""

    at: float = 0.0
    batches: int = 0
    size: int = 0


async def _computed_by(pid: int, folder: Path, outcomes: Sequence[Attempt]) -> float:
    """Seconds that the server computes while outcomes are written one by one."""
    before = _computed(pid)
    for outcome in outcomes:
        append(folder, attempt_events(outcome))
        await asyncio.sleep(PAUSE)
    return _computed(pid) - before


def _print_cost(milliseconds: float, clients: int, size: int) -> None:
    bare = 1000 * _bare_writes(clients, size)
    ratio = milliseconds / bare
    print(f"a broadcast: {milliseconds:.0f} ms computed, {ratio:.1f} times bare writes ({bare:.0f} ms of {size} bytes)")


def _bare_writes(clients: int, size: int) -> float:
    """Seconds that a process computes to write so many bytes to so many sockets of this machine."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=clients)
    far = [socket.create_connection(listener.getsockname()) for _ in range(clients)]
    near = [listener.accept()[0] for _ in range(clients)]
    data, begun = b"x" * size, time.process_time()
    for one in near:
        one.send(data)
    spent = time.process_time() - begun
    for one in (*far, *near, listener):
        one.close()
    return spent


async def _until_up(host: str, port: int) -> None:
    while True:
        try:
            await _get(host, port, "/health")
            return
        except OSError:
            await asyncio.sleep(0.1)


async def _open(host: str, port: int, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A request whose answer nobody reads yet; the buffers of a stalled client are small."""
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 20)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    await writer.drain()
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    return reader, writer


async def _listen(host: str, port: int, final: int) -> Heard:
    """Until the final number of the current job came."""
    reader, writer = await _open(host, port, PATH)
    writer.transport.resume_reading()  # type: ignore[attr-defined]
    heard, wanted = Heard(), f"<strong>{final}</strong>"
    try:
        async for line in reader:
            heard.size += len(line)
            if line.startswith(b"data:") and b'"current_job"' in line:
                heard.batches += 1
                said = json.loads(line[5:])
                if said["id"] == "current_job" and wanted in said["html"]:
                    heard.at = time.monotonic()
                    return heard
                if heard.batches == 1:
                    heard.size = 0  # a newcomer gets all panels
    finally:
        writer.close()
    raise ConnectionError("the stream ended too early")


async def _get(host: str, port: int, path: str) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    await reader.read()
    writer.close()


def _computed(pid: int) -> float:
    """Seconds that a process has computed so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (1000, 200))
