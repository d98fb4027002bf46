"""A dataset's whole way from the terminal: added, run, killed, resumed, canceled, resumed, read, exported, and counted.

    python scripts/bench/dataset_journey.py [ROWS] [LANES]

An endpoint of this script's own writes down what it was asked. It fails when the export is not the dataset's rows, once
each, or when a row that was acknowledged before an end was asked again after it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

PAUSE = 0.1
"""Seconds an answer takes: so long that a run is still going on when `cancel` has started."""
BENCHGEN = (sys.executable, "-m", "benchgen")


async def serve(log: Path) -> None:
    """Adds the two numbers of a prompt, and notes the prompt first."""
    asked = log.open("a")

    async def answer(request: web.Request) -> web.Response:
        body = await request.json()
        prompt = body["messages"][-1]["content"]
        asked.write(f"{prompt}\n")
        asked.flush()
        await asyncio.sleep(PAUSE)
        said = {"role": "assistant", "content": str(sum(map(int, prompt.split(" + "))))}
        usage = {"prompt_tokens": 5, "completion_tokens": 2}
        return web.json_response(
            {"model": body["model"], "choices": [{"message": said, "finish_reason": "stop"}], "usage": usage}
        )

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


@contextmanager
def endpoint(log: Path) -> Iterator[int]:
    server = subprocess.Popen([sys.executable, __file__, "serve", str(log)], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield int(server.stdout.readline())
    finally:
        server.kill()
        server.wait()


def benchgen(*words: object, cwd: Path) -> str:
    """What a command prints; it must end well."""
    done = subprocess.run([*BENCHGEN, *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def acknowledged(root: Path) -> set[str]:
    """The rows whose outcome is in the log."""
    (log,) = (root / "benchmark_results").glob("run_*/events.jsonl")
    whole = log.read_bytes().rpartition(b"\n")[0].splitlines()
    events = (json.loads(line) for line in whole)
    return {event["outcome"]["task"] for event in events if event["type"] == "attempt_finished"}


def until(root: Path, rows: int, process: subprocess.Popen[bytes]) -> None:
    """Until so many lines of results are down."""
    while process.poll() is None:
        found = list((root / "benchmark_results").glob("run_*/results.jsonl"))
        if found and found[0].read_bytes().count(b"\n") >= rows:
            return
        time.sleep(0.02)
    raise AssertionError("the run ended before it could be interrupted")


def end_early(root: Path, rows: int, words: tuple[object, ...], how: signal.Signals) -> None:
    """Starts a run and ends it once so many rows are down."""
    process = subprocess.Popen([*BENCHGEN, *map(str, words), "--display", "none"], cwd=root, start_new_session=True)
    until(root, rows, process)
    if how == signal.SIGKILL:
        os.killpg(process.pid, how)
    else:
        benchgen("cancel", "latest", "--wait", 30, cwd=root)
    process.wait()


def asked_again(log: Path, before: int, known: set[str]) -> set[str]:
    """Rows asked after an end that were acknowledged before it."""
    later = log.read_text().splitlines()[before:]
    return known & {f"row-{prompt.partition(' ')[0]}" for prompt in later}


def main(count: int, lanes: int) -> None:
    with tempfile.TemporaryDirectory(prefix="benchgen-journey-") as name:
        root = Path(name)
        log = root / "asked.log"
        log.touch()
        rows = [{"id": f"row-{n}", "prompt": f"{n} + 1", "expected": n + 1} for n in range(count)]
        (root / "sums.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        with endpoint(log) as port:
            (root / "benchgen.toml").write_text(f'[endpoints.house]\nbase_url = "http://127.0.0.1:{port}/v1"\n')
            dataset = json.loads(benchgen("datasets", "add", "sums.jsonl", "--json", cwd=root))["id"]
            begun = time.monotonic()
            end_early(root, count // 4, ("run", dataset, "-m", "house/adder", "-j", lanes), signal.SIGKILL)
            first, at_first = acknowledged(root), len(log.read_text().splitlines())
            print(f"killed with {len(first):,} rows acknowledged, {at_first:,} asked")
            end_early(root, count // 2, ("resume", "latest"), signal.SIGTERM)
            second, at_second = acknowledged(root), len(log.read_text().splitlines())
            print(f"canceled with {len(second):,} rows acknowledged, {at_second:,} asked")
            benchgen("resume", "latest", "--display", "none", cwd=root)
        asked = log.read_text().splitlines()
        print(f"done after {time.monotonic() - begun:.0f} s, {len(asked):,} asked: {len(asked) - count} of them again")
        assert not asked_again(log, at_first, first) and not asked_again(log, at_second, second)
        exported = [
            json.loads(line) for line in benchgen("export", "latest", "--format", "jsonl", cwd=root).splitlines()
        ]
        assert [line["custom_id"] for line in exported] == [row["id"] for row in rows]
        said = [int(line["response"]["body"]["choices"][0]["message"]["content"]) for line in exported]
        assert said == [row["expected"] for row in rows]
        table = benchgen("export", "latest", "--format", "csv", cwd=root)
        assert table.count("\n") == count + 1
        print(f"the export holds the dataset's {count:,} rows, once each; no acknowledged row was asked again")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", log]:
            asyncio.run(serve(Path(log)))
        case words:
            main(*([int(word) for word in words] + [5_000, 16][len(words) :]))
