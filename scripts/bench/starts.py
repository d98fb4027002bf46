"""How long commands take to start, beside Python with click and nothing else.

python scripts/bench/starts.py
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TRIES = 5
NOTHING = ["-c", "import click"]


def main() -> None:
    """Prints the figures with their aims."""
    with tempfile.TemporaryDirectory(prefix="benchgen-starts-") as name:
        folder = Path(name)
        run = ["-m", "benchgen", "run", "python_expert_workflow_scheduler", "-m", "builtin/noop", "--dry-run"]
        _print("python and click", NOTHING, folder, "")
        _print("benchgen --help", ["-m", "benchgen", "--help"], folder, "aim 60 ms")
        _print("benchgen list tasks", ["-m", "benchgen", "list", "tasks"], folder, "")
        _print("benchgen run --dry-run", run, folder, "aim 250 ms")


def _print(name: str, words: list[str], folder: Path, aim: str) -> None:
    tries = [_once(words, folder) for _ in range(TRIES)][1:]  # the first one compiles modules
    passed, computed = min(one[0] for one in tries), min(one[1] for one in tries)
    print(f"{name:>24}: {1000 * passed:5.0f} ms passed, {1000 * computed:5.0f} ms computed {f'({aim})' if aim else ''}")


def _once(words: list[str], folder: Path) -> tuple[float, float]:
    """Seconds that passed, and those that the process computed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, capture_output=True, cwd=folder, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    computed = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, computed


if __name__ == "__main__":
    main()
