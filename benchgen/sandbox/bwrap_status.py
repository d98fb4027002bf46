"""What bubblewrap tells of a running sandbox: its first process, which all others hang on, and the command's end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from contextlib import suppress
from types import TracebackType

from benchgen.sandbox.monitor import tree
from benchgen.sandbox.spec import SandboxUnavailable

_GONE_SECONDS = 5.0


class BwrapStatus:
    """Reads the status pipe as it fills, and keeps hold of the sandbox's first process."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._rest = b""
        self._first: int | None = None
        self.exit_code: int | None = None
        """That of the command; None as long as it has not run to its end."""

    def __enter__(self) -> BwrapStatus:
        asyncio.get_running_loop().add_reader(self._fd, self._read)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._fd)
        if self._first is not None:
            os.close(self._first)

    def kill(self, bwrap_pid: int) -> None:
        """Kill the first process, and with it all others; before there is one, bubblewrap itself."""
        self._read()
        with suppress(ProcessLookupError):
            if self._first is not None:
                signal.pidfd_send_signal(self._first, signal.SIGKILL)
                return
            # A child that bubblewrap has not told about yet would wait for its word for ever.
            os.kill(bwrap_pid, signal.SIGSTOP)
        for pid in reversed(tree(bwrap_pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    async def all_gone(self) -> None:
        """Wait until no process of the sandbox is left, now that bubblewrap has ended.

        One that somebody else killed in its first moments may leave a first process behind that does not know it yet.
        """
        self._read()
        if self._first is None:
            return
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._first, signal.SIGKILL)
        loop, gone = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._first, gone.set)
        try:
            await asyncio.wait_for(gone.wait(), _GONE_SECONDS)
        except TimeoutError as error:
            raise SandboxUnavailable("killed processes of the sandbox do not end", hint="Is a disk stuck?") from error
        finally:
            loop.remove_reader(self._first)

    def _read(self) -> None:
        try:
            while chunk := os.read(self._fd, 4096):
                self._rest += chunk
        except BlockingIOError:
            pass
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            self._take(json.loads(line))

    def _take(self, message: dict[str, int]) -> None:
        if "child-pid" in message:
            try:
                self._first = os.pidfd_open(message["child-pid"])
            except ProcessLookupError:
                self._first = None
        self.exit_code = message.get("exit-code", self.exit_code)
