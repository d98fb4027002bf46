"""A text file of unknown size and content, as much of it as can be shown."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from benchgen.record import Record

SNIFFED = 8192
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Excerpt(Record):
    """The beginning and the end of a file; `tail` is empty where `head` is all of it."""

    head: str
    tail: str
    total_bytes: int
    is_binary: bool


def excerpt(path: Path, limit: int) -> Excerpt:
    """At most `limit` bytes of a file, half from each end; whole characters only, none at all of a binary file."""
    fd = os.open(path, _FILE)
    try:
        return _excerpt(fd, os.fstat(fd).st_size, limit)
    finally:
        os.close(fd)


def excerpts(root: Path, folder: str, names: Iterable[str], limit: int) -> dict[str, Excerpt]:
    """Files of one folder below `root`, never through a link; each step is opened from the one before.

    Those that are missing, or are no regular files, are left out.
    """
    parts = folder.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return {}
    try:
        fd = os.open(root, _FOLDER)
    except OSError:
        return {}
    try:
        for part in parts:
            inner = os.open(part, _FOLDER, dir_fd=fd)
            os.close(fd)
            fd = inner
        read = ((name, _excerpt_of(fd, name, limit)) for name in names if "/" not in name)
        return {name: one for name, one in read if one is not None}
    except OSError:
        return {}
    finally:
        os.close(fd)


def _excerpt_of(folder: int, name: str, limit: int) -> Excerpt | None:
    try:
        fd = os.open(name, _FILE, dir_fd=folder)
    except OSError:
        return None
    try:
        status = os.fstat(fd)
        return _excerpt(fd, status.st_size, limit) if stat.S_ISREG(status.st_mode) else None
    except OSError:
        return None
    finally:
        os.close(fd)


def _excerpt(fd: int, size: int, limit: int) -> Excerpt:
    head = os.pread(fd, limit if size <= limit else max(limit // 2, SNIFFED), 0)
    if b"\0" in head[:SNIFFED]:
        return Excerpt("", "", size, True)
    if size <= limit:
        return Excerpt(_text(head), "", size, False)
    half = limit // 2
    tail = os.pread(fd, half, size - half)
    return Excerpt(_text(_without_cut_end(head[:half])), _text(_without_cut_start(tail)), size, False)


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
