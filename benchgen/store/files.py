"""The few ways in which bytes reach the disk: whole, replaced at once, synced, and "disk full" said as such."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from benchgen.errors import BadFile, DiskFull, NotFound

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
_NEW = ".new"


@contextmanager
def disk_full_named(folder: Path) -> Iterator[None]:
    """Turns the system's "no space left" and "quota exceeded" into DiskFull, naming the folder."""
    try:
        yield
    except OSError as fault:
        if fault.errno not in _FULL:
            raise
        raise DiskFull(
            "disk full", where=str(folder), hint="free some space and resume the run; nothing acknowledged is lost"
        ) from fault


def write_all(fd: int, data: bytes) -> None:
    """Writes all of `data`: one `os.write` may write a part of it without saying so."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def read_bytes(path: Path) -> bytes:
    """A whole file; NotFound when there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise NotFound("no such file", where=str(path)) from fault
    except IsADirectoryError as fault:
        raise BadFile("a folder where a file should be", where=str(path)) from fault


def write_new(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Writes a file in place; only for folders that nobody can see yet."""
    with disk_full_named(path.parent):
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o644)
        try:
            write_all(fd, data)
            if durable:
                os.fsync(fd)
        finally:
            os.close(fd)


def replace_file(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Readers see the old file or the new one, never a part; without `durable` a power cut may leave the old one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}{_NEW}")
    try:
        write_new(temporary, data, durable=durable)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def replace_file_by_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """`replace_file` for what comes piece by piece."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}{_NEW}")
    temporary.unlink(missing_ok=True)
    try:
        write_lines(temporary, pieces)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def replace_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """The same for a folder of files: written beside it, synced, renamed; an older one of the name is removed."""
    temporary = path.with_name(f".{path.name}{_NEW}")
    remove_tree(temporary)
    with disk_full_named(path.parent):
        try:
            write_folder(temporary, files)
        except BaseException:
            remove_tree(temporary)
            raise
        remove_tree(path)
        temporary.rename(path)
        sync_folder(path.parent)


def write_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Writes lines as they come, so that no more than a few are held; only for folders that nobody can see yet."""
    with disk_full_named(path.parent), path.open("xb") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """A new folder with these files, all of it synced."""
    folder.mkdir()
    inner = {folder}
    for name, data in files.items():
        target = folder / safe_relative(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        inner.update(parent for parent in target.parents if parent.is_relative_to(folder))
        write_new(target, data)
    for each in inner:
        sync_folder(each)


def safe_relative(name: str) -> PurePosixPath:
    """A path below a folder of ours, each part of it plain; BadFile when it could lead elsewhere."""
    parts = name.split("/")
    if "\0" in name or "\\" in name or any(part in ("", ".", "..") for part in parts):
        raise BadFile("not a path inside the run folder", where=repr(name))
    return PurePosixPath(name)


def sync_file(file: BinaryIO) -> None:
    """All that was written to an open file is on disk for good."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Makes names in a folder as durable as the files they name."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_folder(folder: Path) -> None:
    """A folder and its parents, durable."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    with disk_full_named(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        sync_folder(each.parent)


def remove_tree(path: Path) -> None:
    """Removes a file, a link or a folder of ours with all that is in it; nothing there is fine."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Removes what a crash left half-written; only for whoever alone writes in this folder."""
    with suppress(FileNotFoundError):
        for path in list(folder.iterdir()):
            if path.name.startswith(".") and path.name.endswith(_NEW):
                remove_tree(path)
