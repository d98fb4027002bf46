"""How jobs end: exit codes, signals, a sandbox that breaks, a cancelled job, a runner that is killed."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest
from sandbox_room import REPOSITORY, Room, chain, make_room, run, running_with, sandbox

from benchgen.record import replace
from benchgen.sandbox.files import make_box, remove_tree
from benchgen.sandbox.launcher import Launcher
from benchgen.sandbox.spec import Toolchain

STARTER = """
import asyncio, sys
from pathlib import Path
from benchgen.sandbox.choose import choose
from benchgen.sandbox.spec import Job, Limits
async def main():
    sandbox = await choose("bwrap")
    argv = ("sh", "-c", "$BENCHGEN_CANDIDATE sleep 60.$0 & sleep 60", sys.argv[1])
    await sandbox.run(Job(argv, Path(sys.argv[2]), Limits(60), nested=True))
asyncio.run(main())
"""


@pytest.fixture
def room():
    box = make_box({})
    yield make_room(box)
    remove_tree(box)


@pytest.fixture
def token():
    return str(uuid4().int)


def wait_until(holds, seconds):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        os.sched_yield()


@pytest.mark.parametrize("code", [0, 1, 2, 77])
def test_the_exit_code_is_the_commands(room: Room, code):
    outcome = run(room.job("sh", "-c", f"exit {code}"))
    assert (outcome.ended, outcome.exit_code) == ("exited", code)


def test_a_job_ends_once_it_has_told_enough(room: Room):
    outcome = run(room.job("sh", "-c", "echo so far; echo enough; sleep 60", enough=re.compile(rb"^enough\n", re.M)))
    assert (outcome.ended, outcome.exit_code, outcome.stdout.text()) == ("enough", None, "so far\nenough\n")


def test_death_by_a_signal_is_named(room: Room):
    outcome = run(room.job("sh", "-c", "kill -SEGV $$"))
    assert (outcome.ended, outcome.exit_code, outcome.detail) == ("signaled", 139, "ended by SIGSEGV")


def test_a_sandbox_that_cannot_be_made_is_broken_and_not_a_failed_test(room: Room):
    ghost = Toolchain("ghost", "1", binds=(Path("/nowhere/at/all"),))
    outcome = run(replace(room.job("true"), toolchains=(ghost,)))
    assert (outcome.ended, outcome.exit_code) == ("broken", None)
    assert "bwrap" in outcome.detail


def test_killing_the_sandbox_from_outside_is_not_the_commands_exit(room: Room, token):
    async def killed():
        task = asyncio.create_task(sandbox().run(room.job("sleep", f"60.{token}")))
        while not running_with(token):
            await asyncio.sleep(0.01)
        for pid in running_with(token):
            os.kill(pid, signal.SIGKILL)
        return await task

    outcome = asyncio.run(killed())
    assert outcome.ended in ("signaled", "broken")


def test_a_cancelled_job_is_gone_at_once(room: Room, token):
    async def cancelled():
        task = asyncio.create_task(sandbox().run(room.job("sleep", f"60.{token}")))
        while not running_with(token):
            await asyncio.sleep(0.01)
        start = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - start

    assert asyncio.run(cancelled()) < 1
    assert running_with(token) == []


def test_jobs_run_side_by_side(room: Room):
    async def three():
        return await asyncio.gather(*(sandbox().run(room.job("sh", "-c", f"sleep 0.3; echo {n}")) for n in range(3)))

    assert [outcome.stdout.text() for outcome in asyncio.run(three())] == ["0\n", "1\n", "2\n"]


def test_no_descriptor_stays_open(room: Room):
    run(room.job("true"))
    before = len(os.listdir("/proc/self/fd"))
    run(room.job("true"))
    assert len(os.listdir("/proc/self/fd")) == before


def starter(*words, uid=None, home):
    """The command that starts a job in a process of its own, perhaps as another user."""
    env = {"PYTHONPATH": str(REPOSITORY), "PATH": os.environ["PATH"], "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    prefix = ()
    if uid is not None:
        places = (*chain("python").binds, Path(sys.prefix), REPOSITORY)
        prefix = Launcher(uid).prefix(places)
    return [*prefix, sys.executable, "-c", *words], env


@pytest.mark.parametrize("uid", [None, 54321])
def test_killing_the_runner_takes_the_sandbox_with_it(room: Room, token, tmp_path_factory, uid):
    if uid and os.geteuid():
        uid = None
    sandbox()
    if uid:
        os.chown(room.box, uid, uid)
    argv, env = starter(STARTER, token, str(room.box), uid=uid, home=room.box)
    with subprocess.Popen(argv, env=env, start_new_session=True) as runner:
        wait_until(lambda: len(running_with(f"60.{token}")) >= 3, 20)
        start = time.monotonic()
        runner.kill()
        wait_until(lambda: running_with(token) == [], 1)
    assert time.monotonic() - start < 1


def test_a_job_cancelled_while_it_starts_leaves_nothing(room: Room, token):
    async def cancelled(steps):
        task = asyncio.create_task(sandbox().run(room.job("sleep", f"60.{token}")))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    for steps in range(1, 20):
        asyncio.run(cancelled(steps))
    wait_until(lambda: running_with(token) == [], 1)


MOMENTS = 20


def test_killing_the_runner_at_any_moment_of_a_start_leaves_nothing(room: Room, token):
    sandbox()
    code = STARTER.replace("    argv =", "    print('up', flush=True)\n    argv =")
    argv, env = starter(code, token, str(room.box), home=room.box)
    for moment in range(MOMENTS):
        with subprocess.Popen(argv, env=env, stdout=subprocess.PIPE) as runner:
            runner.stdout.readline()
            time.sleep(0.03 * moment / MOMENTS)  # the moment is what is tested
            runner.kill()
    wait_until(lambda: running_with(token) == [], 1)
