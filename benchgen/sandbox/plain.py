"""No sandbox: the command runs as ourselves, with limits but without isolation; only when asked for by name."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping

from benchgen.sandbox.files import check_job
from benchgen.sandbox.process import Command, run_command
from benchgen.sandbox.rlimits import prlimit
from benchgen.sandbox.spec import Job, Outcome, refuse_candidate


class Plain:
    """Runs jobs unprotected."""

    name = "none"
    keeps_candidates = False

    async def run(self, job: Job) -> Outcome:
        """Run one job; refuse one whose candidate must be kept apart from its judge."""
        check_job(job)
        refuse_candidate(job, self.name)
        command = Command(
            argv=_limited(job), kill=_kill_group, env=_environment(job), cwd=job.box / job.cwd, new_session=True
        )
        run = await run_command(command, job)
        _kill_group(run.pid)
        code = run.ending.code
        if code < 0:
            return run.outcome("signaled", 128 - code, f"ended by {signal.Signals(-code).name}")
        return run.outcome("exited", code)

    def describe(self) -> str:
        """What is not protected: nearly everything."""
        return (
            "none: the model's code runs as you, on this machine. It can read and change your files, use the"
            " network, see other processes and leave some behind."
            " Only time, memory, processor, files and output are limited."
        )


def _limited(job: Job) -> tuple[str, ...]:
    if shutil.which("prlimit") is None:  # not on a Mac
        return job.argv
    return (*prlimit(job.limits, processes=False), *job.argv)


def _environment(job: Job) -> Mapping[str, str]:
    folders = [str(entry) for chain in job.toolchains for entry in chain.path_entries]
    made = {"PATH": ":".join([*folders, os.defpath]), "HOME": str(job.box), "LANG": "C.UTF-8", "TZ": "UTC"}
    for chain in job.toolchains:
        made.update(chain.env)
    return {**made, **job.env}


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # nobody is left in it
        return
