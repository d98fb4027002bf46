"""Where a run is started: versions, host and commit, as they go into its `config.json`."""

from __future__ import annotations

import os
import platform
import secrets
import shutil
import subprocess
from pathlib import Path

from benchgen import __version__
from benchgen.clock import Clock
from benchgen.plan import Surroundings
from benchgen.records.run import Git, Host
from benchgen.store.create import new_run_id


def around(command: tuple[str, ...], clock: Clock) -> Surroundings:
    """The surroundings of a run that starts here and now."""
    return Surroundings(
        run_id=new_run_id(clock, secrets.token_hex(3)),
        created_at=clock.stamp(),
        command=command,
        versions={"benchgen": __version__, "python": platform.python_version()},
        host=Host(platform.system(), platform.machine(), os.cpu_count() or 1, platform.python_version()),
        git=_git(Path.cwd()),
    )


def _git(folder: Path) -> Git | None:
    """The commit of the folder's checkout; None outside of one."""
    if shutil.which("git") is None:
        return None
    commit = _ask(folder, "rev-parse", "HEAD")
    if commit is None:
        return None
    return Git(commit, dirty=bool(_ask(folder, "status", "--porcelain", "--untracked-files=no")))


def _ask(folder: Path, *words: str) -> str | None:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None
