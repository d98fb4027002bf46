"""The BenchExec backend: its containerexec command, which needs nothing but Python and unprivileged user namespaces."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchgen.sandbox import inside
from benchgen.sandbox.arguments import all_seeds, bound_folders, environment, limited
from benchgen.sandbox.files import check_job, hand_over
from benchgen.sandbox.launcher import Launcher
from benchgen.sandbox.marked import bounded, marked_outcome, new_mark, preparation
from benchgen.sandbox.masked import masked_folders
from benchgen.sandbox.monitor import tree
from benchgen.sandbox.process import Command, run_command
from benchgen.sandbox.spec import Job, Outcome, SandboxUnavailable, refuse_candidate

_SHOWN = frozenset({"bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "proc", "sbin", "sys", "usr"})


class BenchExec:
    """Runs jobs under containerexec. The box keeps its own path: there is no /box."""

    name = "benchexec"
    keeps_candidates = False

    def __init__(self, program: Path, launcher: Launcher) -> None:
        self._program = program
        self._launcher = launcher

    @classmethod
    def find(cls, launcher: Launcher) -> BenchExec:
        """The containerexec on PATH."""
        program = shutil.which("containerexec")
        if program is None:
            raise SandboxUnavailable("containerexec is not on PATH", hint="pip install BenchExec")
        return cls(Path(program), launcher)

    async def run(self, job: Job) -> Outcome:
        """Run one job; a mark in the box tells a command that failed from a sandbox that did."""
        check_job(job)
        refuse_candidate(job, self.name)
        self._launcher.guard()
        self._launcher.check_reachable(job.box)
        hand_over(job.box, self._launcher.owner)
        mark = new_mark(job.box)
        prefix = self._launcher.prefix((*self._own_folders(), *bound_folders(job)))
        argv = (*prefix, str(self._program), *_arguments(job, mark, self._launcher.token))
        run = await run_command(Command(argv, kill=_kill_tree, env={"PATH": os.defpath}), job)
        return marked_outcome(run, mark)

    def describe(self) -> str:
        """What this backend keeps, and what it does not."""
        return (
            "benchexec: code runs without network, in namespaces of its own, as an unprivileged user, with a read-only"
            " system; memory, processes, files, output and time are limited. System calls are not filtered, /etc is"
            " readable, temporary files are not bounded, and a candidate cannot be kept apart from its judge."
        )

    def _own_folders(self) -> tuple[Path, ...]:
        python = self._program.parent / "python"
        return (self._program.parent.parent, python.resolve().parent.parent) if python.exists() else ()


def _folder_of(place: Path) -> Path:
    """What must be shown for a place to be seen: it knows neither files nor links, so theirs is all of their folder."""
    return place if place.is_dir() and not place.is_symlink() else place.parent


def _arguments(job: Job, mark: Path, token: str) -> Iterator[str]:
    yield from ("--quiet", "--read-only-dir", "/")
    for folder in sorted(Path("/").iterdir()):
        if folder.name not in _SHOWN and folder.is_dir() and not folder.is_symlink():
            yield from ("--hidden-dir", str(folder))
    shown = tuple(dict.fromkeys(map(_folder_of, bound_folders(job))))
    for folder in shown:
        yield from ("--read-only-dir", str(folder))
    for folder in masked_folders(job, shown):
        yield from ("--hidden-dir", str(folder))
    yield from ("--full-access-dir", str(job.box))
    for path in job.read_only:
        yield from ("--read-only-dir", str(job.box / path))
    yield from ("--dir", str(job.box / job.cwd), "--", *bounded(job.limits))
    yield from ("/usr/bin/env", "-i", f"BENCHGEN_RUN={token}")
    yield from (f"{name}={value}" for name, value in environment(job).items())
    steps = [preparation(job), *(f"ln -s {seed.source} {inside.SEEDS}-{n}" for n, seed in enumerate(all_seeds(job)))]
    # Its exit code for a signal is the bare number; a shell adds 128.
    yield from ("/bin/sh", "-c", " && ".join(steps) + ' || exit 1; "$@"; exit $?', str(mark), *limited(job))


def _kill_tree(pid: int) -> None:
    for process in reversed(tree(pid)):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
