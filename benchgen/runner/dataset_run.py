"""A dataset run from its folder to its summary: rows asked side by side, each result down before it counts."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from random import Random

from benchgen import codec, paths
from benchgen.catalog.patterns import PatternSearch
from benchgen.catalog.rows import Row, read_spelled
from benchgen.clock import Clock
from benchgen.errors import BenchgenError
from benchgen.fold import Fold
from benchgen.providers.answer import Answer, Provider, Retry
from benchgen.record import Record
from benchgen.records.attempt import Attempt
from benchgen.records.events import (
    AnswerReceived,
    AttemptFinished,
    AttemptStarted,
    AttemptSuperseded,
    Event,
    ProviderRetry,
    RunFinished,
    WorkerJoined,
    WorkerLeft,
)
from benchgen.records.run import Planned, RunConfig
from benchgen.records.status import RunStatus
from benchgen.redact import Redactor
from benchgen.runner.again import repeats, without
from benchgen.runner.budget import Guard
from benchgen.runner.code import RunStopped
from benchgen.runner.desk import Todo
from benchgen.runner.journal import Journal, Listener
from benchgen.runner.lanes import Stop, may_begin, why_left
from benchgen.runner.metering import Metering
from benchgen.runner.paid import seen_through
from benchgen.runner.past import Past, read_past, read_past_rows
from benchgen.runner.row import Asked, Asking, MadeRow, ask_row, score_row, takes_time
from benchgen.runner.session import Ended, Wish, exit_code_of, opening
from benchgen.runner.shelves import Turns, passes
from benchgen.runner.tracking import Tracking
from benchgen.store.attempts import trim_results
from benchgen.store.derived import finish
from benchgen.store.locks import runner_lock
from benchgen.store.rows import read_requests

SLOW = 1.0
"""Seconds after which a row that is still being asked is shown: quick ones would only make the log longer."""
TodosOf = Callable[[str], Iterable[Todo]]


class RowMeans(Record):
    """What a dataset run needs from outside; `lanes` rows are asked at once."""

    providers: Mapping[str, Provider]
    lanes: int
    clock: Clock = Clock()
    redactor: Redactor = Redactor()


class _Waiting(Record):
    """One row that waits for one model."""

    todo: Todo
    row: Row


class _Unwritten:
    """Rows on their way to the disk: lanes ask on meanwhile, and wait only when there are too many of these.

    What a crash catches here was never acknowledged, and is asked again: that bounds what is paid twice.
    """

    def __init__(self, journal: Journal, most: int) -> None:
        self._journal, self._most = journal, most
        self._count = 0
        self._fault: Exception | None = None
        self._moved = asyncio.Event()

    async def add(self, made: MadeRow, events: tuple[Event, ...], then: Callable[[], None] | None) -> None:
        """Hands a row on, and calls `then` once it counts. RunStopped when it or an earlier one cannot be written."""
        self._journal.hand_on(events, made.line, self._down if then is None else partial(self._down_then, then))
        self._count += 1
        if self._count > self._most or self._fault is not None:
            await self._until(self._most)

    async def drain(self) -> None:
        """Returns once everything is on disk."""
        await self._until(0)

    async def _until(self, most: int) -> None:
        while self._count > most and self._fault is None:
            self._moved.clear()
            await self._moved.wait()
        if self._fault is not None:
            raise self._fault

    def _down(self, fault: Exception | None) -> None:
        self._count -= 1
        self._fault = self._fault or fault
        self._moved.set()

    def _down_then(self, then: Callable[[], None], fault: Exception | None) -> None:
        self._down(fault)
        if fault is None:
            then()


class _Floor(Record):
    """What the lanes of one run share."""

    config: RunConfig
    journal: Journal
    means: RowMeans
    asking: Asking
    stop: Stop
    guard: Guard
    turns: Turns
    provider_names: Mapping[str, str]
    unwritten: _Unwritten
    asked: dict[str, tuple[Todo, float]]


async def execute_rows(
    folder: Path, config: RunConfig, wish: Wish, means: RowMeans, stop: Stop, listener: Listener
) -> Ended:
    """Does what is wished with a dataset run. Locked when another process runs it."""
    with runner_lock(folder):
        exit_code = await _session(folder, config, wish, means, stop, listener)
        # The log is folded anew for the last time; by now the session's own fold is given back.
        account = await asyncio.to_thread(finish, folder.parent, folder, means.clock, means.redactor)
        return Ended(account.digest, exit_code)


async def _session(folder: Path, config: RunConfig, wish: Wish, means: RowMeans, stop: Stop, listener: Listener) -> int:
    """From the opening event to the last one; the exit code."""
    past = read_past(folder, config) if wish.only else read_past_rows(folder, config)
    fold = past.fold
    trim_results(folder, fold.outcomes)
    todos_of = _todos(past, wish)
    journal = Journal(folder, fold, means.clock, means.redactor, listener)
    patterns = PatternSearch()
    try:
        await journal.record(opening(fold, wish))
        for event in past.unsaid():
            await journal.record(event)
        floor = _floor(config, journal, means, patterns, stop, past.seconds)
        async with Tracking(folder.parent, folder, journal, means.clock):
            status, error = await _make(floor, _waiting(folder, config, todos_of))
        exit_code = exit_code_of(status, fold.state())
        await journal.record(RunFinished(status=status, exit_code=exit_code, error=error))
        return exit_code
    finally:
        patterns.close()
        await journal.close()


def _todos(past: Past, wish: Wish) -> TodosOf:
    """What is to be asked of each row: its models without an outcome, or the repetitions wished for."""
    if wish.only:
        return _by_row(without(repeats(past.fold.state(), wish.only), past.retries))
    begun = _by_row(past.retries)
    return lambda custom_id: (*begun(custom_id), *_unanswered(past.fold, custom_id))


def _by_row(todos: Iterable[Todo]) -> TodosOf:
    found: defaultdict[str, list[Todo]] = defaultdict(list)
    for todo in todos:
        found[todo.planned.task].append(todo)
    return lambda custom_id: found.get(custom_id, ())


def _unanswered(fold: Fold, custom_id: str) -> Iterator[Todo]:
    for model in fold.config.models:
        attempt = paths.attempt_id(custom_id, model.model_id, 0)
        if not fold.is_finished(attempt):
            yield Todo(Planned(attempt, custom_id, model.model_id, 0))


def _waiting(folder: Path, config: RunConfig, todos_of: TodosOf) -> Iterator[_Waiting]:
    """The rows that wait, in the dataset's order; read as they are needed, so that memory does not grow with them."""
    file = f"{folder.name}/{paths.REQUESTS}"
    for models in passes(config):
        for number, line in enumerate(read_requests(folder), 1):
            row = read_spelled(line, f"{file} line {number}")
            yield from (_Waiting(todo, row) for todo in todos_of(row.custom_id) if todo.planned.model in models)


