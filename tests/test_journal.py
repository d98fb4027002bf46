"""The journal: what is on disk counts and is told, and a failure is told to everybody who waits."""

import asyncio
import errno

import pytest
from factories import attempt, run_config

from benchgen import paths
from benchgen.clock import Clock
from benchgen.fold import Fold
from benchgen.records.events import AttemptFinished, RunQueued
from benchgen.records.run import FORMAT
from benchgen.redact import Redactor
from benchgen.runner.code import RunStopped
from benchgen.runner.dataset_run import _Unwritten
from benchgen.runner.journal import Journal
from benchgen.runner.row import MadeRow


def in_a_journal(folder, use, listener=lambda event: None):
    """Runs `use` with a journal whose run is queued already."""

    async def work():
        config = run_config(kind="dataset")
        journal = Journal(folder, Fold(config), Clock(), Redactor(), listener)
        await journal.record(RunQueued(run_id=config.run_id, format=FORMAT))
        try:
            return await use(journal)
        finally:
            await journal.close()

    return asyncio.run(work())


@pytest.fixture
def full_disk(monkeypatch):
    """A call fills the disk."""

    def fill():
        def refuse(*_arguments):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("benchgen.store.writer.write_all", refuse)
        monkeypatch.setattr("benchgen.store.log.write_all", refuse, raising=False)

    return fill


def test_of_rows_that_cannot_be_written_none_counts_as_ended_and_all_who_wait_are_told(tmp_path, full_disk):
    ended = []

    async def use(journal):
        unwritten, outcome = _Unwritten(journal, 10), attempt()
        full_disk()
        for _ in range(3):
            events = (AttemptFinished(attempt=outcome.attempt, outcome=outcome),)
            await unwritten.add(MadeRow(outcome, b"{}\n", None), events, lambda: ended.append("a row"))
        with pytest.raises(RunStopped, match="disk full"):
            await asyncio.wait_for(unwritten.drain(), 10)

    in_a_journal(tmp_path, use)
    assert not ended


def test_a_listener_that_cannot_write_stops_neither_the_log_nor_itself_for_later_events(tmp_path):
    heard = []

    def listener(event):
        heard.append(event.seq)
        raise OSError(errno.ENOSPC, "No space left on device")

    async def use(journal):
        queued = RunQueued(run_id="again", format=FORMAT)
        journal.hand_on((queued, queued), None, lambda fault: None)
        await journal.record(queued)

    in_a_journal(tmp_path, use, listener)
    assert heard == [1, 2, 3, 4]
    assert (tmp_path / paths.EVENTS).read_bytes().count(b"\n") == 4
