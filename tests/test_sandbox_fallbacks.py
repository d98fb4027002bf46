"""The backends below bubblewrap: what each keeps, wherever it is installed; each refuses what it cannot keep."""

import asyncio
import os
import secrets
from pathlib import Path

import pytest
from sandbox_room import Room, cannot, chain, lines, make_room, running_with

from benchgen.record import replace
from benchgen.sandbox.choose import choose
from benchgen.sandbox.files import make_box, remove_tree
from benchgen.sandbox.spec import SandboxUnavailable, Seed, Toolchain


@pytest.fixture(params=["benchexec", "podman", "docker"])
def fallback(request):
    """One of them that works here; BenchExec comes with the tests, the engines of containers do not."""
    try:
        return asyncio.run(choose(request.param))
    except SandboxUnavailable as reason:
        if request.param == "benchexec":
            cannot(reason.message)
        pytest.skip(f"NOT TESTED HERE: {reason.message}")


@pytest.fixture
def room():
    box = make_box({})
    yield make_room(box)
    remove_tree(box)


def run(fallback, job):
    return asyncio.run(fallback.run(job))


def test_host_files_and_the_network_are_out_of_reach(fallback, room: Room):
    outside = make_box({})
    outside.chmod(0o755)
    (outside / "secret").write_text("canary")
    code = "import os, socket, sys; print(os.path.exists(sys.argv[1]), os.getuid() > 0, socket.if_nameindex())"
    seen = lines(run(fallback, room.job("python", "-c", code, str(outside / "secret"))))
    remove_tree(outside)
    assert seen == ["False True [(1, 'lo')]"]


def test_only_the_box_and_temporary_folders_can_be_written(fallback, room: Room):
    code = """
import os
for path in ("/usr/new", "/etc/new", "new.txt", "tests/new", "/tmp/home/new"):
    try:
        open(path, "w").close()
        print(path)
    except OSError:
        pass
"""
    job = room.job("python", "-c", code, read_only=("tests",))
    assert lines(run(fallback, job)) == ["new.txt", "/tmp/home/new"]


def test_our_environment_is_nowhere(fallback, room: Room, monkeypatch):
    monkeypatch.setenv("BENCHGEN_CANARY", "sk-canary")
    code = """
import glob
for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        print(b"canary" in open(path, "rb").read())
    except OSError:
        print(False)
"""
    assert set(lines(run(fallback, room.job("python", "-c", code)))) == {"False"}


@pytest.mark.parametrize("code", [7, 125])
def test_the_exit_code_is_the_commands(fallback, room: Room, code):
    outcome = run(fallback, room.job("sh", "-c", f"exit {code}"))
    assert (outcome.ended, outcome.exit_code) == ("exited", code)


def test_death_by_a_signal_is_told_from_an_exit(fallback, room: Room):
    outcome = run(fallback, room.job("sh", "-c", "kill -9 $$"))
    assert (outcome.ended, outcome.exit_code) == ("signaled", 137)


def test_a_job_that_does_not_end_is_ended_with_all_its_processes(fallback, room: Room):
    token = f"60.{secrets.randbits(60)}"
    job = room.limited(wall_seconds=1.5).job("sh", "-c", f"setsid sleep {token} & sleep {token}")
    assert run(fallback, job).ended == "timeout"
    assert running_with(f"sleep\0{token}") == []


def test_a_broken_sandbox_is_not_a_failed_test(fallback, room: Room):
    ghost = Toolchain("ghost", "1", binds=(Path("/nowhere/at/all"),))
    assert run(fallback, replace(room.job("true"), toolchains=(ghost,))).ended == "broken"


def test_a_candidate_is_refused(fallback, room: Room):
    with pytest.raises(SandboxUnavailable, match="cannot keep"):
        run(fallback, room.job("true", nested=True))


def test_links_and_seeds_of_a_toolchain_are_there(fallback, room: Room):
    source = make_box({})
    source.chmod(0o755)
    (source / "sub").mkdir()
    (source / "sub" / "file").write_text("seed")
    tools = replace(chain("python"), seeds=(Seed(source, "/tmp/seeded"),), links={"hello": "/usr/bin/echo"})
    job = replace(room.job("sh", "-c", "cat /tmp/seeded/sub/file; touch /tmp/seeded/new; hello"), toolchains=(tools,))
    seen = lines(run(fallback, job))
    remove_tree(source)
    assert seen == ["seed"]
    assert not os.path.exists(source / "new")
