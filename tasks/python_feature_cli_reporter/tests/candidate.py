"""Starts the program in a process of its own, once a call, and hands back what it wrote and how it ended."""

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

WORKSPACE = Path(__file__).resolve().parents[1] / "workspace"
DEADLINE_SECONDS = 10


@dataclass(frozen=True)
class Ended:
    """What a program left behind."""

    code: int
    stdout: str
    stderr: str


def run(module: str, *arguments: str, stdin: str = "") -> Ended:
    """Run `python -m module` in the workspace, behind the prefix in BENCHGEN_CANDIDATE."""
    prefix = shlex.split(os.environ.get("BENCHGEN_CANDIDATE", ""))
    try:
        done = subprocess.run(
            [*prefix, sys.executable, "-B", "-s", "-m", module, *arguments],
            input=stdin.encode(),
            capture_output=True,
            timeout=DEADLINE_SECONDS,
            cwd=WORKSPACE,
            # A fixed seed: code that depends on the order of a set gives the same verdict every time.
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
    except subprocess.TimeoutExpired:
        pytest.fail(f"{module}: still running after {DEADLINE_SECONDS} s", pytrace=False)
    return Ended(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
