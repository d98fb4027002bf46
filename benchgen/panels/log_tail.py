"""What a run's process said, as far as a page shows it: the end of each of its logs, and where to ask for the rest."""

from __future__ import annotations

from collections.abc import Sequence

from benchgen.panels.log_text import clean
from benchgen.record import Record


class LogPart(Record):
    """The end of one log. `start` is the byte where its text begins, `offset` where the next line will."""

    name: str
    text: str
    start: int
    offset: int
    size: int


class LogTail(Record):
    """The logs of a run; without one, the place where those of the next will appear."""

    run_id: str | None
    parts: tuple[LogPart, ...]


def log_part(name: str, lines: Sequence[str], start: int, offset: int, size: int) -> LogPart:
    """Lines as they may be shown."""
    return LogPart(name, "".join(f"{clean(line)}\n" for line in lines), start, offset, size)
