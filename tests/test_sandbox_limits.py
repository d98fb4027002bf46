"""Bombs: whatever a job uses up, it is ended in time, says why, and leaves nothing behind."""

import time
from uuid import uuid4

import pytest
from sandbox_room import Room, lines, make_room, running_with

from benchgen.sandbox.files import make_box, remove_tree
from benchgen.sandbox.spec import MIB


@pytest.fixture
def room():
    box = make_box({})
    yield make_room(box)
    remove_tree(box)


@pytest.fixture
def token():
    return f"token-{uuid4()}"


def test_a_job_that_does_not_end_is_ended_in_time(room: Room, token):
    start = time.monotonic()
    outcome = room.limited(wall_seconds=0.5).alone("import time; print('up', flush=True); time.sleep(60)", token)
    assert (outcome.ended, outcome.exit_code, outcome.stdout.text()) == ("timeout", None, "up\n")
    assert time.monotonic() - start < 1.5
    assert running_with(token) == []


def test_a_daemon_outlives_neither_the_end_nor_the_time_limit(room: Room, token):
    daemon = """
import os, sys, time, signal
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for fd in range(3):
            os.close(fd)
        time.sleep(60)
    os._exit(0)
time.sleep(float(sys.argv[2]))
"""
    assert room.alone(daemon, token, "0.1").ended == "exited"
    assert running_with(token) == []
    assert room.limited(wall_seconds=0.5).candidate(daemon, token, "60").ended == "timeout"
    assert running_with(token) == []


def test_a_fork_bomb_stays_inside(room: Room, token):
    bomb = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
    outcome = room.limited(wall_seconds=2, processes=64).candidate(bomb, token)
    assert outcome.ended == "timeout"
    assert running_with(token) == []


def test_processes_are_counted(room: Room):
    code = """
import subprocess
try:
    held = [subprocess.Popen(["sleep", "20"]) for _ in range(64)]
except OSError as error:
    print(error.strerror)
"""
    assert lines(room.limited(processes=32).alone(code)) == ["Resource temporarily unavailable"]


def test_one_process_cannot_take_more_private_memory_than_allowed(room: Room):
    code = """
try:
    bytearray(600 * 1024 * 1024)
except MemoryError:
    print("refused")
"""
    assert lines(room.limited(memory_bytes=256 * MIB).alone(code)) == ["refused"]


SHARED = """
import mmap, os, time
size = 90 * 1024 * 1024
for _ in range(3):
    if os.fork() == 0:
        mmap.mmap(-1, size).write(b"x" * size)
        time.sleep(20)
time.sleep(20)
"""


@pytest.mark.parametrize("kind", ["alone", "candidate"])
def test_memory_is_counted_over_all_processes_shared_mappings_included(room: Room, kind):
    outcome = getattr(room.limited(memory_bytes=200 * MIB), kind)(SHARED)
    assert outcome.ended == "memory"
    assert outcome.peak_memory_bytes > 200 * MIB
    assert "200 MiB allowed" in outcome.detail


def test_memory_shared_after_a_fork_counts_once(room: Room):
    code = """
import os, time
held = b"x" * (60 * 1024 * 1024)
children = [pid for pid in (os.fork() for _ in range(6)) if pid]
if len(children) < 6:
    time.sleep(0.5)
    os._exit(0)
for pid in children:
    os.waitpid(pid, 0)
print("done")
"""
    assert lines(room.limited(memory_bytes=200 * MIB).alone(code)) == ["done"]


def test_a_file_cannot_grow_beyond_its_limit(room: Room):
    code = """
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with open("/box/big", "wb") as file:
        for _ in range(100):
            file.write(bytes(1024 * 1024))
except OSError as error:
    print(error.strerror)
"""
    assert lines(room.limited(file_bytes=4 * MIB).alone(code)) == ["File too large"]
    assert (room.box / "big").stat().st_size <= 4 * MIB


def test_many_files_in_the_box_end_the_job(room: Room):
    code = """
for n in range(4000):
    with open(f"/box/big{n}", "wb") as file:
        file.write(bytes(1024 * 1024))
import time; time.sleep(20)
"""
    outcome = room.limited(disk_bytes=32 * MIB).alone(code)
    assert outcome.ended == "disk"
    assert "32 MiB allowed" in outcome.detail


def test_countless_empty_files_in_the_box_end_the_job(room: Room):
    code = """
for n in range(1_000_000):
    open(f"/box/{n}", "w").close()
"""
    assert room.limited(disk_files=2000).alone(code).ended == "disk"


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])
def test_memory_backed_folders_are_bounded(room: Room, folder):
    code = """
import sys
try:
    for n in range(200):
        with open(f"{sys.argv[1]}/big{n}", "wb") as file:
            file.write(bytes(1024 * 1024))
except OSError as error:
    print(error.strerror)
"""
    assert lines(room.limited(tmp_bytes=16 * MIB).alone(code, folder)) == ["No space left on device"]


def test_an_output_bomb_is_ended_and_its_two_ends_kept(room: Room):
    limits = {"output_bytes": 8 * MIB, "kept_bytes": 1024}
    outcome = room.limited(**limits).candidate("print('first')\nwhile True: print('x' * 1000)")
    assert outcome.ended == "output"
    assert outcome.stdout.head.startswith(b"first\nxxx")
    assert len(outcome.stdout.head) == len(outcome.stdout.tail) == 512
    assert outcome.stdout.dropped > 8 * MIB - 2048


def test_a_reader_that_stalls_never_stalls_the_job(room: Room):
    code = "import os\nfor _ in range(300): os.write(1, b'o' * 10000); os.write(2, b'e' * 10000)"
    outcome = room.alone(code)
    assert outcome.ended == "exited"
    assert outcome.stdout.dropped + len(outcome.stdout.head) + len(outcome.stdout.tail) == 3_000_000


def test_processor_time_is_measured_and_limited(room: Room):
    outcome = room.limited(cpu_seconds=1).alone("while True: pass")
    assert (outcome.ended, outcome.exit_code) == ("signaled", 152)
    assert outcome.detail == "ended by SIGXCPU"
    assert 0.5 < outcome.cpu_seconds < 1.5