def _floor(
    config: RunConfig, journal: Journal, means: RowMeans, patterns: PatternSearch, stop: Stop, seconds_before: float
) -> _Floor:
    def on_retry(attempt: str, retry: Retry) -> None:
        event = ProviderRetry(
            attempt=attempt,
            provider=retry.provider,
            reason=retry.reason,
            wait_seconds=retry.wait_seconds,
            number=retry.number,
            http_status=retry.http_status,
        )
        journal.note(event)

    return _Floor(
        config=config,
        journal=journal,
        means=means,
        asking=Asking(config.settings, Random(config.seed), patterns, means.clock, on_retry),
        stop=stop,
        turns=Turns(config),
        guard=Guard(journal.fold.config.budget, journal.fold, means.clock, journal.note, seconds_before),
        provider_names={model.model_id: model.provider for model in config.models},
        unwritten=_Unwritten(journal, means.lanes),
        asked={},
    )


async def _make(floor: _Floor, waiting: Iterator[_Waiting]) -> tuple[RunStatus, str | None]:
    """The status to end with, and the error where something of ours broke."""
    try:
        async with Metering(floor.config.machines, floor.journal, floor.means.clock):
            await _run_lanes(floor, waiting)
            await floor.unwritten.drain()
    except (RunStopped, BenchgenError) as fault:
        return "failed", str(fault)
    return ("canceled" if floor.stop.is_set() else "completed"), None


