"""The end of a growing log, and what is new in it since: by offset, never the whole file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

WINDOW = 64 * 1024
LONGEST_LINE = 4096


@dataclass(frozen=True, slots=True)
class Tail:
    """Whole lines, where the next one begins, and how many bytes before them were left out."""

    lines: tuple[str, ...]
    offset: int
    skipped: int = 0


def last_lines(path: Path, count: int) -> Tail:
    """The last `count` whole lines, of the last 64 KiB at most."""
    tail = lines_since(path, None)
    return Tail(tail.lines[-count:] if count else (), tail.offset, tail.skipped)


def lines_since(path: Path, offset: int | None) -> Tail:
    """The whole lines after `offset`; a reader that is far behind is moved to the last 64 KiB. None means the end."""
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            wanted = 0 if offset is not None and offset > size else offset  # the file was cut: from its beginning
            start = max(0, size - WINDOW) if wanted is None else max(wanted, size - WINDOW)
            file.seek(start)
            data = file.read(size - start)
    except FileNotFoundError:
        return Tail((), 0)
    end = data.rfind(b"\n") + 1
    if not end and len(data) >= WINDOW:  # one endless line: shown in pieces
        end = len(data)
    lines = data[:end].decode("utf-8", "replace").splitlines()
    is_cut = bool(start) and start != wanted
    skipped = start - (wanted or 0) if is_cut else 0
    whole = lines[1:] if is_cut and len(lines) > 1 else lines
    return Tail(tuple(line[:LONGEST_LINE] for line in whole), start + end, skipped)
