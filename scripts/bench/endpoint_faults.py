"""Runs one attempt against each misdeed of an endpoint: its category, its time beyond the deadline, its memory.

    python scripts/bench/endpoint_faults.py [DEADLINE]

Each row is a real `benchgen run` of one task; memory is what the process took at most above a run that goes well.
The last column is `ok` where the category is the right one, the time is within the deadline and one second, and
the memory within 50 MB.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

import scripted_server as server
import toys

MOST_MEGABYTES = 50
FAULTS: dict[str, tuple[str, server.Behaviour]] = {
    "429 with Retry-After": ("api_error", server.retry_after(1)),
    "429 with Retry-After of a day": ("api_error", server.retry_after(86_400)),
    "429 without Retry-After": ("api_error", server.refused(429)),
    "500": ("api_error", server.refused(500)),
    "503": ("api_error", server.refused(503)),
    "402": ("api_error", server.refused(402, "no credit")),
    "hang": ("api_error", server.hanging),
    "trickle": ("api_error", server.trickling),
    "cut body": ("api_error", server.cut_off),
    "end without a last word": ("api_error", server.ending_early),
    "HTML": ("api_error", server.body_of(b"<html>hello</html>", "text/html")),
    "empty choices": ("api_error", server.body_of(b'{"choices": []}')),
    "200 with an error": ("api_error", server.body_of(b'{"error": {"message": "out of credits", "code": 402}}')),
    "200 MB from a gzip bomb": ("api_error", server.bomb(200)),
    "200 MB in one line of a stream": ("api_error", server.bomb(200, prefix=b"data: ", kind="text/event-stream")),
    "endless stream": ("api_error", server.endless),
    "wrong content type": ("no_diff", server.streamed(kind="image/png")),
    "no text": ("no_answer", server.whole(None)),
}


@dataclass(frozen=True)
class Found:
    """What came of one run: its category, seconds of waiting for the answer, tries, and the most memory in MB."""

    category: str
    seconds: float
    tries: int
    megabytes: float
    message: str


def main(deadline: float) -> None:
    """Prints a line a fault; exits with 1 when one of them is not ok."""
    with server.ScriptedServer() as scripted:
        plain = _run(scripted, server.streamed(), deadline).megabytes
        print(f"{'fault':32} {'category':10} {'seconds':>8} {'tries':>6} {'MB more':>8}       says")
        verdicts = [_line(name, _run(scripted, FAULTS[name][1], deadline), plain, deadline) for name in FAULTS]
    sys.exit(0 if all(verdicts) else 1)


def _line(name: str, found: Found, plain: float, deadline: float) -> bool:
    more = max(0.0, found.megabytes - plain)
    is_ok = found.category == FAULTS[name][0] and found.seconds < deadline + 1 and more < MOST_MEGABYTES
    figures = f"{found.seconds:8.2f} {found.tries:6} {more:8.1f}"
    print(f"{name:32} {found.category:10} {figures}  {'ok ' if is_ok else 'BAD'}  {found.message[:70]}", flush=True)
    return is_ok


def _run(scripted: server.ScriptedServer, behaviour: server.Behaviour, deadline: float) -> Found:
    scripted.script = [behaviour]
    scripted.asked.clear()
    folder = Path(tempfile.mkdtemp(prefix="benchgen-faults-"))
    try:
        tasks = toys.make_catalog(folder / "tasks", 1)
        (folder / "benchgen.toml").write_text(f'[endpoints.house]\nbase_url = "{scripted.url}"\n')
        words = ("run", "all", "-m", "house/m", "--timeout", deadline, "--tasks-dir", tasks, "--display", "none")
        process = toys.start(*words, cwd=folder)
        process.stdout.close()
        process.stderr.close()
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0  # waited for already
        (log,) = folder.glob("benchmark_results/run_*/events.jsonl")
        (end,) = (event for event in toys.read_events(log) if event["type"] == "attempt_finished")
        outcome = end["outcome"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    category = outcome["category"] or "passed"
    waited = outcome["phases"].get("waiting", 0.0)
    return Found(category, waited, len(scripted.asked), usage.ru_maxrss / 1024, outcome["message"])


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 4.0)
