"""File descriptors that one launch hands to bubblewrap, all closed together."""

from __future__ import annotations

import os
from types import TracebackType


class LaunchFds:
    """Open descriptors of one launch: texts to be read by the child, and pipes that it writes to."""

    def __init__(self) -> None:
        self._ours: list[int] = []
        self._theirs: list[int] = []

    def __enter__(self) -> LaunchFds:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for fd in self._ours + self._theirs:
            os.close(fd)

    @property
    def passed(self) -> tuple[int, ...]:
        """What the child inherits."""
        return tuple(self._theirs)

    def text(self, data: bytes) -> str:
        """A descriptor, as the word for a command line, from which `data` can be read once."""
        fd = os.memfd_create("benchgen")
        self._theirs.append(fd)
        os.write(fd, data)
        os.lseek(fd, 0, os.SEEK_SET)
        return str(fd)

    def report(self) -> tuple[int, str]:
        """A pipe: our non-blocking reading end, and the word for the end that the child writes to."""
        ours, theirs = os.pipe()
        os.set_blocking(ours, False)
        self._ours.append(ours)
        self._theirs.append(theirs)
        return ours, str(theirs)
