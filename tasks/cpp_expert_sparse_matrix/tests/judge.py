"""Plays each case, or those named after the driver, in a driver process of its own and compares what it observed with expected.json; prints TAP."""

from __future__ import annotations

import json
import os
import pathlib
import resource
import shlex
import subprocess
import sys
import tempfile

DEADLINE_SECONDS = 10
MAX_OUTPUT_BYTES = 1 << 20


def limit_output() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_OUTPUT_BYTES, MAX_OUTPUT_BYTES))


def play(driver: str, scenario: str) -> tuple[dict[str, object], str]:
    """The observation, or nothing and the reason why there is none."""
    command = [*shlex.split(os.environ.get("BENCHGEN_CANDIDATE", "")), driver, scenario]
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, timeout=DEADLINE_SECONDS,
                preexec_fn=limit_output, check=False,
            )
        except subprocess.TimeoutExpired:
            return {}, f"no answer within {DEADLINE_SECONDS} s"
        stdout.seek(0)
        stderr.seek(0)
        lines = stdout.read().strip().splitlines()
        said = repr(stderr.read()[-1000:].decode(errors="replace"))
    if done.returncode != 0:
        return {}, f"the driver ended with {done.returncode}; stderr: {said}"
    try:
        observed = json.loads(lines[-1])
    except (IndexError, ValueError):
        return {}, f"the driver printed no observation; stderr: {said}"
    return (observed, "") if isinstance(observed, dict) else ({}, "the observation is no object")


def differences(observed: dict[str, object], expected: dict[str, object]) -> list[str]:
    return [
        f"{key}: observed {json.dumps(observed.get(key))}, promised {json.dumps(value)}"
        for key, value in expected.items()
        if json.dumps(observed.get(key)) != json.dumps(value)
    ]


def main() -> int:
    cases = json.loads(pathlib.Path(__file__).with_name("expected.json").read_text(encoding="utf-8"))
    cases = {name: cases[name] for name in sys.argv[2:] or cases}
    print(f"1..{len(cases)}")
    failed = 0
    for number, (case, expected) in enumerate(cases.items(), start=1):
        observed, trouble = play(sys.argv[1], case)
        remarks = [trouble] if trouble else differences(observed, expected)
        failed += bool(remarks)
        print(f"{'not ok' if remarks else 'ok'} {number} - {case}", flush=True)
        for remark in remarks:
            print(f"# {remark}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
