"""Bounded capture of one output stream: the first and the last bytes are kept, the rest is counted."""

from __future__ import annotations

import os
import re

from benchgen.sandbox.spec import Captured

CHUNK = 1 << 16


class Capture:
    """Takes bytes as they come, without end, in bounded memory."""

    def __init__(self, kept_bytes: int) -> None:
        self._half = max(1, kept_bytes // 2)
        self._head = bytearray()
        self._tail = bytearray()
        self.total = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the stream."""
        self.total += len(data)
        room = self._half - len(self._head)
        self._head += data[:room]
        self._tail += data[room:]
        if len(self._tail) > 2 * self._half:
            del self._tail[: -self._half]

    def captured(self) -> Captured:
        """What was kept so far."""
        tail = bytes(self._tail[-self._half :])
        return Captured(bytes(self._head), tail, self.total - len(self._head) - len(tail))


class Sign:
    """Looks for a pattern in whole lines of a stream; of a line that is too long, the end is never taken for a line."""

    def __init__(self, pattern: re.Pattern[bytes]) -> None:
        self._pattern = pattern
        self._line = b""
        self.seen = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the stream."""
        text = self._line + data
        self.seen = self.seen or self._pattern.search(text) is not None
        line = text.rpartition(b"\n")[2]
        self._line = line if len(line) < CHUNK else b" " + line[-CHUNK // 2 :]


class Stream:
    """A capture fed from a non-blocking pipe; `sign` is told of the bytes too."""

    def __init__(self, fd: int, kept_bytes: int, sign: Sign | None = None) -> None:
        self.fd = fd
        self.capture = Capture(kept_bytes)
        self.sign = sign
        os.set_blocking(fd, False)

    def pump(self) -> bool:
        """Read what is there, at most one chunk; False once the stream has ended."""
        try:
            data = os.read(self.fd, CHUNK)
        except BlockingIOError:
            return True
        self.capture.feed(data)
        if self.sign is not None:
            self.sign.feed(data)
        return bool(data)
