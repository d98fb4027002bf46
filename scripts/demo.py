"""Makes a results folder with runs of every kind and state, all of them really run, with built-in models only.

    python scripts/demo.py FOLDER [--no-agent]

Its numbers measure nothing: mock models are marked as such on every page, and a script's answers are named for it.
The pictures of the README and a look at every page come from it. It takes about two minutes.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TASKS = (
    "python_bugfix_interval_overlap",
    "python_bugfix_prime_checker",
    "python_feature_batched_iterator",
    "python_feature_cli_reporter",
    "python_feature_moving_average",
    "python_tool_weather_cli",
    "javascript_bugfix_titlecase",
    "javascript_expert_promise_pool",
    "javascript_feature_cli_todo",
    "javascript_feature_wait_for",
)
GOOD = "builtin/mock?pass=0.85&seed=1&latency=0.05&price=3,15"
FAIR = "builtin/mock?pass=0.55&seed=2&latency=0.02&price=0.4,1.6"
POOR = "builtin/mock?pass=0.2&seed=3&latency=0.01&price=0.1,0.3"
HISTORY = 4
ROWS = 24
# A made-up key: it stands in an answer, so that pages show how a secret is taken out.
KEY = "sk-demo-0123456789abcdefghijklmnop"
ROUGH = f"\x1b[31mred\x1b[0m, half a sign \udcff, the key {KEY}, and no diff.\n" + "and so on\n" * 9000


class Script(BaseHTTPRequestHandler):
    """An OpenAI-compatible server that reckons; `script/hasty` errs at every third row, and reports no usage."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        left, right = map(int, re.findall(r"\d+", asked["messages"][-1]["content"])[:2])
        is_hasty = asked["model"].endswith("hasty")
        said = left * right + (is_hasty and left % 3 == 0)
        text = f"Step by step.\n\n{'So it goes. ' * (500 if left == 7 else 1)}\nThe answer is {said}."
        answer = {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]}
        if not is_hasty:
            answer["usage"] = {"prompt_tokens": 20, "completion_tokens": len(text) // 4}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


def run(folder: Path, *words: str, may_fail: bool = False) -> None:
    """`benchgen run` in the folder, so that the command that its page shows names no place of this machine."""
    command = [sys.executable, "-m", "benchgen", "run", *words]
    environment = os.environ | {"OPENAI_API_KEY": KEY, "BENCHGEN_RESULTS_DIR": "."}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode and not may_fail:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr}")
    print(" ".join(words)[:110], file=sys.stderr)


def code_runs(folder: Path) -> None:
    """A history, a run of five models, one stopped by its budget, and one without any answer."""
    for number in range(HISTORY):
        name = f"Nightly {number + 1}"
        run(folder, *TASKS[:4], "-m", FAIR, "--seed", str(number), "--name", name)
    chosen = [word for model in ("builtin/reference", GOOD, FAIR, POOR, "builtin/noop") for word in ("-m", model)]
    note = ("--note", "A demonstration: mock models measure nothing.")
    run(folder, *TASKS, *chosen, "--name", "Ten tasks, five models", *note)
    run(folder, *TASKS[:3], "-m", FAIR, "--samples", "3", "--name", "Three samples", "--seed", "5")
    stopped = ("--max-cost", "0.02", "--workers", "1", "--name", "Stopped by its budget")
    run(folder, *TASKS, "-m", GOOD, *stopped, may_fail=True)
    closed = ("--base-url", "http://127.0.0.1:9/v1", "--max-retries", "0", "--timeout", "2")
    run(folder, *TASKS[:3], "-m", "openai/nobody-there", *closed, "--name", "Nobody answered", may_fail=True)


def rough_run(folder: Path) -> None:
    """An answer with colour codes, a zero byte, a broken character and a key, longer than a page shows."""
    answer = folder / "answer.txt"
    answer.write_text(ROUGH, "utf-8", "surrogateescape")
    run(folder, TASKS[4], "--response-file", answer.name, "--name", "A rough answer", may_fail=True)
    answer.unlink()


def dataset_run(folder: Path) -> None:
    """Rows with their outcomes, one model of which reports no usage."""
    rows = folder / "multiplication.jsonl"
    lines = [
        {"id": f"product-{a}", "prompt": f"{a} * {b} = ?", "expected": a * b, "domain": "large" if a > 12 else "small"}
        for a, b in zip(range(1, ROWS + 1), range(6, ROWS + 6), strict=True)
    ]
    rows.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), Script) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_address[1]}/v1"
        models = ("-m", "openai/script-careful", "-m", "openai/script-hasty")
        run(folder, rows.name, *models, "--base-url", base, "--name", "Multiplication")
        server.shutdown()
    rows.unlink()


def unreadable_run(folder: Path) -> None:
    """A folder whose log was cut by something else than benchgen."""
    broken = folder / "run_20261101T000000Z_badbad"
    broken.mkdir(exist_ok=True)
    (broken / "config.json").write_text('{"run_id": "run_20261101T000000Z_badbad", "kind"', "utf-8")
    (broken / "events.jsonl").write_text("", "utf-8")


def main(folder: Path, *, agent: bool = True, unreadable: bool = True) -> None:
    """Every run, one after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    dataset_run(folder)
    if unreadable:
        unreadable_run(folder)
    if agent:
        runpy.run_path(str(ROOT / "docs" / "example_harness.py"))["main"](folder)
    rough_run(folder)
    code_runs(folder)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]).resolve(), agent="--no-agent" not in sys.argv)
