"""The ladder: each kind is tried for real, none is taken silently, and a refusal says what to install."""

import asyncio
import os

import pytest
from sandbox_room import LIMITS, sandbox

from benchgen.sandbox.bwrap import Bwrap
from benchgen.sandbox.choose import choose
from benchgen.sandbox.files import make_box, remove_tree
from benchgen.sandbox.launcher import Launcher
from benchgen.sandbox.spec import Job, SandboxUnavailable


@pytest.fixture
def folder():
    """A folder for fake programs that the sandbox's user may enter."""
    made = make_box({})
    made.chmod(0o755)
    yield made
    remove_tree(made)


def chosen(preference, monkeypatch, path):
    monkeypatch.setenv("PATH", str(path))
    return asyncio.run(choose(preference))


def test_bubblewrap_is_chosen_where_it_works():
    sandbox()
    assert asyncio.run(choose("auto")).name == "bwrap"


def test_nothing_installed_means_a_refusal_that_names_each_try(monkeypatch, tmp_path):
    with pytest.raises(SandboxUnavailable) as refusal:
        chosen("auto", monkeypatch, tmp_path)
    text = str(refusal.value)
    for name in ("bwrap:", "benchexec:", "podman:", "docker:", "apt install bubblewrap"):
        assert name in text


def test_what_is_asked_for_by_name_is_not_replaced(monkeypatch, tmp_path):
    with pytest.raises(SandboxUnavailable, match="bwrap is not installed"):
        chosen("bwrap", monkeypatch, tmp_path)


def test_a_bubblewrap_that_fails_is_not_taken_for_one_that_works(monkeypatch, folder):
    fake = folder / "bwrap"
    fake.write_text("#!/bin/sh\necho 'setting up uid map: Permission denied' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    with pytest.raises(SandboxUnavailable, match="uid map: Permission denied"):
        asyncio.run(choose("bwrap"))


def test_a_bubblewrap_that_isolates_nothing_is_found_out(monkeypatch, folder):
    fake = folder / "bwrap"
    fake.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    with pytest.raises(SandboxUnavailable):
        asyncio.run(choose("bwrap"))


def test_none_is_taken_only_when_typed_and_says_what_is_not_protected():
    plain = asyncio.run(choose("none"))
    assert plain.name == "none"
    assert "can read and change your files" in plain.describe()


def test_every_sandbox_describes_itself():
    assert "without network" in Bwrap.find(Launcher()).describe()


def test_without_a_sandbox_time_and_output_are_still_limited():
    box = make_box({})
    try:
        argv = ("sh", "-c", "echo up; sleep 60 & sleep 60")
        outcome = asyncio.run(asyncio.run(choose("none")).run(Job(argv, box, LIMITS.__class__(wall_seconds=0.3))))
        assert (outcome.ended, outcome.stdout.text()) == ("timeout", "up\n")
    finally:
        remove_tree(box)
