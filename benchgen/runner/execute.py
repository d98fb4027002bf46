"""A run from its folder to its summary: take the lock, start or go on, make the attempts, end, derive."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchgen import paths
from benchgen.clock import Clock
from benchgen.errors import EXIT_COULD_NOT, EXIT_INCOMPLETE, EXIT_INTERRUPTED
from benchgen.fold import Fold
from benchgen.providers.answer import Provider
from benchgen.records.events import AnswerReceived, RunFinished, RunResumed, RunStarted
from benchgen.records.run import FORMAT, Planned, RunConfig, planned
from benchgen.records.state import RunState
from benchgen.records.status import RunStatus
from benchgen.records.task import Task
from benchgen.redact import Redactor
from benchgen.runner.budget import Guard
from benchgen.runner.code import Bench, RunStopped, ToolsOf
from benchgen.runner.journal import Journal, Listener
from benchgen.runner.lanes import Shop, Stop, make_all
from benchgen.runner.office import Office
from benchgen.runner.tracking import Tracking
from benchgen.sandbox.files import remove_tree
from benchgen.sandbox.spec import Sandbox
from benchgen.store.derived import finish
from benchgen.store.locks import runner_lock
from benchgen.store.log import LogReader

Paid = Mapping[tuple[str, int], AnswerReceived]


@dataclass(frozen=True, slots=True)
class Means:
    """What a run needs from outside. At once: `lanes` attempts, of them `judges` in the sandbox, `requests` asking."""

    tasks: Mapping[str, Task]
    providers: Mapping[str, Provider]
    sandbox: Sandbox
    tools_of: ToolsOf
    lanes: int
    judges: int
    requests: int
    clock: Clock = Clock()
    redactor: Redactor = Redactor()


@dataclass(frozen=True, slots=True)
class Ended:
    """The run's last state, and the exit code that the command gives for it."""

    state: RunState
    exit_code: int


async def execute(root: Path, folder: Path, config: RunConfig, means: Means, stop: Stop, listener: Listener) -> Ended:
    """Runs what is left of a run. Locked when another process does; BenchgenError when results cannot be saved."""
    with runner_lock(folder):
        fold, paid = _read_log(folder, config)
        opening = _opening(config, means, fresh=fold.state().started_at is None)
        journal = Journal(folder, fold, means.clock, means.redactor, listener)
        try:
            await journal.record(opening)
            office = _office(config, folder, means, journal, paid)
            with _boxes(config.run_id) as boxes:
                async with Tracking(root, folder, journal, means.clock):
                    status, error = await _make(_shop(office, means, stop, boxes))
            exit_code = _exit_code(status, fold.state())
            await journal.record(RunFinished(status=status, exit_code=exit_code, error=error))
        finally:
            await journal.close()
        state = fold.state()
        await asyncio.to_thread(finish, root, folder, means.clock, means.redactor)
        return Ended(state, exit_code)


def left_over(config: RunConfig, fold: Fold) -> Iterator[Planned]:
    """The attempts of the plan that have no outcome yet."""
    return (item for item in planned(config) if not fold.is_finished(item.attempt))


def _read_log(folder: Path, config: RunConfig) -> tuple[Fold, Paid]:
    fold = Fold(config)
    paid: dict[tuple[str, int], AnswerReceived] = {}
    for event, line in LogReader(folder / paths.EVENTS).poll():
        fold.apply(event, line)
        if isinstance(event, AnswerReceived):
            paid[event.attempt, event.turn] = event
    return fold, paid


def _opening(config: RunConfig, means: Means, *, fresh: bool) -> RunStarted | RunResumed:
    kind = RunStarted if fresh else RunResumed
    return kind(run_id=config.run_id, format=FORMAT, pid=os.getpid(), sandbox=means.sandbox.name)


def _office(config: RunConfig, folder: Path, means: Means, journal: Journal, paid: Paid) -> Office:
    return Office(
        config=config,
        folder=folder,
        journal=journal,
        providers=means.providers,
        tasks=means.tasks,
        paid=paid,
        requests=asyncio.Semaphore(means.requests),
        redactor=means.redactor,
    )


def _shop(office: Office, means: Means, stop: Stop, boxes: Path) -> Shop:
    bench = Bench(
        tasks=means.tasks,
        settings=office.config.settings,
        sandbox=means.sandbox,
        tools_of=means.tools_of,
        slots=asyncio.Semaphore(means.judges),
        clock=means.clock,
        mock_models=frozenset(model.model_id for model in office.config.models if model.is_mock),
        boxes=boxes,
    )
    guard = Guard(office.config.budget, office.journal.fold, means.clock)
    return Shop(office, bench, means.lanes, stop, guard)


@contextmanager
def _boxes(run_id: str) -> Iterator[Path]:
    """The folder of this run's boxes. What a killed runner left there is removed first."""
    folder = Path(tempfile.gettempdir(), f"benchgen-{run_id}")
    remove_tree(folder)
    folder.mkdir(mode=0o711)
    try:
        yield folder
    finally:
        remove_tree(folder)


async def _make(shop: Shop) -> tuple[RunStatus, str | None]:
    """The status to end with, and the error where something of ours broke."""
    office = shop.office
    try:
        await make_all(shop, left_over(office.config, office.journal.fold))
    except RunStopped as fault:
        return "failed", str(fault)
    return ("canceled" if shop.stop.is_set() else "completed"), None


def _exit_code(status: RunStatus, state: RunState) -> int:
    if status == "canceled":
        return EXIT_INTERRUPTED
    if status == "failed":
        return EXIT_COULD_NOT
    ours = sum(
        tally.categories.get("api_error", 0) + tally.categories.get("harness", 0) for tally in state.tallies.values()
    )
    return EXIT_INCOMPLETE if ours or state.finished < state.total else 0