async def _run_lanes(floor: _Floor, waiting: Iterator[_Waiting]) -> None:
    """All lanes until nothing waits. A second Ctrl-C ends them at once; a fault in one of them ends all."""
    lanes = [asyncio.create_task(_lane(f"w{number}", floor, waiting)) for number in range(floor.means.lanes)]
    killer = asyncio.create_task(floor.stop.now.wait())
    teller = asyncio.create_task(_tell_slow_ones(floor))
    everything = asyncio.ensure_future(asyncio.gather(*lanes))
    try:
        await asyncio.wait((everything, killer), return_when=asyncio.FIRST_COMPLETED)
        if everything.done():
            everything.result()
    finally:
        for task in (killer, teller, *lanes):
            task.cancel()
        await asyncio.gather(everything, killer, teller, *lanes, return_exceptions=True)


async def _lane(name: str, floor: _Floor, waiting: Iterator[_Waiting]) -> None:
    """One worker: takes the next row until there is none."""
    joined = False
    for item in waiting:
        model = item.todo.planned.model
        await floor.turns.enter(model)
        if not await may_begin(model, floor.guard, floor.stop):
            floor.turns.leave(model)
            break
        if not joined:
            floor.journal.note(WorkerJoined(worker=name))
            joined = True
        try:
            await _one(item, name, floor)
        finally:
            floor.turns.leave(model)
    if joined:
        floor.journal.note(WorkerLeft(worker=name, reason=why_left(floor.guard, floor.stop)))


async def _one(item: _Waiting, worker: str, floor: _Floor) -> None:
    """One row on record: its answer, its line and its outcome go down together, then it is acknowledged."""
    todo, provider = item.todo, floor.means.providers[item.todo.planned.model]
    if todo.replaces:
        _say_started(todo, worker, floor)  # or a retry that breaks off would be forgotten
    floor.asked[worker] = todo, floor.means.clock.monotonic()
    try:
        keeping = _keep(item, await ask_row(todo.planned, item.row, provider, floor.asking), worker, floor)
        await (seen_through(keeping) if takes_time(item.row) else keeping)
    finally:
        floor.asked.pop(worker, None)


async def _keep(item: _Waiting, asked: Asked, worker: str, floor: _Floor) -> None:
    """A row that was asked is scored and handed on to the disk."""
    todo, model = item.todo, item.todo.planned.model
    made = await score_row(todo, item.row, asked, worker, floor.asking)
    floor.asked.pop(worker, None)
    then = partial(floor.guard.ended, model) if floor.guard.is_set else None
    await floor.unwritten.add(made, _events(todo, made, floor.provider_names[model]), then)


def _events(todo: Todo, made: MadeRow, provider: str) -> tuple[Event, ...]:
    """What goes down of a row, in this order."""
    attempt = todo.planned.attempt
    received = () if made.answer is None else (_received(made.outcome, made.answer, provider),)
    replaced = () if todo.replaces is None else (AttemptSuperseded(attempt=todo.replaces, by=attempt),)
    return (*received, AttemptFinished(attempt=attempt, outcome=made.outcome), *replaced)


async def _tell_slow_ones(floor: _Floor) -> None:
    """Says of each row that takes long that it is being asked, once."""
    while True:
        await asyncio.sleep(SLOW)
        late = floor.means.clock.monotonic() - SLOW
        for worker, (todo, since) in list(floor.asked.items()):
            if since <= late:
                del floor.asked[worker]
                _say_started(todo, worker, floor)


def _say_started(todo: Todo, worker: str, floor: _Floor) -> None:
    one = todo.planned
    floor.journal.note(
        AttemptStarted(
            attempt=one.attempt, task=one.task, model=one.model, sample=0, worker=worker, replaces=todo.replaces
        )
    )


def _received(outcome: Attempt, answer: Answer, provider: str) -> AnswerReceived:
    return AnswerReceived(
        attempt=outcome.attempt,
        turn=0,
        answer_sha256=hashlib.sha256(codec.whole(answer.text).encode()).hexdigest(),
        provider=provider,
        model=outcome.model,
        usage=answer.usage,
        cost_nanousd=answer.cost_nanousd,
        price=answer.price,
        latency_seconds=answer.latency_seconds,
        first_token_seconds=answer.first_token_seconds,
        from_cache=answer.from_cache,
    )
