"""The logs of a run that goes on, for the pages of a server: their ends, read by offset."""

from __future__ import annotations

from pathlib import Path

from benchgen import paths
from benchgen.panels.log_tail import LogTail, log_part
from benchgen.store.tails import last_lines

FILES = {"stderr": paths.STDERR, "stdout": paths.STDOUT}
LINES = 200


def log_tail(folder: Path) -> LogTail:
    """The last lines of each log of the run in `folder`."""
    tails = ((name, last_lines(folder / file, LINES)) for name, file in FILES.items())
    parts = tuple(log_part(name, tail.lines, tail.start, tail.offset, tail.size) for name, tail in tails)
    return LogTail(folder.name, parts)


def no_log() -> LogTail:
    """Where the logs of the run that is taken up next will be shown."""
    return LogTail(None, tuple(log_part(name, (), 0, 0, 0) for name in FILES))


def log_sizes(folder: Path) -> dict[str, int]:
    """How long each log is by now; 0 where there is none."""
    return {name: _size(folder / file) for name, file in FILES.items()}


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
