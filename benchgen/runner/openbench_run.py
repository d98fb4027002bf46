"""An openbench run from its folder to its summary: `bench` is started and watched, and its log says what came of it."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Mapping
from pathlib import Path

from benchgen import codec, paths
from benchgen.clock import Clock
from benchgen.errors import EXIT_COULD_NOT, EXIT_INCOMPLETE, EXIT_INTERRUPTED, BenchgenError
from benchgen.formats.inspect_log import is_inspect
from benchgen.formats.openbench_progress import ProgressReader
from benchgen.record import Confidential, Record, field, replace
from benchgen.records.events import LimitReached, RunFinished
from benchgen.records.run import RunConfig
from benchgen.redact import Redactor
from benchgen.runner.code import RunStopped
from benchgen.runner.inspect_record import Answering, Logs
from benchgen.runner.journal import Journal, Listener
from benchgen.runner.lanes import Stop
from benchgen.runner.metering import Metering
from benchgen.runner.openbench_again import only_new
from benchgen.runner.openbench_command import Choices, eval_words, retry_words
from benchgen.runner.openbench_process import Ending, Order, Stopped, run_process
from benchgen.runner.past import read_past
from benchgen.runner.session import Ended, Wish, opening
from benchgen.runner.tracking import Tracking
from benchgen.settings import PriceEntry
from benchgen.store.attempts import save_file
from benchgen.store.derived import finish
from benchgen.store.locks import runner_lock

_EXIT: Mapping[Stopped, int] = {"canceled": EXIT_INTERRUPTED, "limit": EXIT_INCOMPLETE}
"""What was ended by us, and may be gone on with, ends with these."""


class BenchMeans(Confidential):
    """What such a run needs from outside: the words that start `bench`, and the variables that it gets."""

    bench: tuple[str, ...]
    env: Mapping[str, str]
    prices: Mapping[str, PriceEntry] = field(default_factory=dict)
    clock: Clock = Clock()
    redactor: Redactor = Redactor()


class _Session(Record):
    """One start of a run: where its logs come, and what is started."""

    run: Path
    logs: Path
    config: RunConfig
    words: tuple[str, ...]
    means: BenchMeans


def choices_of(config: RunConfig) -> Choices:
    """What was asked of bench, from the run's request. BadFile when somebody has changed it."""
    return codec.convert(config.request.get("bench"), Choices, where=f"{config.run_id}/{paths.CONFIG} request.bench")


async def execute_openbench(
    folder: Path, config: RunConfig, wish: Wish, means: BenchMeans, stop: Stop, listener: Listener
) -> Ended:
    """Runs bench to its end, or goes on from the log of an earlier start. Locked when another process runs it."""
    with runner_lock(folder):
        past = read_past(folder, config)
        session = _session(folder, config, means)
        journal = Journal(folder, past.fold, means.clock, means.redactor, listener)
        try:
            await journal.record(opening(past.fold, wish))
            async with Tracking(folder.parent, folder, journal, means.clock):
                end = await _make(session, journal, stop, past.seconds)
            await journal.record(end)
        finally:
            await journal.close()
        account = await asyncio.to_thread(finish, folder.parent, folder, means.clock, means.redactor)
        return Ended(account.digest, end.exit_code)


def _session(folder: Path, config: RunConfig, means: BenchMeans) -> _Session:
    """The first start asks bench to evaluate; a later one to go on from the last log that is not complete."""
    choices, before = choices_of(config), sorted((folder / paths.LOGS).rglob("*.eval"), key=lambda p: p.stat().st_mtime)
    number = 1 + sum(path.is_dir() for path in (folder / paths.LOGS).glob("start-*"))
    logs = folder / paths.LOGS / f"start-{number:02d}"
    rest = retry_words(config, choices, before[-1]) if before else eval_words(config, choices)
    return _Session(folder, logs, config, (*means.bench, *rest), means)


async def _make(session: _Session, journal: Journal, stop: Stop, seconds_before: float) -> RunFinished:
    """How the run ends, everything that its logs say being on record."""
    try:
        async with Metering(session.config.machines, journal, session.means.clock):
            ending = await _evaluate(session, journal, stop, seconds_before)
        return await _record(session, journal, ending)
    except (RunStopped, BenchgenError) as fault:
        return RunFinished(status="failed", exit_code=EXIT_COULD_NOT, error=str(fault))


async def _evaluate(session: _Session, journal: Journal, stop: Stop, seconds_before: float) -> Ending:
    session.logs.mkdir(parents=True)
    save_file(session.run, paths.COMMAND, f"{shlex.join(session.words)}\n".encode(), redactor=session.means.redactor)
    limit = journal.fold.config.budget.max_seconds
    reader = ProgressReader()

    def listen(line: str) -> None:
        progress = reader.take(line)
        if progress is not None:
            journal.note(progress)

    order = Order(session.words, session.logs, session.means.env, None if limit is None else limit - seconds_before)
    ending = await run_process(order, session.run, stop, session.means.redactor, listen)
    if ending.stopped == "limit" and limit is not None:
        journal.note(LimitReached(limit="max_time", message=f"max_time reached: the limit is {limit:g} s"))
    return ending


async def _record(session: _Session, journal: Journal, ending: Ending) -> RunFinished:
    files = sorted(path for path in session.logs.rglob("*") if is_inspect(path))
    with Logs(files) as logs:
        if not logs.headers:
            return _without_log(ending, logs.notes)
        await asyncio.to_thread(logs.save, session.run, session.means.redactor)
        answering = Answering(session.config.models[0], session.means.clock.stamp(), session.means.prices)
        for event in only_new(logs.events(answering), journal.fold.state().counted_rows()):
            journal.note(event)
        journal.note(logs.progress())
        end = logs.end()
    if ending.stopped and end.status != "completed":  # asked to end, perhaps killed before its log was whole
        return replace(end, status="canceled", exit_code=_EXIT[ending.stopped], error=None)
    return end


def _without_log(ending: Ending, notes: list[str]) -> RunFinished:
    """Bench ended before there was a log: nothing is known, and nothing is made up."""
    if ending.stopped:
        return RunFinished(status="canceled", exit_code=_EXIT[ending.stopped])
    said = "; ".join(notes) or ending.last_words or "it said nothing"
    error = f"bench ended with exit code {ending.exit_code} and left no log: {said}"
    return RunFinished(status="failed", exit_code=EXIT_COULD_NOT, error=error)
