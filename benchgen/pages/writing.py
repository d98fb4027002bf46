"""Puts pages on disk, each whole or not at all, and many of them on all cores."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

from benchgen.errors import BenchgenError
from benchgen.pages.page import Page
from benchgen.store.collecting import all_kept
from benchgen.store.files import write_all

BATCH = 4096
"""Pages held at once: enough to keep all cores busy, few enough for a site of any size."""
FEWEST_A_CORE = 128
MOST_CORES = 8
UNFINISHED = ".writing"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC


def write_pages(folder: Path, pages: Sequence[Page], cores: int | None = None) -> None:
    """Renders and writes pages. Where there are many, forked processes take a share each: a page needs no other.

    The first page is made before the others start, so that its template is read once. A share that fails is done again
    here, where the error can be told.
    """
    if not pages:
        return
    _make_folders(folder, pages)
    _write_all(folder, pages[:1])
    lanes = max(1, min(cores or _cores(), len(pages) // FEWEST_A_CORE))
    shares = [pages[1 + lane :: lanes] for lane in range(lanes)]
    with all_kept():
        _write_shares(folder, shares)


def _write_shares(folder: Path, shares: Sequence[Sequence[Page]]) -> None:
    """The first here, each other in a process of its own."""
    children = [_forked(folder, share) for share in shares[1:]]
    try:
        _write_all(folder, shares[0])
    finally:
        failed = [share for child, share in zip(children, shares[1:], strict=True) if os.waitpid(child, 0)[1]]
    for share in failed:
        _write_all(folder, share)


def write_file(path: Path, content: bytes) -> None:
    """A reader sees the old file or the new one, never a part."""
    _write(str(path.parent), str(path), content)


def writer_of(path: str) -> int | None:
    """The process that has a file half written; None for every other file."""
    name = path.rpartition("/")[2]
    number = name.removeprefix(".").removesuffix(UNFINISHED)
    return int(number) if name == f".{number}{UNFINISHED}" and number.isdecimal() and number.isascii() else None


def _cores() -> int:
    """How many cores to use: one where forking is not safe, with threads about or on another system than Linux."""
    if not hasattr(os, "sched_getaffinity") or threading.active_count() > 1:
        return 1
    return min(MOST_CORES, len(os.sched_getaffinity(0)))


def _forked(folder: Path, share: Sequence[Page]) -> int:
    """A process that writes its share and ends at once, with 1 when anything went wrong."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        _write_all(folder, share)
        code = 0
    finally:
        os._exit(code)


def _make_folders(folder: Path, pages: Sequence[Page]) -> None:
    for parent in {_checked(page.path).rpartition("/")[0] for page in pages}:
        (folder / parent).mkdir(parents=True, exist_ok=True)


def _write_all(folder: Path, pages: Sequence[Page]) -> None:
    base = str(folder)
    for page in pages:
        parent = page.path.rpartition("/")[0]
        _write(f"{base}/{parent}", f"{base}/{page.path}", page.render())


def _write(parent: str, path: str, content: bytes) -> None:
    temporary = f"{parent}/.{os.getpid()}{UNFINISHED}"
    fd = os.open(temporary, _NEW, 0o666)  # a file object costs more than a small page's bytes
    try:
        write_all(fd, content)
    finally:
        os.close(fd)
    os.replace(temporary, path)  # noqa: PTH105 - pathlib took a third of the time


def _checked(path: str) -> str:
    """A page's path, which must stay below the site's root."""
    if any(part in ("", ".", "..") for part in path.split("/")) or "\\" in path or "\0" in path:
        raise BenchgenError(f"a page may not be written to {path!r}")
    return path
