"""Locks: one runner a run, one writer at the root, and the dead told from the living."""

import subprocess
import sys
import threading
import time

import pytest

from benchgen import paths
from benchgen.errors import Locked
from benchgen.store.locks import holder, is_alive, process_start, root_lock, runner_lock

HOLD = (
    "import sys, pathlib\n"
    "from benchgen.store.locks import runner_lock\n"
    "with runner_lock(pathlib.Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    sys.stdin.read()\n"
)


@pytest.fixture
def other_runner(tmp_path):
    """Another process that holds the lock of this folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_runner_is_refused_at_once_and_told_who_runs(tmp_path, other_runner):
    begun = time.monotonic()
    with pytest.raises(Locked, match=str(other_runner.pid)), runner_lock(tmp_path):
        pass
    assert time.monotonic() - begun < 1


def test_a_refused_runner_leaves_the_others_lock_as_it_was(tmp_path, other_runner):
    with pytest.raises(Locked), runner_lock(tmp_path):
        pass
    assert holder(tmp_path).pid == other_runner.pid
    assert is_alive(tmp_path)


def test_a_killed_runner_is_dead_and_its_run_can_be_taken(tmp_path, other_runner):
    other_runner.kill()
    other_runner.wait()
    assert not is_alive(tmp_path)
    with runner_lock(tmp_path):
        assert is_alive(tmp_path)


def test_one_process_cannot_run_a_run_twice(tmp_path):
    with runner_lock(tmp_path), pytest.raises(Locked), runner_lock(tmp_path):
        pass


def test_nobody_is_alive_after_the_end_nor_before_the_start(tmp_path):
    assert not is_alive(tmp_path)
    with runner_lock(tmp_path):
        pass
    assert not is_alive(tmp_path)


def test_another_process_of_the_same_number_is_not_taken_for_the_runner(tmp_path, other_runner):
    (tmp_path / paths.RUNNER_LOCK).write_text(f'{{"pid":{other_runner.pid},"started":"1"}}\n')
    assert not is_alive(tmp_path)


@pytest.mark.parametrize("text", ["", "x", "{}", '{"pid":"no","started":"1"}', '{"pid":1,"started":""}'])
def test_a_damaged_lock_file_means_nobody(tmp_path, text):
    (tmp_path / paths.RUNNER_LOCK).write_text(text)
    assert not is_alive(tmp_path)


def test_a_zombie_runs_nothing():
    process = subprocess.Popen([sys.executable, "-c", "pass"], stdout=subprocess.PIPE)
    process.stdout.read()
    process.stdout.close()
    deadline = time.monotonic() + 10
    while process_start(process.pid) is not None and time.monotonic() < deadline:
        pass
    assert process_start(process.pid) is None
    process.wait()


def test_taking_the_lock_clears_what_a_crash_left_half_written(tmp_path):
    (tmp_path / ".tracker.json.77.new").write_bytes(b"{")
    (tmp_path / ".attempt.new").mkdir()
    (tmp_path / "kept.new").write_bytes(b"")
    with runner_lock(tmp_path):
        assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.new", paths.RUNNER_LOCK]


def test_writers_at_the_root_take_turns(tmp_path):
    inside, most = [], []

    def work():
        for _ in range(20):
            with root_lock(tmp_path):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
