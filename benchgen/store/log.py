"""The log of a run: appending under its lock, and reading only what is new."""

from __future__ import annotations

import fcntl
import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchgen import codec, paths
from benchgen.clock import Clock
from benchgen.errors import BadFile
from benchgen.records.events import Event
from benchgen.records.state import Line
from benchgen.redact import Redactor
from benchgen.store.files import disk_full_named, write_all

CHUNK = 1 << 20
TAIL = 1 << 16


def append(
    folder: Path,
    events: Sequence[Event],
    *,
    sync: bool = True,
    clock: Clock = Clock(),
    redactor: Redactor = Redactor(),
) -> list[Event]:
    """Adds events to a run's log, all or none, and returns them as they stand there: numbered, timed, redacted.

    The log's own lock keeps `seq` without a gap whatever other threads or processes append. A last line that a crash
    left unfinished is cut off first.
    """
    path = folder / paths.EVENTS
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        end, seq = _end_of_log(fd, path)
        written, data = _spell(events, seq, clock, redactor)
        with disk_full_named(folder):
            _write_at(fd, end, data)
            if sync:
                os.fdatasync(fd)
    finally:
        os.close(fd)
    return written


def _write_at(fd: int, end: int, data: bytes) -> None:
    """All of `data` after the last whole line, or nothing: half a batch is taken back."""
    os.lseek(fd, end, os.SEEK_SET)
    try:
        write_all(fd, data)
    except OSError:
        os.ftruncate(fd, end)
        raise


def _spell(events: Sequence[Event], seq: int, clock: Clock, redactor: Redactor) -> tuple[list[Event], bytes]:
    now = clock.stamp()
    numbered = [replace(event, seq=number, at=event.at or now) for number, event in enumerate(events, seq + 1)]
    lines = [codec.event_line(event) for event in numbered]
    data = b"".join(lines)
    if redactor.bytes(data) == data:
        return numbered, data
    clean = [redactor.bytes(line) for line in lines]
    return [codec.whole_event(line, where="a redacted event") for line in clean], b"".join(clean)


def _end_of_log(fd: int, path: Path) -> tuple[int, int]:
    """Where the next line goes and the last number given; cuts off an unfinished last line."""
    size = os.fstat(fd).st_size
    end = _after_newline(fd, size)
    if end < size:
        os.ftruncate(fd, end)
    if end == 0:
        return 0, 0
    start = _after_newline(fd, end - 1)
    last = codec.event(os.pread(fd, end - start, start), where=_place(path, start))
    return end, last.seq


def _after_newline(fd: int, end: int) -> int:
    """The offset just behind the last newline before `end`; 0 when there is none."""
    while end > 0:
        start = max(0, end - TAIL)
        found = os.pread(fd, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


class LogReader:
    """Reads a growing log from where it stopped; it never locks or writes, and leaves a torn last line for later."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.restarted = False
        self._inode: int | None = None
        self._offset = 0
        self._seq = 0

    @property
    def offset(self) -> int:
        """How far the log has been read, in bytes."""
        return self._offset

    def poll(self) -> list[tuple[Event, Line]]:
        """The events that are new. `restarted` says that the log was replaced or cut: what came before is void.

        Damage in the middle raises BadFile with its byte offset, once the events before it have been handed out.
        """
        found: list[tuple[Event, Line]] = []
        try:
            self.scan(lambda event, offset, length: found.append((event, Line(offset, length))))
        except BadFile:
            if not found:
                raise
        return found

    def scan(self, take: Callable[[Event, int, int], object]) -> None:
        """Hands each new event with its offset and length to `take`: for logs too long to hold."""
        self.restarted = False
        try:
            fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            status = os.fstat(fd)
            self._notice_restart(status)
            with _collecting_later(status.st_size - self._offset):
                self._scan(fd, status.st_size, take)
        finally:
            os.close(fd)

    def _notice_restart(self, status: os.stat_result) -> None:
        if self._inode is not None and (status.st_ino != self._inode or status.st_size < self._offset):
            self.restarted = True
            self._offset = self._seq = 0
        self._inode = status.st_ino

    def _scan(self, fd: int, size: int, take: Callable[[Event, int, int], object]) -> None:
        rest, position = b"", self._offset
        while position < size:
            chunk = os.pread(fd, min(CHUNK, size - position), position)
            if not chunk:
                return
            position += len(chunk)
            *whole, rest = (rest + chunk).split(b"\n")
            self._take_lines(whole, take)

    def _take_lines(self, lines: list[bytes], take: Callable[[Event, int, int], object]) -> None:
        """Each line costs a microsecond or two, so that names are looked up once; where it stops is always kept."""
        offset, seq, quickly = self._offset, self._seq, codec.event_quickly
        try:
            for data in lines:
                event = quickly(data) or codec.event(data, where=_place(self.path, offset))
                if event.seq != seq + 1:
                    raise BadFile(f"event {event.seq} follows event {seq}", where=_place(self.path, offset))
                length = len(data) + 1
                take(event, offset, length)
                seq += 1
                offset += length
        finally:
            self._offset, self._seq = offset, seq


@contextmanager
def _collecting_later(backlog: int) -> Iterator[None]:
    """A long log makes objects that all stay: looking through them for garbage took a quarter of the time."""
    if backlog < CHUNK or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def read_line(path: Path, line: Line) -> bytes:
    """One line of a log, by seeking."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        data = os.pread(fd, line.length, line.offset)
    finally:
        os.close(fd)
    if len(data) < line.length:
        raise BadFile("the log ends before this line", where=_place(path, line.offset))
    return data


def _place(path: Path, offset: int) -> str:
    return f"{path} at byte {offset}"
