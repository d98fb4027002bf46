"""The log of a run: appending under its lock, and reading only what is new."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from benchgen import codec, paths
from benchgen.clock import Clock
from benchgen.errors import BadFile
from benchgen.records.events import Event
from benchgen.records.state import Line
from benchgen.redact import Redactor
from benchgen.store.collecting import collecting_later
from benchgen.store.files import disk_full_named, write_all

CHUNK = 1 << 20
BLOCK = 1 << 16
"""Bytes read at a time: memory for so few is at hand, and their lines stay in the processor's cache until decoded."""
Take = Callable[[Event, int, int], object]
TAIL = 1 << 16


class OpenLog:
    """A log kept open for appending. Its end is remembered: while nobody else appends, nothing is read again."""

    def __init__(self, folder: Path, clock: Clock = Clock(), redactor: Redactor = Redactor()) -> None:
        self._folder, self._clock, self._redactor = folder, clock, redactor
        self._path = folder / paths.EVENTS
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        self._end = -1
        self._seq = 0

    def append(self, events: Sequence[Event], *, sync: bool = True) -> list[Event]:
        """Adds events, all or none, and returns them as they stand there: numbered, timed, redacted.

        The log's own lock keeps `seq` without a gap whatever other threads or processes append. A last line that a
        crash left unfinished is cut off first.
        """
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        try:
            self._find_end()
            written, data = _spell(events, self._seq, self._clock, self._redactor)
            with disk_full_named(self._folder):
                _write_at(self._fd, self._end, data)
                if sync:
                    os.fdatasync(self._fd)
            self._end, self._seq = self._end + len(data), self._seq + len(events)
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)
        return written

    def close(self) -> None:
        os.close(self._fd)

    def _find_end(self) -> None:
        """Where the next line goes and the last number given; cuts off an unfinished last line."""
        size = os.fstat(self._fd).st_size
        if size == self._end:
            return
        end = _after_newline(self._fd, size)
        if end < size:
            os.ftruncate(self._fd, end)
        self._end, self._seq = end, self._last_seq(end)

    def _last_seq(self, end: int) -> int:
        if end == 0:
            return 0
        start = _after_newline(self._fd, end - 1)
        return codec.event(os.pread(self._fd, end - start, start), where=_place(self._path, start)).seq


def append(
    folder: Path,
    events: Sequence[Event],
    *,
    sync: bool = True,
    clock: Clock = Clock(),
    redactor: Redactor = Redactor(),
) -> list[Event]:
    """Adds events to a run's log, as `OpenLog` does, and lets go of it."""
    with closing(OpenLog(folder, clock, redactor)) as log:
        return log.append(events, sync=sync)


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
    made = [codec.numbered(event, number, event.at or now) for number, event in enumerate(events, seq + 1)]
    data = b"".join([line for _, line in made])
    if redactor.bytes(data) == data:
        return [event for event, _ in made], data
    clean = [redactor.bytes(line) for _, line in made]
    return [codec.whole_event(line, where="a redacted event") for line in clean], b"".join(clean)


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

    def skip(self, offset: int, seq: int) -> None:
        """Leaves out what has been read already: so many bytes, up to event `seq`."""
        self._offset, self._seq = offset, seq

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

    def scan(self, take: Take) -> None:
        """Hands each new event with its offset and length to `take`: for logs too long to hold."""
        self.scan_into(lambda: take)

    def scan_into(self, taker: Callable[[], Take]) -> None:
        """The same for who must begin anew where the log did: it is asked for its `take` once `restarted` is known."""
        self.restarted = False
        try:
            fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            status = os.fstat(fd)
            self._notice_restart(status)
            with collecting_later(many=status.st_size - self._offset > CHUNK):
                self._scan(fd, status.st_size, taker())
        finally:
            os.close(fd)

    def _notice_restart(self, status: os.stat_result) -> None:
        if self._inode is not None and (status.st_ino != self._inode or status.st_size < self._offset):
            self.restarted = True
            self._offset = self._seq = 0
        self._inode = status.st_ino

    def _scan(self, fd: int, size: int, take: Take) -> None:
        parts, position = [b""], self._offset
        while position < size:
            chunk = os.pread(fd, min(BLOCK, size - position), position)
            if not chunk:
                return
            position += len(chunk)
            parts.append(chunk)
            if b"\n" in chunk:
                *whole, rest = b"".join(parts).split(b"\n")
                parts = [rest]
                self._take_lines(whole, take)

    def _take_lines(self, lines: list[bytes], take: Take) -> None:
        """Each line costs a microsecond or two, so that names are looked up once; where it stops is always kept."""
        offset, seq, decode = self._offset, self._seq, codec.event_at_once
        try:
            for data in lines:
                try:
                    event = decode(data)
                except codec.TAKES_A_LOOK:
                    event = codec.event(data, where=_place(self.path, offset))
                if event.seq != seq + 1:
                    raise BadFile(f"event {event.seq} follows event {seq}", where=_place(self.path, offset))
                length = len(data) + 1
                take(event, offset, length)
                seq += 1
                offset += length
        except OverflowError as fault:
            raise BadFile(
                "a number in this event is too large to be added up", where=_place(self.path, offset)
            ) from fault
        finally:
            self._offset, self._seq = offset, seq


def prefix_hashes(path: Path, lengths: Sequence[int]) -> tuple[str, ...]:
    """A name for the first so many bytes of a log, for each of ascending lengths; none for more than it has."""
    found: list[str] = []
    total, position = hashlib.sha256(), 0
    with path.open("rb", buffering=0) as log:
        for length in lengths:
            while position < length and (chunk := log.read(min(CHUNK, length - position))):
                total.update(chunk)
                position += len(chunk)
            if position == length:
                found.append(total.hexdigest())
    return tuple(found)


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
