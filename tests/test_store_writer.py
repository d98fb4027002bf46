"""The writer: every event once, in order, durable before it is acknowledged, and one error for all after a failure."""

import asyncio
import errno
import os
import subprocess
import sys
import threading

import pytest
from factories import attempt, attempt_events
from hypothesis import given, settings
from hypothesis import strategies as st

from benchgen import paths
from benchgen.errors import DiskFull
from benchgen.records.events import Progress
from benchgen.redact import Redactor
from benchgen.store.log import LogReader, append
from benchgen.store.writer import Closed, Writer


@pytest.fixture
def writer(tmp_path):
    writer = Writer(tmp_path)
    yield writer
    writer.close()


def read(folder):
    return [event for event, _ in LogReader(folder / paths.EVENTS).poll()]


def test_a_future_gives_the_event_as_it_was_written(writer, tmp_path):
    event = writer.submit(Progress(done=1)).result()
    assert event.seq == 1
    assert read(tmp_path) == [event]


def test_events_of_many_threads_are_each_written_once(tmp_path):
    heard = []
    writer = Writer(tmp_path, on_written=heard.extend)

    def lane(number):
        for step in range(20):
            writer.submit(Progress(done=number, total=step)).result()

    threads = [threading.Thread(target=lane, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    assert [event.seq for event in heard] == list(range(1, 161))
    assert heard == read(tmp_path)
    assert len({(event.done, event.total) for event in heard}) == 160


def test_closing_writes_what_is_queued(tmp_path):
    writer = Writer(tmp_path)
    futures = [writer.submit(Progress(done=number), sync=False) for number in range(50)]
    writer.close()
    writer.close()
    assert [future.result().seq for future in futures] == list(range(1, 51))


def test_nothing_is_taken_after_the_end(tmp_path):
    writer = Writer(tmp_path)
    writer.close()
    with pytest.raises(Closed):
        writer.submit(Progress())


def test_who_stops_waiting_does_not_take_the_event_back(writer, tmp_path):
    async def leave():
        waiting = asyncio.wrap_future(writer.submit(Progress(done=7)))
        waiting.cancel()

    asyncio.run(leave())
    writer.close()
    assert [event.done for event in read(tmp_path)] == [7]


def test_rows_are_down_before_the_events_that_announce_them(tmp_path):
    seen = []

    def listen(events):
        rows = (tmp_path / paths.RESULTS).read_bytes().splitlines()
        seen.append((len(rows), events[-1].seq))

    writer = Writer(tmp_path, on_written=listen)
    futures = [writer.submit(event, row=b"{}\n") for event in attempt_events(attempt())]
    assert all(future.result() for future in futures)
    writer.close()
    assert all(rows == seq for rows, seq in seen)


def test_progress_alone_is_not_synced(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fdatasync", synced.append)
    writer = Writer(tmp_path)
    writer.submit(Progress(), sync=False).result()
    assert synced == []
    writer.submit(Progress()).result()
    writer.close()
    assert len(synced) == 1


def test_after_a_full_disk_every_event_gets_the_same_answer(tmp_path, monkeypatch):
    writer = Writer(tmp_path)
    kept = writer.submit(Progress(done=1)).result()

    def full(fd, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(DiskFull):
            writer.submit(Progress(done=2)).result()
    with pytest.raises(DiskFull):
        writer.submit(Progress(done=3)).result()
    writer.close()
    assert read(tmp_path) == [kept]


def test_a_row_that_does_not_fit_is_taken_back_whole(tmp_path, monkeypatch):
    writer = Writer(tmp_path)
    writer.submit(Progress(), row=b'{"custom_id":"a"}\n').result()
    real = os.write

    def full(fd, data):
        if len(data) < 10:
            raise OSError(errno.EDQUOT, "Disk quota exceeded")
        return real(fd, bytes(data)[:-9])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(DiskFull):
            writer.submit(Progress(), row=b'{"custom_id":"b"}\n').result()
    writer.close()
    assert (tmp_path / paths.RESULTS).read_bytes() == b'{"custom_id":"a"}\n'
    assert len(read(tmp_path)) == 1


def test_secrets_are_gone_from_rows(tmp_path):
    writer = Writer(tmp_path, redactor=Redactor({"KEY": "canary-4f1d"}))
    writer.submit(Progress(), row=b'{"text":"canary-4f1d"}\n').result()
    writer.close()
    assert (tmp_path / paths.RESULTS).read_bytes() == b'{"text":"[redacted KEY]"}\n'


WRITE = (
    "import sys, pathlib\n"
    "from benchgen.records.events import Progress\n"
    "from benchgen.store.writer import Writer\n"
    "writer = Writer(pathlib.Path(sys.argv[1]), on_written=lambda events: print(events[-1].seq, flush=True))\n"
    "while True: writer.submit(Progress(detail='x' * 500), row=b'{}\\n').result()\n"
)


@pytest.mark.parametrize("acknowledged", [1, 7, 40])
def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path, acknowledged):
    process = subprocess.Popen([sys.executable, "-c", WRITE, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    said = [int(process.stdout.readline()) for _ in range(acknowledged)]
    process.kill()
    said += [int(line) for line in process.communicate()[0].split()]
    (event,) = append(tmp_path, [Progress()])
    seqs = [event.seq for event in read(tmp_path)]
    assert seqs == list(range(1, event.seq + 1))
    assert event.seq > max(said)
    assert (tmp_path / paths.RESULTS).read_bytes().count(b"\n") >= max(said)


@given(st.lists(st.booleans(), max_size=40))
@settings(max_examples=20, deadline=None)
def test_synced_or_not_the_order_is_kept(tmp_path_factory, syncs):
    folder = tmp_path_factory.mktemp("run")
    writer = Writer(folder)
    for number, sync in enumerate(syncs):
        writer.submit(Progress(done=number), sync=sync)
    writer.close()
    assert [event.done for event in read(folder)] == list(range(len(syncs)))
