"""Run as a program beside a runner: once the runner is gone, ends every sandbox that it was starting or running.

Bubblewrap's own `--die-with-parent` has gaps while a sandbox starts: a parent that died before it was set is not
noticed, and a first process whose bubblewrap died waits for ever. The runner holds the other end of our stdin; its
token stands in the command line of each of its sandboxes.
"""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

_QUIET_LOOKS = 10
_PAUSE_SECONDS = 0.05


def marked(token: bytes) -> list[int]:
    """All processes but this one with the token among their words."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if token in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


def end_all(token: bytes) -> None:
    """Kill until none has come up for a while: one may just be starting another."""
    quiet = 0
    while quiet < _QUIET_LOOKS:
        pids = marked(token)
        quiet = 0 if pids else quiet + 1
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_PAUSE_SECONDS)


if __name__ == "__main__":
    if sys.stdin.read() != "done\n":
        end_all(sys.argv[1].encode())
