"""A catalog of toy tasks that are judged in well under a second, and a benchgen command to run them with."""

from __future__ import annotations

import difflib
import json
import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

JUDGE = """import json, os, pathlib, shlex, subprocess, sys

DRIVER = pathlib.Path(__file__).parent / "driver" / "driver.py"

def observe(*numbers):
    words = shlex.split(os.environ.get("BENCHGEN_CANDIDATE", ""))
    command = [*words, sys.executable, "-P", str(DRIVER), *map(str, numbers)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, timeout=10).stdout.splitlines()[-1])

def test_adds():
    assert observe(2, 3) == 5

def test_adds_below_zero():
    assert observe(-2, -3) == -5
"""
DRIVER = """import json, os, pathlib, sys
channel = os.fdopen(os.dup(1), "w"); os.dup2(2, 1)
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "workspace"))
from adding import add
print(json.dumps(add(int(sys.argv[1]), int(sys.argv[2]))), file=channel)
"""
STARTER = "def add(a, b):\n    raise NotImplementedError\n"
RIGHT = "def add(a, b):\n    return a + b\n"
WRONG = "def add(a, b):\n    return abs(a) + abs(b)\n"


def make_task(folder: Path, task_id: str) -> Path:
    """One toy task, with a reference and a mutant."""
    task = folder / task_id
    metadata = {
        "task_id": task_id,
        "title": "Add two numbers",
        "language": "python",
        "type": "feature_implementation",
        "difficulty": "easy",
        "domain": "algorithms",
        "instructions_file": "instructions.md",
        "workspace_dir": "workspace",
        "tests_dir": "tests",
        "reference_dir": "reference",
        "eval": {"command": ["python", "-m", "pytest", "-q", "tests"], "timeout_seconds": 30},
        "scoring": {"tests_passed": 1.0},
        "tags": ["toy"],
        "cases": ["test_adds", "test_adds_below_zero"],
        "isolation": "process",
    }
    mutant = {"caught_by": "test_adds_below_zero", "why": "forgets the sign"}
    contents = {
        "metadata.json": json.dumps(metadata),
        "instructions.md": "# Add two numbers\n\nWrite `add(a, b)` in `adding.py`.\n",
        "workspace/adding.py": STARTER,
        "tests/test_adding.py": JUDGE,
        "tests/driver/driver.py": DRIVER,
        "reference/adding.py": RIGHT,
        "mutants/unsigned/mutant.json": json.dumps(mutant),
        "mutants/unsigned/mutant.patch": change_of(RIGHT, WRONG),
    }
    for name, content in contents.items():
        path = task / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return task


def change_of(before: str, after: str, name: str = "adding.py") -> str:
    """The unified diff of one file."""
    lines = (text.splitlines(keepends=True) for text in (before, after))
    return "".join(difflib.unified_diff(*lines, f"a/{name}", f"b/{name}"))


def mutate(task: Path, code: str) -> None:
    """Makes the task's mutant answer with other code."""
    (task / "mutants/unsigned/mutant.patch").write_text(change_of(RIGHT, code))


def make_catalog(folder: Path, count: int) -> Path:
    for number in range(count):
        make_task(folder, f"toy_{number}")
    return folder


def new_run_id() -> str:
    """An id of its own: boxes are named after it, and other sessions may run the same tests."""
    return f"run_20261121T000000Z_{secrets.token_hex(3)}"


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "benchgen", *map(str, words)]


def start(*words: object, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    """The command in a session of its own, so that a signal meets it alone."""
    return subprocess.Popen(
        command(*words),
        cwd=cwd,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(*words: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words), cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=180
    )


def kill(process: subprocess.Popen[str], number: int = signal.SIGKILL) -> None:
    process.send_signal(number)


def events(results: Path) -> list[dict[str, object]]:
    """The events of the only run in a results folder; a torn last line is no event."""
    (log,) = results.glob("run_*/events.jsonl")
    return read_events(log)


def read_events(log: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.read_text().splitlines(keepends=True) if line.endswith("\n")]


def finished(results: Path) -> list[str]:
    return [str(event["attempt"]) for event in events(results) if event["type"] == "attempt_finished"]
