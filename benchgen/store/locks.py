"""Who may write: one runner per run folder for its life, one writer at a time for the files at the results' root."""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchgen import codec, paths
from benchgen.errors import BadFile, Locked
from benchgen.record import Record
from benchgen.store.files import remove_leftovers, write_all


class Holder(Record):
    """A process, told apart from a later one of the same number by when it started."""

    pid: int
    started: str


@contextmanager
def runner_lock(folder: Path) -> Iterator[None]:
    """Held by whoever schedules this run, for as long as it does; Locked at once while another process has it."""
    fd = os.open(folder / paths.RUNNER_LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        _take(fd, folder)
        _write(fd, codec.line(Holder(os.getpid(), process_start(os.getpid()) or "")))
        remove_leftovers(folder)
        try:
            yield
        finally:
            _write(fd, b"")
    finally:
        os.close(fd)


def _take(fd: int, folder: Path) -> None:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        other = holder(folder)
        who = f"process {other.pid}" if other else "another process"
        raise Locked(
            f"{who} is running this run",
            where=str(folder),
            hint=f"wait for it, or end it: benchgen cancel {folder.name}",
        ) from fault


def _write(fd: int, data: bytes) -> None:
    os.ftruncate(fd, 0)
    os.lseek(fd, 0, os.SEEK_SET)
    write_all(fd, data)


@contextmanager
def root_lock(root: Path) -> Iterator[None]:
    """Held for the moment in which files at the results' root change; waits for its turn."""
    fd = os.open(root / paths.ROOT_LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def holder(folder: Path) -> Holder | None:
    """The process named in a run's lock; None when nobody is, or the file is damaged."""
    path = folder / paths.RUNNER_LOCK
    try:
        return codec.read(path.read_bytes(), Holder, where=str(path))
    except (FileNotFoundError, BadFile):
        return None


def is_alive(folder: Path) -> bool:
    """Whether the process that runs this run still lives. Readers look, they never lock."""
    other = holder(folder)
    return other is not None and other.started != "" and process_start(other.pid) == other.started


def process_start(pid: int) -> str | None:
    """When a process started, in the system's own spelling; None when there is no such process."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.parent.parent.joinpath("self").exists():
        return _start_from_proc(stat)
    found = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def _start_from_proc(stat: Path) -> str | None:
    """Field 22 of /proc/<pid>/stat; the name before it may hold blanks and brackets. A zombie runs nothing."""
    try:
        fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in ("Z", "X") else fields[19]
