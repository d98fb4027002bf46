"""The log: numbered without a gap whoever writes, cut where a crash tore it, and damage named by its byte."""

import errno
import os
import subprocess
import sys
import threading

import pytest
from factories import Ticking, attempt, attempt_events
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import logs

from benchgen import codec, paths
from benchgen.errors import BadFile, DiskFull
from benchgen.records.events import AttemptFinished, AttemptPhase, Progress
from benchgen.records.state import Line
from benchgen.redact import Redactor
from benchgen.store import files
from benchgen.store.log import LogReader, append, read_line


def notes(count):
    return [Progress(done=number) for number in range(count)]


def read(folder):
    return [event for event, _ in LogReader(folder / paths.EVENTS).poll()]


def test_events_come_back_numbered_from_one_and_timed(tmp_path):
    written = append(tmp_path, notes(2), clock=Ticking(step=1).clock()) + append(tmp_path, notes(1))
    assert [event.seq for event in written] == [1, 2, 3]
    assert written[0].at == "2026-11-21T02:40:41.000Z"
    assert read(tmp_path) == written


def test_an_event_that_brings_its_time_keeps_it(tmp_path):
    (event,) = append(tmp_path, [Progress(at="2020-01-01T00:00:00.000Z")])
    assert event.at == "2020-01-01T00:00:00.000Z"


@given(logs())
@settings(max_examples=30)
def test_any_log_is_read_back_as_it_was_written(tmp_path_factory, log):
    folder = tmp_path_factory.mktemp("run")
    append(folder, log, sync=False)
    for event, line in LogReader(folder / paths.EVENTS).poll():
        data = read_line(folder / paths.EVENTS, line)
        assert codec.whole_event(data, where="here") == log[event.seq - 1]


def test_a_torn_tail_at_every_byte_loses_the_torn_event_alone(tmp_path):
    log = tmp_path / paths.EVENTS
    append(tmp_path, attempt_events(attempt()))
    whole = log.read_bytes()
    ends = [index + 1 for index, byte in enumerate(whole) if byte == ord("\n")]
    for cut in range(ends[-3], len(whole) + 1):
        log.write_bytes(whole[:cut])
        kept = sum(end <= cut for end in ends)
        assert len(read(tmp_path)) == kept
        (event,) = append(tmp_path, notes(1), sync=False)
        assert event.seq == kept + 1
        assert [event.seq for event in read(tmp_path)] == list(range(1, kept + 2))


def test_a_reader_leaves_a_torn_last_line_for_later(tmp_path):
    log = tmp_path / paths.EVENTS
    append(tmp_path, notes(1))
    reader = LogReader(log)
    line = codec.event_line(Progress(seq=2, at="t"))
    for byte in line[:-1]:
        with log.open("ab") as file:
            file.write(bytes([byte]))
        assert [event.seq for event, _ in reader.poll()] in ([1], [])
    with log.open("ab") as file:
        file.write(b"\n")
    assert [event.seq for event, _ in reader.poll()] == [2]
    assert not reader.restarted


@given(st.lists(st.integers(1, 4), min_size=1, max_size=6))
@settings(max_examples=25)
def test_reading_bit_by_bit_gives_what_reading_at_once_gives(tmp_path_factory, batches):
    folder = tmp_path_factory.mktemp("run")
    reader = LogReader(folder / paths.EVENTS)
    found = reader.poll()
    for size in batches:
        append(folder, notes(size), sync=False)
        found += reader.poll()
    assert found == LogReader(folder / paths.EVENTS).poll()


def test_lines_longer_than_a_chunk_are_read(tmp_path):
    event = AttemptPhase(attempt="a", phase="x" * 3_000_000)
    append(tmp_path, [*notes(1), event, *notes(1)])
    assert [event.seq for event in read(tmp_path)] == [1, 2, 3]


@pytest.mark.parametrize("damage", [b"\0" * 20, b'{"seq":2,"at":"t","type":"progress","done":"x"}', b"", b"[]"])
def test_damage_in_the_middle_is_named_by_its_byte(tmp_path, damage):
    log = tmp_path / paths.EVENTS
    append(tmp_path, notes(3))
    first, _, third = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(first + damage + b"\n" + third)
    reader = LogReader(log)
    assert [event.seq for event, _ in reader.poll()] == [1]
    for _ in range(2):
        with pytest.raises(BadFile, match=f"at byte {len(first)}:"):
            reader.poll()


