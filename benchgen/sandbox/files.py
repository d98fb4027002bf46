"""The host's side of a hostile folder: making a box, reading from it and removing it, without ever following a link."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from benchgen.errors import BenchgenError
from benchgen.record import Record
from benchgen.sandbox.launcher import Owner
from benchgen.sandbox.spec import Job

_FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER_FLAGS = _FILE_FLAGS | os.O_DIRECTORY


class UnsafePath(BenchgenError):
    """A path in a box is a link, leads outside, or is no regular file."""

    code = "unsafe_path"


class FoundFile(Record):
    """A regular file of a hostile folder."""

    path: str
    """Relative to the folder, with `/`."""
    size: int


class Caps(Record):
    """How much of a hostile folder is looked at."""

    files: int = 10_000
    file_bytes: int = 16 * 1024 * 1024
    depth: int = 64


def check_relative(folder: Path, path: str) -> None:
    """Refuse a path that is absolute, climbs, or passes through a link; it need not exist."""
    parts = PurePosixPath(path).parts
    if PurePosixPath(path).is_absolute() or ".." in parts or "\0" in path:
        raise UnsafePath("must lie inside the box", where=path)
    step = folder
    for part in parts:
        step = step / part
        if step.is_symlink():
            raise UnsafePath("is a link", where=path)


def check_job(job: Job) -> None:
    """Refuse a job with a path that leads out of its box, or with nothing there to protect yet."""
    for path in (job.cwd, job.candidate_cwd, *job.read_only, *job.hidden, *job.visible):
        check_relative(job.box, path)
    for path in (*job.read_only, *job.hidden, *job.visible):
        if not (job.box / path).exists():
            raise UnsafePath("is to be protected, but does not exist", where=path)


def walk(folder: Path, caps: Caps | None = None) -> Iterator[FoundFile]:
    """The regular files below, in order of name; all else, the unreadable, and names not in UTF-8 are passed by."""
    caps = caps or Caps()
    root = os.open(folder, _FOLDER_FLAGS)
    try:
        for number, found in enumerate(_walk(root, "", caps.depth)):
            if number >= caps.files:
                raise UnsafePath(f"holds more than {caps.files} files", where=str(folder))
            yield found
    finally:
        os.close(root)


def _walk(parent: int, prefix: str, depth: int) -> Iterator[FoundFile]:
    for name in sorted(filter(_is_text, os.listdir(parent))):
        status = os.stat(name, dir_fd=parent, follow_symlinks=False)
        if stat.S_ISREG(status.st_mode):
            yield FoundFile(prefix + name, status.st_size)
        elif stat.S_ISDIR(status.st_mode) and depth:
            try:
                child = os.open(name, _FOLDER_FLAGS, dir_fd=parent)
            except OSError:
                continue
            try:
                yield from _walk(child, f"{prefix}{name}/", depth - 1)
            finally:
                os.close(child)


def _is_text(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def read_file(folder: Path, path: str, caps: Caps | None = None) -> bytes:
    """The bytes of one regular file below; no part of the path may be a link."""
    limit = (caps or Caps()).file_bytes
    check_relative(folder, path)
    *parents, name = PurePosixPath(path).parts
    parent = os.open(folder, _FOLDER_FLAGS)
    try:
        for part in parents:
            child = os.open(part, _FOLDER_FLAGS, dir_fd=parent)
            os.close(parent)
            parent = child
        descriptor = os.open(name, _FILE_FLAGS, dir_fd=parent)
    except OSError as error:
        raise UnsafePath(f"cannot be read: {error.strerror}", where=path) from error
    finally:
        os.close(parent)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnsafePath("is no regular file", where=path)
        data = file.read(limit + 1)
    if len(data) > limit:
        raise UnsafePath(f"is longer than {limit} bytes", where=path)
    return data


def make_box(layout: Mapping[str, Path], parent: Path | None = None) -> Path:
    """A fresh box with copies of folders at the given relative paths; to be removed with `remove_tree`."""
    box = Path(tempfile.mkdtemp(prefix="benchgen-box-", dir=parent))
    for place, source in layout.items():
        copy_into(box, place, source)
    return box


def copy_into(box: Path, place: str, source: Path) -> None:
    """Copy the regular files below `source` to `place` in the box, over what is there."""
    check_relative(box, place)
    (box / place).mkdir(parents=True, exist_ok=True)
    for found in walk(source):
        path = f"{place}/{found.path}"
        check_relative(box, path)
        target = box / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(read_file(source, found.path))
        target.chmod(0o755 if (source / found.path).stat().st_mode & 0o100 else 0o644)


def hand_over(box: Path, owner: Owner) -> None:
    """Give the box and all in it to the user that untrusted code runs as; a no-op unless we are root."""
    if os.geteuid() == owner.uid:
        return
    try:
        for _, _, names, parent in os.fwalk(box):
            os.fchown(parent, owner.uid, owner.gid)
            for name in names:
                os.chown(name, owner.uid, owner.gid, dir_fd=parent, follow_symlinks=False)
    except RecursionError:
        _tool("chown", "-R", "-h", f"{owner.uid}:{owner.gid}", "--", str(box))


def remove_tree(folder: Path) -> None:
    """Remove a hostile folder, however deep, unreadable or oddly named; links in it are removed, not followed."""
    if not folder.is_symlink() and folder.is_dir():
        if os.geteuid():
            _tool("chmod", "-R", "u+rwX", "--", str(folder))
        _tool("rm", "-rf", "--", str(folder))
    else:
        folder.unlink(missing_ok=True)


def _tool(*argv: str) -> None:
    """Run one of the tools that, unlike Python's own walks, do not give up on thousands of nested folders."""
    run = subprocess.run(argv, capture_output=True, text=True, errors="replace", check=False)
    if run.returncode:
        raise UnsafePath(f"{argv[0]} says: {run.stderr.strip()}", where=argv[-1])
