"""Attacks of a candidate on its judge: its files, its processes, its memory, its verdict."""

import asyncio

import pytest
from sandbox_room import Room, lines, make_room, run

from benchgen.record import replace
from benchgen.sandbox.files import UnsafePath, make_box, remove_tree
from benchgen.sandbox.plain import Plain
from benchgen.sandbox.spec import SandboxUnavailable

HIDING = {"hidden": ("tests",), "visible": ("tests/driver",), "candidate_cwd": "workspace"}


@pytest.fixture
def room():
    box = make_box({})
    yield make_room(box)
    remove_tree(box)


def test_the_expected_answers_are_hidden_and_the_driver_is_not(room: Room):
    code = """
import os
print(os.getcwd(), os.listdir("/box/tests"), open("/box/tests/driver/driver.txt").read(), open("code.txt").read())
"""
    assert lines(room.candidate(code, **HIDING)) == ["/box/workspace ['driver'] driver code"]


def test_a_hidden_file_reads_as_empty(room: Room):
    (room.box / "workspace" / "judge.txt").write_text("secret")
    code = "print(repr(open('/box/workspace/judge.txt').read()))"
    assert lines(room.candidate(code, hidden=("workspace/judge.txt",))) == ["''"]


def test_nothing_in_the_box_can_be_changed(room: Room):
    code = """
import os
for path in ("/box/new", "/box/workspace/code.txt", "/box/tests/driver/driver.txt", "/box/tests/new", "/tmp/new"):
    try:
        open(path, "w")
        print("wrote", path)
    except OSError as error:
        print(error.strerror)
print(open("/tmp/home/new", "w").write("fine"), os.environ["HOME"], os.environ["TMPDIR"])
"""
    assert lines(room.candidate(code, **HIDING)) == ["Read-only file system"] * 5 + ["4 /tmp/home /tmp/home"]


def test_its_home_is_fresh_at_every_start(room: Room):
    judge = """
import os, subprocess
words = [*os.environ["BENCHGEN_CANDIDATE"].split(), "python", "-c"]
subprocess.run([*words, "open('/tmp/home/left', 'w')"], check=True)
print(subprocess.run([*words, "import os; print(os.listdir('/tmp/home'))"], capture_output=True, text=True).stdout)
"""
    assert lines(room.alone(judge, nested=True))[0] == "[]"


def test_the_judge_cannot_be_signalled_or_looked_into(room: Room):
    judge = """
import os, subprocess, sys
words = [*os.environ["BENCHGEN_CANDIDATE"].split(), "python", "-c"]
attack = '''
import os, signal
pids = [pid for pid in os.listdir("/proc") if pid.isdigit()]
print([pid for pid in pids if b"JUD" + b"GE" in open(f"/proc/{pid}/cmdline", "rb").read()], flush=True)
for pid in range(2, 400):
    if pid != os.getpid():
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
os.kill(-1, signal.SIGKILL)
'''
child = subprocess.run([*words, attack], capture_output=True, text=True)
print(child.stdout.strip(), "and the judge goes on")
"""
    outcome = room.alone(judge, "JUDGE", nested=True)
    assert lines(outcome) == ["[] and the judge goes on"]


def test_the_name_of_the_case_does_not_reach_it(room: Room):
    judge = """
import os, subprocess
os.environ["PYTEST_CURRENT_TEST"] = "the_case"
code = "import glob; print({b'the_' + b'case' in open(p, 'rb').read() for p in glob.glob('/proc/[0-9]*/environ')})"
subprocess.run([*os.environ["BENCHGEN_CANDIDATE"].split(), "python", "-c", code])
"""
    assert lines(room.alone(judge, nested=True)) == ["{False}"]


def test_what_the_judge_compiled_is_hidden(room: Room):
    chain = room.job("true").toolchains[0]
    judge = """
import os, subprocess
for place in ("/tmp/built", "/tmp/go-build1"):
    os.mkdir(place)
    open(place + "/judge.test", "w").write("expected")
code = "import os; print(os.listdir('/tmp/built'), os.listdir('/tmp/go-build1'), os.statvfs('/tmp/built').f_flag & 1)"
subprocess.run([*os.environ["BENCHGEN_CANDIDATE"].split(), "python", "-c", code])
"""
    job = room.job("python", "-c", judge, nested=True)
    job = replace(job, toolchains=(replace(chain, judge_only=("/tmp/built", "/tmp/go-build*", "/tmp/never-made")),))
    assert lines(run(job)) == ["[] [] 1"]


def test_without_a_sandbox_a_candidate_is_refused(room: Room):
    with pytest.raises(SandboxUnavailable, match="cannot keep"):
        asyncio.run(Plain().run(room.job("true", nested=True)))


def test_what_is_to_be_hidden_must_be_there_from_the_start(room: Room):
    with pytest.raises(UnsafePath, match="does not exist"):
        run(room.job("true", nested=True, hidden=("report",)))
