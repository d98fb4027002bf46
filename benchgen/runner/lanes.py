"""The local executor: lanes that make attempts side by side, each with the name of a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from benchgen.errors import BenchgenError
from benchgen.record import Record, replace
from benchgen.records.attempt import Artifact
from benchgen.records.events import AttemptFinished, AttemptStarted, AttemptSuperseded, WorkerJoined, WorkerLeft
from benchgen.records.run import folder_of
from benchgen.runner.budget import Guard
from benchgen.runner.code import Bench, RunStopped, attempt_code
from benchgen.runner.desk import Assignment, Made, Todo
from benchgen.runner.office import Office
from benchgen.runner.shelves import Turns
from benchgen.store.attempts import drop_answers, save_attempt

T = TypeVar("T")


@dataclass(slots=True)
class Stop:
    """How a run is told to end: `gently` lets running attempts finish, `now` kills them."""

    gently: asyncio.Event = field(default_factory=asyncio.Event)
    now: asyncio.Event = field(default_factory=asyncio.Event)

    def is_set(self) -> bool:
        return self.gently.is_set() or self.now.is_set()


class Shop(Record):
    """Everything the lanes of one run share."""

    office: Office
    bench: Bench
    lanes: int
    stop: Stop
    guard: Guard


async def make_all(shop: Shop, waiting: Iterator[Todo]) -> None:
    """Makes the attempts that wait, until there is none or the shop is told to stop. RunStopped ends all lanes."""
    turns = Turns(shop.office.config)
    lanes = [asyncio.create_task(_lane(f"w{number}", shop, turns, waiting)) for number in range(shop.lanes)]
    killer = asyncio.create_task(shop.stop.now.wait())
    everything = asyncio.gather(*lanes)
    either: list[asyncio.Future[Any]] = [everything, killer]
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if everything.done():
            everything.result()
    finally:
        for task in (killer, *lanes):
            task.cancel()
        await asyncio.gather(everything, killer, *lanes, return_exceptions=True)


async def _lane(name: str, shop: Shop, turns: Turns, waiting: Iterator[Todo]) -> None:
    """One worker: takes the next attempt until there is none."""
    journal = shop.office.journal
    joined = False
    for todo in waiting:
        model = todo.planned.model
        await turns.enter(model)
        if not await may_begin(model, shop.guard, shop.stop):
            turns.leave(model)
            break
        if not joined:
            journal.note(WorkerJoined(worker=name))
            joined = True
        folder = folder_of(shop.office.config, todo.planned.attempt)
        try:
            await _one(Assignment(todo.planned, folder, name, todo.replaces), shop)
        finally:
            shop.guard.ended(model)
            turns.leave(model)
    if joined:
        journal.note(WorkerLeft(worker=name, reason=why_left(shop.guard, shop.stop)))


async def may_begin(model: str, guard: Guard, stop: Stop) -> bool:
    """Whether an attempt by that model may begin now; who began one says `guard.ended` in the end."""
    if stop.is_set() or not await guard.admits(model):
        return False
    if stop.is_set():  # it came while the guard waited
        guard.ended(model)
    return not stop.is_set()


def why_left(guard: Guard, stop: Stop) -> str:
    """Why a worker goes, in the words of its event."""
    if guard.is_spent:
        return "a limit is reached"
    return "stopped" if stop.is_set() else "no more work"


async def _one(assignment: Assignment, shop: Shop) -> None:
    """One attempt on record: started, made, its folder durable, then its outcome."""
    office, item = shop.office, assignment.planned
    started = AttemptStarted(
        attempt=item.attempt,
        task=item.task,
        model=item.model,
        sample=item.sample,
        worker=assignment.worker,
        replaces=assignment.replaces,
    )
    await office.journal.record(started)
    made = await attempt_code(assignment, shop.bench, office.desk(assignment))
    artifacts = await _saving(lambda: _save(office, assignment, made))
    outcome = replace(made.outcome, artifacts=artifacts)
    await _ended(office, AttemptFinished(attempt=item.attempt, outcome=outcome))
    await _saving(lambda: drop_answers(office.folder, assignment.folder))


async def _ended(office: Office, event: AttemptFinished) -> None:
    """The outcome, and in the same breath that it takes the place of another."""
    recorded = [office.journal.record(event)]
    if event.outcome.replaces:
        recorded.append(
            office.journal.record(AttemptSuperseded(attempt=event.outcome.replaces, by=event.outcome.attempt))
        )
    await asyncio.gather(*recorded)


def _save(office: Office, assignment: Assignment, made: Made) -> tuple[Artifact, ...]:
    return save_attempt(office.folder, assignment.folder, made.files, redactor=office.redactor)


async def _saving(work: Callable[[], T]) -> T:
    """Work on the disk, off the loop. What cannot be saved stops the run instead of being lost."""
    try:
        return await asyncio.to_thread(work)
    except (BenchgenError, OSError) as fault:
        raise RunStopped(str(fault)) from fault
