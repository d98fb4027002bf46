"""Kills the runner at random points and resumes it: what is lost, run twice, left running, or broken.

    python scripts/bench/kill_runner.py [KILLS] [SEED]

Each run of toy tasks is killed ten times with SIGKILL, somewhere between its start and a few seconds later, then left
to finish. Every count of the last line but the first two must be 0.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

import toys

KILLS_A_RUN = 10
SAMPLES = 8
TASKS = 3


@dataclass
class Counts:
    """What went wrong, over all kills."""

    kills: int = 0
    resumes: int = 0
    lost: int = 0
    run_twice: int = 0
    gaps: int = 0
    paid_twice: int = 0
    left_running: int = 0
    unfinished: int = 0


def main(kills: int, seed: int) -> None:
    """Prints a line a run and the totals."""
    chance, counts = random.Random(seed), Counts()
    while counts.kills < kills:
        folder = Path(tempfile.mkdtemp(prefix="benchgen-kill-"))
        _one_run(folder, min(KILLS_A_RUN, kills - counts.kills), chance, counts)
        shutil.rmtree(folder)
        print(counts, flush=True)


def _one_run(folder: Path, kills: int, chance: random.Random, counts: Counts) -> None:
    tasks = toys.make_catalog(folder / "tasks", TASKS)
    results = folder / "results"
    model = "builtin/mock?pass=0.8&latency=0.05"
    words = ["run", "all", "-m", model, "--samples", SAMPLES, "--workers", 2]
    for _ in range(kills):
        before = toys.finished(results) if list(results.glob("run_*")) else []
        process = toys.start(*words, "--tasks-dir", tasks, "-o", results, "--display", "none", cwd=folder)
        _kill(process, chance.uniform(0.2, 4.0))
        counts.kills += 1
        counts.left_running += _left_running(folder)
        if not list(results.glob("run_*")):
            continue
        _check(before, results, counts)
        words = ["resume", next(results.glob("run_*")).name]
    done = toys.run(*words, "--tasks-dir", tasks, "-o", results, "--display", "none", cwd=folder)
    counts.resumes += 1
    counts.unfinished += done.returncode != 0 or len(toys.finished(results)) != SAMPLES * TASKS
    _check([], results, counts)


def _kill(process: subprocess.Popen[str], delay: float) -> None:
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()


def _check(before: list[str], results: Path, counts: Counts) -> None:
    after = toys.events(results)
    finished = [event["attempt"] for event in after if event["type"] == "attempt_finished"]
    answered = [event["attempt"] for event in after if event["type"] == "answer_received"]
    counts.lost += len(set(before) - set(finished))
    counts.run_twice += len(finished) - len(set(finished))
    counts.paid_twice += len(answered) - len(set(answered))
    counts.gaps += [event["seq"] for event in after] != list(range(1, len(after) + 1))


def _left_running(folder: Path) -> int:
    """Processes of the sandbox that still live a second after the kill; their box is named after the run."""
    runs = [path.name for path in (folder / "results").glob("run_*")]
    deadline = time.monotonic() + 1.0
    while True:
        alive = sum(any(run in line for run in runs) for line in _command_lines())
        if not alive or time.monotonic() > deadline:
            return alive
        time.sleep(0.05)


def _command_lines() -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
            except OSError:
                continue
    return [line for line in found if "bwrap" in line or "/box" in line]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
