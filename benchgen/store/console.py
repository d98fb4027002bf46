"""What a run says to people while it goes on, line by line, in its folder."""

from __future__ import annotations

import os
from pathlib import Path

from benchgen import paths
from benchgen.redact import Redactor

_PLAIN = Redactor()


def say(folder: Path, line: str, *, redactor: Redactor = _PLAIN) -> None:
    """Adds a line to the run's `stderr.log`. Not synced: what counts is in the log of events."""
    data = redactor.bytes(line.encode("utf-8", "replace") + b"\n")
    descriptor = os.open(folder / paths.STDERR, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o644)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)
