"""A text file of unknown size and content, as much of it as can be shown."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

SNIFFED = 8192


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning and the end of a file; `tail` is empty where `head` is all of it."""

    head: str
    tail: str
    total_bytes: int
    is_binary: bool


def excerpt(path: Path, limit: int) -> Excerpt:
    """At most `limit` bytes of a file, half from each end; whole characters only, none at all of a binary file."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        size = os.fstat(fd).st_size
        if b"\0" in os.pread(fd, SNIFFED, 0):
            return Excerpt("", "", size, True)
        if size <= limit:
            return Excerpt(_text(os.pread(fd, limit, 0)), "", size, False)
        half = limit // 2
        head, tail = os.pread(fd, half, 0), os.pread(fd, half, size - half)
    finally:
        os.close(fd)
    return Excerpt(_text(_without_cut_end(head)), _text(_without_cut_start(tail)), size, False)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _without_cut_start(data: bytes) -> bytes:
    """Drops the continuation bytes of a character whose beginning was cut off."""
    for index, byte in enumerate(data[:4]):
        if byte & 0xC0 != 0x80:
            return data[index:]
    return data


def _without_cut_end(data: bytes) -> bytes:
    """Drops the beginning of a character whose end was cut off."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte & 0xC0 != 0x80:
            length = 4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2 if byte >= 0xC0 else 1
            return data[:-back] if length > back else data
    return data
