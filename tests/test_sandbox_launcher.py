"""Who starts the sandbox: never root, and what lies in root's closed home is reached without opening it."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sandbox_room import REPOSITORY, Room, chain, lines, make_room, run, sandbox

from benchgen.sandbox.choose import choose
from benchgen.sandbox.files import make_box, remove_tree
from benchgen.sandbox.launcher import NOBODY, Launcher, Owner
from benchgen.sandbox.spec import SandboxUnavailable

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED HERE: what root does, by an ordinary user")


@pytest.fixture
def room():
    box = make_box({})
    yield make_room(box)
    remove_tree(box)


@pytest.fixture
def folder():
    """A folder that all may enter; pytest's own are closed to others."""
    made = make_box({})
    made.chmod(0o755)
    yield made
    remove_tree(made)


def test_an_ordinary_user_starts_it_directly(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    launcher = Launcher()
    assert launcher.prefix((Path("/root"),)) == ()
    assert launcher.owner.uid == 1234


@root_only
def test_root_drops_to_an_unprivileged_user(room: Room):
    assert lines(run(room.job("sh", "-c", "touch /box/mine; id -u"))) == ["1000"]
    assert (room.box / "mine").stat().st_uid == NOBODY


@root_only
def test_another_user_can_be_configured(room: Room):
    asyncio.run(asyncio.run(choose("bwrap", uid=54321)).run(room.job("touch", "/box/mine")))
    assert (room.box / "mine").stat().st_uid == 54321


@root_only
def test_a_tool_below_a_closed_folder_is_reached_and_its_neighbours_are_not(folder):
    closed = folder / "closed"
    (closed / "tool" / "bin").mkdir(parents=True)
    (closed / "tool" / "bin" / "hello").write_text("hello\n")
    (closed / "secret").write_text("canary")
    closed.chmod(0o700)
    prefix = Launcher().prefix((closed / "tool", closed / "tool" / "bin" / "hello"))
    code = f"id -u; cat {closed}/tool/bin/hello; ls {closed}; touch {closed}/new"
    seen = subprocess.run([*prefix, "sh", "-c", code], capture_output=True, text=True)
    assert seen.stdout.split() == [str(NOBODY), "hello", "tool"]
    assert "Read-only" in seen.stderr
    mounts = Path("/proc/self/mountinfo").read_text()
    assert str(closed) not in mounts


@root_only
def test_a_box_out_of_reach_is_refused_with_advice(tmp_path):
    closed = tmp_path / "closed"
    (closed / "box").mkdir(parents=True)
    closed.chmod(0o700)
    with pytest.raises(SandboxUnavailable, match=r"may not enter .*\n.*make_box"):
        Launcher().check_reachable(closed / "box")


@pytest.mark.parametrize(("mode", "enters"), [(0o755, True), (0o711, True), (0o700, False), (0o744, False)])
def test_entering_a_folder_takes_its_x_bit(tmp_path, mode, enters):
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    folder.chmod(mode)
    assert Owner(NOBODY - 1, NOBODY - 1)._may_pass(folder) is enters


@root_only
@pytest.mark.slow
def test_every_attack_is_held_when_an_ordinary_user_runs_benchgen():
    sandbox()
    home = make_box({})
    try:
        os.chown(home, 54321, 54321)
        prefix = Launcher(54321).prefix((*chain("python").binds, Path(sys.prefix), REPOSITORY))
        env = {"HOME": str(home), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "CI": "1"}
        env |= {"PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(home), "PYTHONPATH": str(REPOSITORY)}
        files = [str(REPOSITORY / "tests" / f"test_sandbox_{name}.py") for name in ("attacks", "candidate", "limits")]
        argv = [*prefix, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files]
        seen = subprocess.run(argv, env=env, cwd=home, capture_output=True, text=True)
        assert seen.returncode == 0, seen.stdout[-4000:] + seen.stderr[-2000:]
    finally:
        remove_tree(home)
