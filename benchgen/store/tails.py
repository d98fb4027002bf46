"""The end of a growing log, what is new in it, and what stood before: by offset, never the whole file."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from benchgen.record import Record

WINDOW = 64 * 1024
LONGEST_LINE = 4096


class Tail(Record):
    """Whole lines, where the first begins and where the next one will, and how many bytes before them were left out."""

    lines: tuple[str, ...]
    offset: int
    skipped: int = 0
    start: int = 0
    size: int = 0


def last_lines(path: Path, count: int) -> Tail:
    """The last `count` whole lines, of the last 64 KiB at most."""
    return _read(path, lambda size: (max(0, size - WINDOW), size), count)


def lines_since(path: Path, offset: int | None) -> Tail:
    """The whole lines after `offset`; a reader that is far behind is moved to the last 64 KiB. None means the end."""
    if offset is None:
        return _read(path, lambda size: (max(0, size - WINDOW), size))

    def span(size: int) -> tuple[int, int]:
        wanted = 0 if offset > size else offset  # the file was cut: from its beginning
        return max(wanted, size - WINDOW), size

    return _read(path, span, wanted=offset)


def lines_before(path: Path, offset: int) -> Tail:
    """The whole lines of the 64 KiB before `offset`, which is where a line begins."""
    return _read(path, lambda size: (max(0, min(offset, size) - WINDOW), min(offset, size)))


def _read(path: Path, span: Callable[[int], tuple[int, int]], count: int | None = None, wanted: int = 0) -> Tail:
    """The lines of one span of the file; the first one only where it is known to begin there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:  # not there, or a link to who knows where
        return Tail((), 0)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Tail((), 0)
        start, stop = span(status.st_size)
        file.seek(start)
        data = file.read(max(0, stop - start))
    return _tail(data, start, count, wanted if wanted <= status.st_size else 0, status.st_size)


def _tail(data: bytes, start: int, count: int | None, wanted: int, size: int) -> Tail:
    end = data.rfind(b"\n") + 1
    if not end and len(data) >= WINDOW:  # one endless line: shown in pieces
        end = len(data)
    begin = data.find(b"\n", 0, max(0, end - 1)) + 1 if start > wanted else 0
    if count is not None:
        begin = max(begin, _nth_from_end(data, end, count))
    lines = data[begin:end].decode("utf-8", "replace").splitlines()
    skipped = start - wanted if start > wanted else 0
    return Tail(tuple(line[:LONGEST_LINE] for line in lines), start + end, skipped, start + begin, size)


def _nth_from_end(data: bytes, end: int, count: int) -> int:
    """Where the last `count` lines begin."""
    at = end
    for _ in range(count):
        at = data.rfind(b"\n", 0, max(0, at - 1)) + 1
        if not at:
            break
    return at
