"""Asks the process that runs a run to stop, and waits until it has."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from benchgen.errors import BenchgenError
from benchgen.store.locks import holder, is_alive

GRACE_SECONDS = 1.0
_POLL = 0.05


def stop(folder: Path, *, now: bool, wait: float) -> int | None:
    """Ends the runner of a run; the number of the process that was asked, None where nobody runs it.

    Attempts under way may end; with `now` they are killed after a second. BenchgenError after `wait` seconds, or where
    the process is another user's.
    """
    runner = holder(folder)
    if runner is None or not is_alive(folder):  # its start time is looked at: it is the one
        return None
    deadline = time.monotonic() + wait
    try:
        os.kill(runner.pid, signal.SIGINT)
        if now and not _is_over(folder, time.monotonic() + GRACE_SECONDS):
            os.kill(runner.pid, signal.SIGINT)
    except ProcessLookupError:
        return runner.pid
    except PermissionError as fault:
        hint = "cancel it as the user who started it"
        raise BenchgenError(f"process {runner.pid} belongs to another user", where=folder.name, hint=hint) from fault
    if not _is_over(folder, deadline):
        hint = f"kill what is under way: benchgen cancel {folder.name} --now"
        raise BenchgenError(f"still running after {wait:.0f} s", where=folder.name, hint=hint)
    return runner.pid


def _is_over(folder: Path, deadline: float) -> bool:
    while is_alive(folder):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL)
    return True
