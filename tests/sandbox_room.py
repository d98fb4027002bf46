"""What the sandbox tests share: a room to run attacks in, and a loud reason where this machine has none."""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

from benchgen.record import Record, replace
from benchgen.sandbox.choose import choose
from benchgen.sandbox.spec import Job, Limits, Missing, Outcome, Sandbox, SandboxUnavailable, Toolchain
from benchgen.sandbox.toolchains import find

REPOSITORY = Path(__file__).resolve().parents[1]
LIMITS = Limits(wall_seconds=30)


def cannot(reason: str) -> NoReturn:
    """Fail where continuous integration promises the tool, else skip and say why."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must have it: {reason}")
    pytest.skip(f"NOT TESTED HERE: {reason}")


@cache
def sandbox() -> Sandbox:
    """The bubblewrap of this machine; chosen in a thread, for whoever asks first may be in a loop of its own."""
    with ThreadPoolExecutor(1) as thread:
        try:
            return thread.submit(lambda: asyncio.run(choose("bwrap"))).result()
        except SandboxUnavailable as reason:
            cannot(str(reason))


def chain(name: str) -> Toolchain:
    """A toolchain of this machine."""
    found = find()[name]
    if isinstance(found, Missing):
        cannot(f"{name} ({found.install})")
    return found


def run(job: Job) -> Outcome:
    """Run a job to its end."""
    return asyncio.run(sandbox().run(job))


class Room(Record):
    """A box, and ways to run Python in it: as the only code, or as the candidate of a judge."""

    box: Path
    limits: Limits = LIMITS

    def job(self, *argv: str, **more) -> Job:
        return Job(argv=argv, box=self.box, limits=self.limits, toolchains=(chain("python"),), **more)

    def alone(self, code: str, *words: str, **more) -> Outcome:
        """Run untrusted code without a judge."""
        return run(self.job("python", "-c", code, *words, **more))

    def candidate(self, code: str, *words: str, **more) -> Outcome:
        """Run untrusted code as the candidate of a judge that only passes on what it prints."""
        judge = "import os, subprocess, sys; p = os.environ['BENCHGEN_CANDIDATE'].split(); "
        judge += "sys.exit(subprocess.run([*p, 'python', '-c', *sys.argv[1:]]).returncode)"
        return run(self.job("python", "-c", judge, code, *words, nested=True, **more))

    def limited(self, **limits) -> "Room":
        return replace(self, limits=replace(self.limits, **limits))


def make_room(folder: Path) -> Room:
    """A room in a folder that the sandbox's user can enter."""
    (folder / "tests" / "driver").mkdir(parents=True)
    (folder / "tests" / "expected.txt").write_text("the answer is 42")
    (folder / "tests" / "driver" / "driver.txt").write_text("driver")
    (folder / "workspace").mkdir()
    (folder / "workspace" / "code.txt").write_text("code")
    return Room(folder)


def lines(outcome: Outcome) -> list[str]:
    """What an attack printed; it must have come to its end."""
    assert outcome.ended == "exited", outcome
    assert outcome.exit_code == 0, outcome.stderr.text()
    return outcome.stdout.text().splitlines()


def running_with(token: str) -> list[int]:
    """Host processes that carry a token in their command line, this one aside."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if token.encode() in words:
                found.append(int(entry.name))
    return found


PYTHON = sys.executable