def test_a_missing_event_is_damage(tmp_path):
    log = tmp_path / paths.EVENTS
    append(tmp_path, notes(3))
    first, _, third = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(first + third)
    reader = LogReader(log)
    reader.poll()
    with pytest.raises(BadFile, match=f"at byte {len(first)}: event 3 follows event 1"):
        reader.poll()


def test_nothing_is_added_to_a_log_whose_last_line_is_damaged(tmp_path):
    log = tmp_path / paths.EVENTS
    append(tmp_path, notes(1))
    length = log.stat().st_size
    log.write_bytes(log.read_bytes() + b"garbage\n")
    with pytest.raises(BadFile, match=f"at byte {length}"):
        append(tmp_path, notes(1))


def test_a_reader_starts_over_when_the_log_shrinks(tmp_path):
    append(tmp_path, notes(3))
    reader = LogReader(tmp_path / paths.EVENTS)
    reader.poll()
    (tmp_path / paths.EVENTS).write_bytes(b"")
    append(tmp_path, notes(1))
    assert [event.seq for event, _ in reader.poll()] == [1]
    assert reader.restarted


def test_a_reader_starts_over_when_the_log_is_replaced(tmp_path):
    append(tmp_path, notes(2))
    reader = LogReader(tmp_path / paths.EVENTS)
    reader.poll()
    other = tmp_path / "other"
    other.mkdir()
    append(other, notes(5))
    (other / paths.EVENTS).replace(tmp_path / paths.EVENTS)
    assert len(reader.poll()) == 5
    assert reader.restarted
    assert reader.poll() == []
    assert not reader.restarted


def test_a_log_that_is_not_there_yet_has_no_events(tmp_path):
    assert LogReader(tmp_path / paths.EVENTS).poll() == []


def test_a_line_beyond_the_end_is_damage(tmp_path):
    append(tmp_path, notes(1))
    with pytest.raises(BadFile, match="ends before"):
        read_line(tmp_path / paths.EVENTS, Line(0, 10_000))


def test_threads_that_append_at_once_leave_no_gap(tmp_path):
    threads = [threading.Thread(target=append, args=(tmp_path, notes(5)), kwargs={"sync": False}) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.seq for event in read(tmp_path)] == list(range(1, 81))


def test_processes_that_append_at_once_leave_no_gap(tmp_path):
    code = (
        "import sys, pathlib\n"
        "from benchgen.records.events import Progress\n"
        "from benchgen.store.log import append\n"
        "for n in range(20): append(pathlib.Path(sys.argv[1]), [Progress(done=n)], sync=False)\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert [event.seq for event in read(tmp_path)] == list(range(1, 61))


def test_what_os_write_leaves_out_is_written(tmp_path, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, bytes(data)[:7]))
    append(tmp_path, notes(3))
    assert len(read(tmp_path)) == 3


def test_a_full_disk_is_said_and_takes_back_the_half_written_batch(tmp_path, monkeypatch):
    append(tmp_path, notes(2))
    before = (tmp_path / paths.EVENTS).read_bytes()
    real = os.write

    def full(fd, data):
        if len(data) < 60:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(fd, bytes(data)[:-50])

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(DiskFull, match="disk full") as caught:
            append(tmp_path, notes(2))
    assert caught.value.where == str(tmp_path)
    assert (tmp_path / paths.EVENTS).read_bytes() == before
    assert append(tmp_path, notes(1))[0].seq == 3


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_the_real_error_of_a_full_disk_is_known(tmp_path):
    fd = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(DiskFull), files.disk_full_named(tmp_path):
        files.write_all(fd, b"x")
    os.close(fd)


def test_a_log_is_never_written_through_a_link(tmp_path):
    (tmp_path / "target").write_bytes(b"")
    (tmp_path / paths.EVENTS).symlink_to(tmp_path / "target")
    with pytest.raises(OSError):
        append(tmp_path, notes(1))


def test_secrets_are_gone_from_the_log_and_from_what_comes_back(tmp_path):
    redactor = Redactor({"ACME_API_KEY": "canary-4f1d"})
    outcome = attempt(message="the key canary-4f1d was refused", category="api_error")
    finished = AttemptFinished(attempt=outcome.attempt, outcome=outcome)
    (written,) = append(tmp_path, [finished], redactor=redactor)
    assert written.outcome.message == "the key [redacted ACME_API_KEY] was refused"
    assert b"canary" not in (tmp_path / paths.EVENTS).read_bytes()
