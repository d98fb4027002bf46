"""A run from its folder to its summary: take the lock, start or go on, make the attempts, end, derive."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from benchgen.clock import Clock
from benchgen.providers.answer import Provider
from benchgen.record import Record
from benchgen.records.events import RunFinished
from benchgen.records.run import RunConfig, folder_of, planned
from benchgen.records.status import RunStatus
from benchgen.records.task import Task
from benchgen.redact import Redactor
from benchgen.runner.again import repeats, without
from benchgen.runner.budget import Guard
from benchgen.runner.code import Bench, RunStopped, ToolsOf
from benchgen.runner.desk import Todo
from benchgen.runner.journal import Journal, Listener
from benchgen.runner.lanes import Shop, Stop, make_all
from benchgen.runner.metering import Metering
from benchgen.runner.office import Office
from benchgen.runner.past import Past, read_past
from benchgen.runner.session import Ended, Wish, exit_code_of, opening
from benchgen.runner.shelves import by_shelf
from benchgen.runner.tracking import Tracking
from benchgen.sandbox.files import remove_tree
from benchgen.sandbox.spec import Sandbox
from benchgen.store.attempts import drop_answers_of
from benchgen.store.locks import runner_lock


class Means(Record):
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


async def execute(folder: Path, config: RunConfig, wish: Wish, means: Means, stop: Stop, listener: Listener) -> Ended:
    """Does what is wished with a run. Locked when another process runs it; BenchgenError when nothing can be saved."""
    with runner_lock(folder):
        past = read_past(folder, config)
        todos = _todos(past, wish)  # before anything is written: a wish may make no sense
        drop_answers_of(folder, (folder_of(config, row.attempt) for row in past.fold.state().rows))
        journal = Journal(folder, past.fold, means.clock, means.redactor, listener)
        try:
            await journal.record(opening(past.fold, wish, means.sandbox.name))
            for event in past.unsaid():
                await journal.record(event)
            office = _office(config, folder, means, journal, past)
            with _boxes(config.run_id) as boxes:
                async with Tracking(folder.parent, folder, journal, means.clock):
                    status, error = await _make(_shop(office, means, stop, boxes, past.seconds), todos)
            exit_code = exit_code_of(status, past.fold.state())
            await journal.record(RunFinished(status=status, exit_code=exit_code, error=error))
        finally:
            await journal.close()
        from benchgen.store.derived import finish  # only the end of a run sums it up, and its start should not wait

        account = await asyncio.to_thread(finish, folder.parent, folder, means.clock, means.redactor)
        return Ended(account.digest, exit_code)


def _todos(past: Past, wish: Wish) -> Iterator[Todo]:
    """What waits: repetitions that broke off, then those wished for, else the attempts of the plan without outcome."""
    config = past.fold.config
    if wish.only:
        return by_shelf(config, without(repeats(past.fold.state(), wish.only), past.retries))
    planned_ones = (Todo(item) for item in planned(config) if not past.fold.is_finished(item.attempt))
    return by_shelf(config, chain(past.retries, planned_ones))


def _office(config: RunConfig, folder: Path, means: Means, journal: Journal, past: Past) -> Office:
    return Office(
        config=config,
        folder=folder,
        journal=journal,
        providers=means.providers,
        tasks=means.tasks,
        paid=past.paid,
        requests=asyncio.Semaphore(means.requests),
        redactor=means.redactor,
    )


def _shop(office: Office, means: Means, stop: Stop, boxes: Path, seconds_before: float) -> Shop:
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
    fold = office.journal.fold
    guard = Guard(fold.config.budget, fold, means.clock, office.journal.note, seconds_before)
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


async def _make(shop: Shop, todos: Iterator[Todo]) -> tuple[RunStatus, str | None]:
    """The status to end with, and the error where something of ours broke."""
    office = shop.office
    try:
        async with Metering(office.config.machines, office.journal, shop.bench.clock):
            await make_all(shop, todos)
    except RunStopped as fault:
        return "failed", str(fault)
    return ("canceled" if shop.stop.is_set() else "completed"), None
