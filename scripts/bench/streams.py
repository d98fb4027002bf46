"""How the server bears a crowd: CLIENTS streams, STALLED of which never read, while a run goes on.

    python scripts/bench/streams.py [CLIENTS] [STALLED]

Prints the share of live clients that got the final state and when, the server's memory, how long `/health` takes
meanwhile, and the descriptors that are left when all have gone.
"""

from __future__ import annotations

import asyncio
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from factories import attempt_events, make_run, outcomes_of, run_config

from benchgen.store.locks import runner_lock
from benchgen.store.log import append

CHANGES = 20
LEFT_SECONDS = 30


def main(clients: int, stalled: int) -> None:
    """Starts the real command, and asks everything of it at once."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, soft))
    root = Path(tempfile.mkdtemp(prefix="benchgen-streams-"))
    config = run_config(tasks=10, samples=CHANGES)
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
    before = _descriptors(pid)
    final = f"<strong>{10 + CHANGES}</strong>"
    deaf = [await _open(host, port, "/api/pages/stream") for _ in range(stalled)]
    live = [asyncio.create_task(_listen(host, port, final)) for _ in range(clients - stalled)]
    health: list[float] = []
    asking = asyncio.create_task(_ask(host, port, health))
    await asyncio.sleep(3)
    config = run_config(tasks=10, samples=CHANGES)
    for outcome in outcomes_of(config)[10 : 10 + CHANGES]:
        append(folder, attempt_events(outcome))
        await asyncio.sleep(0.3)
    written = time.monotonic()
    done, late = await asyncio.wait(live, timeout=20)
    asking.cancel()
    delays = sorted(1000 * (task.result() - written) for task in done)
    print(f"final state: {len(done)} of {len(live)} live clients, the slowest after {delays[-1] + 300:.0f} ms")
    print(f"memory of the server: {_memory(pid)} MB")
    health.sort()
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


async def _listen(host: str, port: int, final: str) -> float:
    """When the final number of the current job came."""
    reader, writer = await _open(host, port, "/api/pages/stream")
    writer.transport.resume_reading()  # type: ignore[attr-defined]
    try:
        async for line in reader:
            if line.startswith(b"data:") and b'"current_job"' in line:
                said = json.loads(line[5:])
                if said["id"] == "current_job" and final in said["html"]:
                    return time.monotonic()
    finally:
        writer.close()
    raise ConnectionError("the stream ended too early")


async def _ask(host: str, port: int, found: list[float]) -> None:
    while True:
        begun = time.monotonic()
        await _get(host, port, "/health")
        found.append(1000 * (time.monotonic() - begun))
        await asyncio.sleep(0.05)


async def _get(host: str, port: int, path: str) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    await reader.read()
    writer.close()


def _descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (1000, 200))
