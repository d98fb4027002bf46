"""One `bench` process: in a group of its own, without input, its output kept as it comes, ended by asking first."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from benchgen import paths
from benchgen.errors import BenchgenError
from benchgen.record import Record
from benchgen.redact import Redactor
from benchgen.runner.lanes import Stop
from benchgen.store.console import keep

GRACE_SECONDS = 60.0
"""How long bench may take to write its log once it was asked to stop."""
LONGEST_LINE = 1 << 16
_LAST_LINES = 6
_FRAME = "│╭╮╰╯─ "
_WITH_PARENT = Path(__file__).with_name("with_parent.py")


class Order(Record):
    """What to start, where, and with which variables; `seconds` is how long it may run, None: as long as it takes."""

    words: tuple[str, ...]
    folder: Path
    env: Mapping[str, str]
    seconds: float | None = None


Stopped = Literal["", "canceled", "limit", "fault"]


class Ending(Record):
    """How a process ended, and why we ended it, if we did. `last_words` are its last lines of complaint."""

    exit_code: int
    stopped: Stopped
    last_words: str


class _Trouble:
    """The first thing that went wrong while output was kept, for whoever waits for it."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.came = asyncio.Event()

    def report(self, fault: Exception) -> None:
        self.fault = self.fault or fault
        self.came.set()


class _Keeper:
    """Takes a stream line by line: into its file without secrets, and to whoever listens.

    Once that fails the rest is read all the same: a process that nobody reads stands still, and writes no log.
    """

    def __init__(self, log: Path, redactor: Redactor, listen: Callable[[str], None], trouble: _Trouble) -> None:
        self._log, self._redactor, self._listen, self._trouble = log, redactor, listen, trouble
        self.last: list[str] = []

    async def take(self, stream: asyncio.StreamReader) -> None:
        rest = b""
        while chunk := await stream.read(LONGEST_LINE):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            self._keep(lines)
        if rest:
            self._keep([rest])

    def _keep(self, lines: list[bytes]) -> None:
        try:
            if lines and self._trouble.fault is None:
                self._hand_on(lines)
        except (BenchgenError, OSError) as fault:
            self._trouble.report(fault)

    def _hand_on(self, lines: list[bytes]) -> None:
        keep(self._log.parent, self._log.name, b"\n".join(lines) + b"\n", redactor=self._redactor)
        for line in lines:
            said = line.decode("utf-8", "replace")
            if said.strip():
                self.last = [*self.last[1 - _LAST_LINES :], said.strip()]
            self._listen(said)


async def run_process(
    order: Order, run_folder: Path, stop: Stop, redactor: Redactor, listen: Callable[[str], None]
) -> Ending:
    """Runs it to its end. BenchgenError when it cannot even be started, or its output cannot be kept."""
    if order.seconds is not None and order.seconds <= 0:
        return Ending(0, "limit", "")
    process, trouble = await _start(order), _Trouble()
    out = _Keeper(run_folder / paths.STDOUT, redactor, listen, trouble)
    err = _Keeper(run_folder / paths.STDERR, redactor, lambda line: None, trouble)
    streams = [
        asyncio.create_task(keeper.take(stream))
        for keeper, stream in ((out, process.stdout), (err, process.stderr))
        if stream is not None
    ]
    try:
        stopped = await _until_over(process, stop, trouble, order.seconds)
        await process.wait()
    finally:
        _signal(process, signal.SIGKILL)  # what it started itself, and left behind
        await asyncio.wait(streams, timeout=2.0)
        for task in streams:
            task.cancel()
    if trouble.fault is not None:
        raise BenchgenError(f"what bench says cannot be kept: {trouble.fault}") from trouble.fault
    return Ending(process.returncode or 0, stopped, complaint([*out.last, *err.last]))


def complaint(lines: Sequence[str]) -> str:
    """What bench complains of in its last lines: the one that it marks, else all of them, without their frames."""
    said = [plain for line in lines if (plain := line.strip(_FRAME))]
    marked = [line.lstrip("❌ ") for line in said if line.startswith("❌")]
    return (marked[-1] if marked else " ".join(said))[-500:]


async def _start(order: Order) -> asyncio.subprocess.Process:
    words = (sys.executable, "-I", "-S", str(_WITH_PARENT), str(os.getpid()), *order.words)
    try:
        return await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=order.folder,
            env=dict(order.env),
            start_new_session=True,
        )
    except OSError as fault:
        raise BenchgenError(f"cannot be started: {fault.strerror}", where=order.words[0]) from fault


async def _until_over(
    process: asyncio.subprocess.Process, stop: Stop, trouble: _Trouble, seconds: float | None
) -> Stopped:
    """Waits for its end, a stop, trouble or the limit; asks it to end, and kills what does not. Why it was ended."""
    ended = asyncio.create_task(process.wait())
    gently, now = asyncio.create_task(stop.gently.wait()), asyncio.create_task(stop.now.wait())
    broken = asyncio.create_task(trouble.came.wait())
    try:
        await asyncio.wait((ended, gently, now, broken), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            return ""
        why: Stopped = "canceled" if stop.is_set() else "fault" if broken.done() else "limit"
        if not stop.now.is_set():
            _signal(process, signal.SIGINT)
            await asyncio.wait((ended, now), timeout=GRACE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not ended.done():
            _signal(process, signal.SIGKILL)
        return why
    finally:
        for task in (ended, gently, now, broken):
            task.cancel()


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
