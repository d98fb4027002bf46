"""Runs one prepared command to its end: output, wall clock, resource watch, killing, and how it ended."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from resource import struct_rusage
from typing import IO

from benchgen.record import Record, field
from benchgen.sandbox.monitor import Watch
from benchgen.sandbox.output import Sign, Stream
from benchgen.sandbox.spec import Ended, Job, Outcome, SandboxUnavailable

_SHORTEST_TICK_SECONDS, _LONGEST_TICK_SECONDS = 0.005, 0.05
_LOOKS_SHARE = 5
_POLL_SECONDS = 0.02
_DRAIN_SECONDS = 0.2
_KILL_SECONDS = 2.0


class Ending(Record):
    """The end of a process as the kernel told it."""

    code: int
    cpu_seconds: float


class Command(Record):
    """A host command that runs a job, and how to take it down."""

    argv: tuple[str, ...]
    kill: Callable[[int], None]
    """Called with the process id of the command, perhaps more than once."""
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = Path("/")
    pass_fds: tuple[int, ...] = ()
    new_session: bool = False


class Run(Record):
    """What happened, before a backend has said what it means."""

    pid: int
    stopped: Ended | None
    """Why we killed it, if we did."""
    detail: str
    ending: Ending
    stdout: Stream
    stderr: Stream
    wall_seconds: float
    watch: Watch

    def outcome(self, ended: Ended, exit_code: int | None, detail: str = "") -> Outcome:
        """The outcome; why we killed it goes before what the backend makes of its end."""
        return Outcome(
            ended=self.stopped or ended,
            exit_code=None if self.stopped else exit_code,
            stdout=self.stdout.capture.captured(),
            stderr=self.stderr.capture.captured(),
            wall_seconds=self.wall_seconds,
            cpu_seconds=max(self.watch.cpu_seconds, self.ending.cpu_seconds),
            peak_memory_bytes=self.watch.peak_bytes,
            detail=self.detail or detail,
        )


class _Running:
    """One live process with its streams; everything happens on the event loop's thread, which must outlive it."""

    def __init__(self, command: Command, job: Job) -> None:
        self._command = command
        self._limits = job.limits
        self._sign = Sign(job.enough) if job.enough else None
        self._watch = Watch(job.box, job.limits)
        self._loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()
        self._open = 2
        self._drained = asyncio.Event()
        self._ending: Ending | None = None
        self._started = time.monotonic()
        # `--die-with-parent` and PDEATHSIG follow the thread that spawns: so no helper thread does.
        self._process = subprocess.Popen(
            command.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=dict(command.env),
            cwd=command.cwd,
            pass_fds=command.pass_fds,
            start_new_session=command.new_session,
        )
        stdout, stderr = (pipe.fileno() for pipe in self._pipes())
        self.stdout = Stream(stdout, job.limits.kept_bytes, self._sign)
        self.stderr = Stream(stderr, job.limits.kept_bytes)

    async def to_end(self) -> Run:
        """Watch it until it has ended or a limit is passed; then collect what is left."""
        waiter = asyncio.create_task(self._reap())
        for stream in (self.stdout, self.stderr):
            self._loop.add_reader(stream.fd, self._pump, stream)
        try:
            stopped, detail = await self._until_stopped()
            wall = time.monotonic() - self._started
            if stopped:
                await self._kill(waiter)
            ending = await waiter
            await self._drain()
        finally:
            if self._ending is None:
                await self._kill(waiter)
            self._close()
        return Run(self._process.pid, stopped, detail, ending, self.stdout, self.stderr, wall, self._watch)

    async def _until_stopped(self) -> tuple[Ended | None, str]:
        limits, tick = self._limits, _SHORTEST_TICK_SECONDS
        while self._ending is None:
            left = self._started + limits.wall_seconds - time.monotonic()
            if left <= 0:
                return "timeout", f"still running after {limits.wall_seconds:g} s"
            if self._output_bytes() > limits.output_bytes:
                return "output", f"printed more than {limits.output_bytes} bytes"
            if self._sign is not None and self._sign.seen:
                return "enough", "it has told what was asked"
            looked = time.monotonic()
            breach = self._watch.look(self._process.pid)
            if breach:
                return breach.kind, breach.detail
            # A look at hundreds of processes takes long: it must not take up the event loop.
            cost = time.monotonic() - looked
            await self._pause(min(max(tick, _LOOKS_SHARE * cost), left))
            tick = min(2 * tick, _LONGEST_TICK_SECONDS)
        return None, ""

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), seconds)
        except TimeoutError:
            return

    def _output_bytes(self) -> int:
        return self.stdout.capture.total + self.stderr.capture.total

    def _pump(self, stream: Stream) -> None:
        if not stream.pump():
            self._loop.remove_reader(stream.fd)
            self._open -= 1
            if not self._open:
                self._drained.set()
        elif self._output_bytes() > self._limits.output_bytes or (self._sign is not None and self._sign.seen):
            self._wake.set()

    async def _reap(self) -> Ending:
        _, status, usage = await _wait_for(self._process.pid)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._ending = Ending(self._process.returncode, usage.ru_utime + usage.ru_stime)
        self._wake.set()
        return self._ending

    async def _kill(self, waiter: asyncio.Task[Ending]) -> None:
        """Take the whole job down: first as the backend does it, then, should that not do, the command itself."""
        self._command.kill(self._process.pid)
        done, _ = await asyncio.wait({waiter}, timeout=_KILL_SECONDS)
        if not done:
            os.kill(self._process.pid, signal.SIGKILL)
            await asyncio.wait({waiter}, timeout=_KILL_SECONDS)

    async def _drain(self) -> None:
        # A process that got away (possible without a sandbox only) may hold the pipes open for ever.
        try:
            await asyncio.wait_for(self._drained.wait(), _DRAIN_SECONDS)
        except TimeoutError:
            return

    def _close(self) -> None:
        for pipe in self._pipes():
            self._loop.remove_reader(pipe.fileno())
            pipe.close()

    def _pipes(self) -> list[IO[bytes]]:
        return [pipe for pipe in (self._process.stdout, self._process.stderr) if pipe is not None]


async def run_command(command: Command, job: Job) -> Run:
    """Run `command` under the limits of `job` that are kept from outside: wall clock, memory, disk, output."""
    try:
        running = _Running(command, job)
    except OSError as error:
        raise SandboxUnavailable(f"cannot be started: {error.strerror}", where=command.argv[0]) from error
    return await running.to_end()


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


async def _wait_for(pid: int) -> tuple[int, int, struct_rusage]:
    loop = asyncio.get_running_loop()
    if hasattr(os, "pidfd_open"):
        fd = os.pidfd_open(pid)
        ended: asyncio.Future[None] = loop.create_future()
        loop.add_reader(fd, _resolve, ended)
        try:
            await ended
        finally:
            loop.remove_reader(fd)
            os.close(fd)
        return os.wait4(pid, 0)
    while not (waited := os.wait4(pid, os.WNOHANG))[0]:
        await asyncio.sleep(_POLL_SECONDS)
    return waited
