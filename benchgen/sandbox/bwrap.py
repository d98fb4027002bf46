"""The bubblewrap backend: builds the command line of the sandbox, runs it, and reads how it ended."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

from benchgen.sandbox import inside, seccomp
from benchgen.sandbox.arguments import bound_folders, sandbox_arguments
from benchgen.sandbox.bwrap_status import BwrapStatus
from benchgen.sandbox.fds import LaunchFds
from benchgen.sandbox.files import check_job, hand_over
from benchgen.sandbox.launcher import Launcher
from benchgen.sandbox.process import Command, Run, run_command
from benchgen.sandbox.spec import Job, Outcome, SandboxUnavailable

_INSTALL = "apt install bubblewrap (0.8 or newer)"


class Bwrap:
    """Runs jobs under bubblewrap, as an unprivileged user even when benchgen itself is root."""

    name = "bwrap"
    keeps_candidates = True

    def __init__(self, program: Path, launcher: Launcher) -> None:
        self._program = program
        self._launcher = launcher

    @classmethod
    def find(cls, launcher: Launcher) -> Bwrap:
        """The bubblewrap on PATH."""
        program = shutil.which("bwrap")
        if program is None:
            raise SandboxUnavailable("bwrap is not installed", hint=_INSTALL)
        return cls(Path(program).resolve(), launcher)

    async def run(self, job: Job) -> Outcome:
        """Run one job; only a line from bubblewrap itself that the command ran makes it more than `broken`."""
        check_job(job)
        self._launcher.guard()
        self._launcher.check_reachable(job.box)
        hand_over(job.box, self._launcher.owner)
        with LaunchFds() as fds:
            report, status_fd = fds.report()
            inner = tuple(sandbox_arguments(job, str(self._program), fds, status_fd))
            prefix = self._launcher.prefix(bound_folders(job))
            argv = (*prefix, str(self._program), "--dir", f"{inside.OWN}/{self._launcher.token}", *inner)
            with BwrapStatus(report) as status:
                try:
                    run = await run_command(Command(argv=argv, kill=status.kill, pass_fds=fds.passed), job)
                finally:
                    # Bubblewrap ends a moment before the last processes of the sandbox do.
                    await status.all_gone()
                return _outcome(run, status.exit_code)

    def describe(self) -> str:
        """What this backend keeps."""
        text = (
            "bwrap: code runs without network, in namespaces of its own, as an unprivileged user, with a read-only"
            " system and an empty environment; memory, processor, processes, files, output and time are limited."
        )
        return text if seccomp.program(may_nest=False) else f"{text} System calls are not filtered on this processor."


def _outcome(run: Run, exit_code: int | None) -> Outcome:
    if exit_code is None:
        words = run.stderr.capture.captured().text().strip().splitlines()
        return run.outcome("broken", None, words[-1] if words else f"bwrap ended with {run.ending.code}")
    if exit_code > 128:
        number = exit_code - 128
        name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
        return run.outcome("signaled", exit_code, f"ended by {name}")
    return run.outcome("exited", exit_code)
