"""Starts queued runs as processes of their own, some at a time; a run outlives the server, and is found again by it."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

from benchgen import paths
from benchgen.errors import BenchgenError, Busy, Locked, NotFound, UsageError
from benchgen.panels.new_run import Cost
from benchgen.record import Record
from benchgen.records.digest import RunDigest
from benchgen.records.run import RunConfig
from benchgen.records.status import ENDED
from benchgen.server.launch_body import Launch
from benchgen.store.locks import is_alive
from benchgen.store.runs import Results
from benchgen.store.stopping import stop

log = logging.getLogger(__name__)
QUEUED_BY = "queued_by"
SERVER = "serve"
LOOK_SECONDS = 1.0
IDLE_SECONDS = 5.0
CANCEL_SECONDS = 5.0
ENDING_SECONDS = 0.05


class Planner(Protocol):
    """What can plan a run and put it into the queue: the command line knows models and keys, the server does not."""

    def plan(self, launch: Launch) -> RunConfig: ...

    def estimate(self, launch: Launch, config: RunConfig) -> Cost | None: ...

    def queue(self, launch: Launch) -> str: ...


class Limits(Record):
    """How many runs go on at once, and how many wait for that."""

    running: int = 2
    waiting: int = 100


class Command(Record):
    """How `benchgen` is called, and the options that every call of it takes."""

    words: Sequence[str]
    options: Sequence[str]
    catalog_options: Sequence[str] = ()


class Launcher:
    """`unended` tells the runs that have not ended; `max_runs` of them run at once, `max_waiting` wait for that."""

    def __init__(
        self,
        results: Results,
        planner: Callable[[], Planner],
        command: Command,
        unended: Callable[[], Iterable[RunDigest]],
        limits: Limits,
    ) -> None:
        self._results, self._make_planner, self._command = results, planner, command
        self._unended, self._limits = unended, limits
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._tried: set[str] = set()
        self._new: set[str] = set()
        self._again: dict[str, Sequence[str]] = {}
        self._faults: dict[str, BenchgenError] = {}
        self._queueing, self._filling = asyncio.Lock(), asyncio.Lock()
        self._kick = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @cached_property
    def planner(self) -> Planner:
        """Made when the first run is asked for."""
        return self._make_planner()

    def start(self) -> None:
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        """Starts nothing any more; what runs goes on."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def queue(self, launch: Launch) -> str:
        """Puts a run into the queue; its id. Busy where too many wait already."""
        async with self._queueing:
            self._check_room()
            run_id = await asyncio.to_thread(lambda: self.planner.queue(launch))
            self._new.add(run_id)
        self._kick.set()
        return run_id

    async def go_on(self, run_id: str, *words: str) -> bool:
        """Resumes or retries a run when its turn comes; whether that is now. Locked while it goes on or waits.

        One that waits for this is known to this server alone, and forgotten when it ends.
        """
        await asyncio.to_thread(self._check_ours, run_id)
        if await self._is_going_on(run_id):
            raise Locked("the run is going on", hint="cancel it first")
        async with self._queueing:
            if run_id in self._again or self._is_child(run_id):
                raise Locked("the run waits for its turn already", hint="cancel it first")
            if run_id not in self._waiting():
                self._check_room()
            self._again[run_id] = words
        await self._fill_up()
        if run_id in self._faults:
            raise self._faults.pop(run_id)
        return run_id not in self._again

    def _check_room(self) -> None:
        if len(self._waiting()) >= self._limits.waiting:
            raise Busy(
                f"{self._limits.waiting} runs are waiting already",
                hint="cancel some of them, or start the server with a larger --max-waiting",
            )

    async def _is_going_on(self, run_id: str) -> bool:
        """Whether somebody runs it. A process whose run's end is on record gets a moment to come to its own."""
        latest = time.monotonic() + CANCEL_SECONDS
        while self._is_child(run_id) or await asyncio.to_thread(self._results.is_alive, run_id):
            digest = await asyncio.to_thread(self._results.digest, run_id)
            if digest.status not in ENDED or time.monotonic() > latest:
                return True
            await asyncio.sleep(ENDING_SECONDS)
        return False

    async def cancel(self, run_id: str) -> None:
        """Ends a run, its children with it. BenchgenError where it does not end."""
        await asyncio.to_thread(self._check_ours, run_id)
        async with self._filling:  # what is being started is known when it is over
            self._tried.add(run_id)  # one that waits is started no more
            has_waited = self._again.pop(run_id, None) is not None
        folder = self._results.folder(run_id)
        await asyncio.to_thread(self._stop_starting, run_id, folder)
        if await asyncio.to_thread(stop, folder, now=True, wait=CANCEL_SECONDS) is not None:
            return
        digest = await asyncio.to_thread(self._results.digest, run_id)
        if not (has_waited and digest.status in ENDED):
            await asyncio.to_thread(self._end_on_record, run_id)

    def _check_ours(self, run_id: str) -> None:
        if self._results.config(run_id).followed:
            raise UsageError("another harness runs this", hint="benchgen only reads along")

    def _stop_starting(self, run_id: str, folder: Path) -> None:
        """A process that was started for the run and has not taken it up yet would do so after the end."""
        child = self._children.get(run_id)
        if child is not None and child.poll() is None and not is_alive(folder):
            child.kill()
            child.wait()

    def _end_on_record(self, run_id: str) -> None:
        """The end of a run that no process will ever write."""
        words = ("cancel", run_id, "--now", "--wait", f"{CANCEL_SECONDS:g}", *self._command.options)
        done = subprocess.run(
            [*self._command.words, *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        if done.returncode:
            raise BenchgenError(done.stderr.strip().rpartition("benchgen: ")[2] or "the run does not end")

    def _spawn(self, run_id: str, words: Sequence[str]) -> None:
        folder = self._results.folder(run_id)
        options = ("--display", "none", *self._command.options, *self._command.catalog_options)
        with (folder / paths.STDERR).open("ab") as said:
            child = subprocess.Popen(
                [*self._command.words, words[0], run_id, *words[1:], *options],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
        self._children[run_id] = child
        threading.Thread(target=child.wait, daemon=True).start()  # whoever ends is reaped, even after the launcher

    async def _work(self) -> None:
        while True:
            await self._fill_up()
            try:
                async with asyncio.timeout(LOOK_SECONDS if self._waiting() else IDLE_SECONDS):
                    await self._kick.wait()
            except TimeoutError:
                continue
            self._kick.clear()

    async def _fill_up(self) -> None:
        async with self._filling:
            try:
                await asyncio.to_thread(self._fill)
            except (BenchgenError, OSError) as fault:
                log.warning("what waits cannot be looked at: %s", fault)

    def _fill(self) -> None:
        """Starts what waits, oldest first, as long as there is room. One that cannot be started holds up no other."""
        self._children = {run_id: child for run_id, child in self._children.items() if child.poll() is None}
        waiting = sorted(self._waiting())
        room = self._limits.running - len(self._going_on()) if waiting else 0
        for run_id in waiting:
            if room <= 0:
                return
            words = self._again.pop(run_id, None) or (("resume",) if self._is_ours(run_id) else None)
            self._tried.add(run_id)
            if words is not None:
                room -= self._has_begun(run_id, words)

    def _has_begun(self, run_id: str, words: Sequence[str]) -> bool:
        try:
            self._spawn(run_id, words)
        except (BenchgenError, OSError) as fault:
            log.warning("the run %s cannot be started: %s", run_id, fault)
            self._faults[run_id] = BenchgenError(f"the run cannot be started: {fault}")
            return False
        return True

    def _waiting(self) -> set[str]:
        """The runs whose turn has not come; a new one is known here before it is seen in the folder."""
        seen = {digest.run_id: digest.status for digest in self._unended()}
        self._new -= seen.keys() | self._tried
        queued = self._new.union(run_id for run_id, status in seen.items() if status == "queued")
        return (queued - self._tried | self._again.keys()) - self._children.keys()

    def _going_on(self) -> set[str]:
        """The runs that take room: those of other harnesses, which are only read along, take none."""
        alive = [digest.run_id for digest in self._unended() if self._results.is_alive(digest.run_id)]
        return {run_id for run_id in alive if not self._results.config(run_id).followed} | self._children.keys()

    def _is_ours(self, run_id: str) -> bool:
        """Whether a run waits for a server: one that somebody queued by hand, or runs already, is theirs."""
        try:
            is_queued = self._results.digest(run_id).status == "queued" and not self._results.is_alive(run_id)
            return is_queued and self._results.config(run_id).request.get(QUEUED_BY) == SERVER
        except NotFound:  # removed since it was seen
            return False

    def _is_child(self, run_id: str) -> bool:
        child = self._children.get(run_id)
        return child is not None and child.poll() is None


def only_word(text: str) -> str:
    """What a retry is about: a word that no command line takes for an option."""
    if not text or text.startswith("-") or len(text) > 300 or "," in text:
        raise UsageError("a task or an attempt of this run is needed", hint='{"attempt": "…"}')
    return text
