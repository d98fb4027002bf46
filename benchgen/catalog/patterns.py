"""Patterns from datasets, searched with a bound on time: some patterns take for ever on some answers."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import threading
import time
from pathlib import Path

from benchgen import codec

SECONDS = 1.0
LONGEST_PATTERN = 1_000
_CHILD = Path(__file__).with_name("pattern_child.py")


def fault_of(pattern: str) -> str | None:
    """What is wrong with a pattern; None when it can be used."""
    if len(pattern) > LONGEST_PATTERN:
        return f"the pattern is longer than {LONGEST_PATTERN:,} characters"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as fault:
        return f"no valid pattern: {fault}"
    return None


class PatternSearch:
    """Searches in a child process, one search at a time; a search that takes too long costs the child its life."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def search(self, pattern: str, text: str) -> bool | None:
        """Whether the pattern is found; None when that could not be told in time."""
        asked = codec.line([pattern, text.encode("utf-8", "replace").decode()])
        with self._turn:
            if self._child is None:
                # Unbuffered: what is read is waited for with a time, below any buffer of Python's.
                self._child = subprocess.Popen(
                    [sys.executable, "-I", str(_CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
                )
            said = _exchange(self._child, asked, self._seconds)
            if said is None:
                self._end()
            return said

    def close(self) -> None:
        """Ends the child."""
        with self._turn:
            self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None


def _exchange(child: subprocess.Popen[bytes], asked: bytes, seconds: float) -> bool | None:
    """The child's word on one search. It reads a whole line before it begins, so that writing never waits for long."""
    if child.stdin is None or child.stdout is None:
        return None
    rest = memoryview(asked)
    try:
        while rest:
            rest = rest[os.write(child.stdin.fileno(), rest) :]
    except BrokenPipeError:
        return None
    said, until = b"", time.monotonic() + seconds
    while not said.endswith(b"\n"):
        ready, _, _ = select.select([child.stdout], [], [], max(0.0, until - time.monotonic()))
        piece = os.read(child.stdout.fileno(), 16) if ready else b""
        if not piece:
            return None
        said += piece
    return said == b"true\n"
