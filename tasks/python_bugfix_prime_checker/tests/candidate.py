"""Starts the driver in a process of its own, once a case, and hands back the JSON that it observed."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

DRIVER = Path(__file__).resolve().parent / "driver" / "driver.py"
DEADLINE_SECONDS = 10


def observe(scenario: str, **arguments: Any) -> Any:
    """Play one scenario behind the prefix in BENCHGEN_CANDIDATE and return the observation."""
    prefix = shlex.split(os.environ.get("BENCHGEN_CANDIDATE", ""))
    try:
        done = subprocess.run(
            [*prefix, sys.executable, "-P", "-B", "-s", str(DRIVER), scenario],
            input=json.dumps(arguments),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=DEADLINE_SECONDS,
            # A fixed seed: code that depends on the order of a set gives the same verdict every time.
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
    except subprocess.TimeoutExpired:
        pytest.fail(f"{scenario}: no answer within {DEADLINE_SECONDS} s", pytrace=False)
    said = done.stderr[-2000:]
    if done.returncode != 0:
        pytest.fail(f"{scenario}: the program ended with exit code {done.returncode}\n{said}", pytrace=False)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    try:
        return json.loads(lines[-1])
    except (IndexError, ValueError):
        pytest.fail(f"{scenario}: the program printed no observation\n{said}", pytrace=False)
