"""What a run says to people while it goes on, line by line, in its folder."""

from __future__ import annotations

import os
from pathlib import Path

from benchgen import paths
from benchgen.redact import Redactor
from benchgen.store.files import write_all

_PLAIN = Redactor()


def say(folder: Path, line: str, *, redactor: Redactor = _PLAIN) -> None:
    """Adds a line to the run's `stderr.log`. Not synced: what counts is in the log of events."""
    keep(folder, paths.STDERR, line.encode("utf-8", "replace") + b"\n", redactor=redactor)


def keep(folder: Path, name: str, data: bytes, *, redactor: Redactor = _PLAIN) -> None:
    """Adds whole lines to a log of the run's process. Not synced either."""
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o644)
    try:
        write_all(descriptor, redactor.bytes(data))
    finally:
        os.close(descriptor)
