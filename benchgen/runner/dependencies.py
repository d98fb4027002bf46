"""`--install-deps`: a task's `requirements.txt`, resolved outside the sandbox as wheels, shown inside read-only."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import threading
from importlib.metadata import distributions
from pathlib import Path

from benchgen.records.task import Task
from benchgen.runner.code import REQUIREMENTS
from benchgen.sandbox.files import remove_tree
from benchgen.sandbox.spec import Missing, Toolchain

FILE = "requirements.txt"
_SECONDS = 600
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,._ -]*\])?\s*([<>=!~;].*)?")
_one_at_a_time = threading.Lock()


def requirements_of(task: Task, cache: Path) -> Toolchain | Missing | None:
    """What the sandbox must show for the task's requirements; None for a task without any. Blocks while pip works."""
    path = task.folder / FILE
    if not path.is_file():
        return None
    text = path.read_text("utf-8", "replace")
    if not _lines(text):  # comments alone: pip would make no folder
        return None
    odd = [line for line in _lines(text) if not _PLAIN.fullmatch(line)]
    if odd:
        return Missing(FILE, f"only names and versions are taken, not {odd[0]!r}")
    with _one_at_a_time:
        folder = cache / hashlib.sha256(f"{sys.version}\n{text}".encode()).hexdigest()[:24]
        complaint = "" if folder.is_dir() else _install(path, folder)
    if complaint:
        return Missing(FILE, complaint)
    versions = sorted(f"{found.name}=={found.version}" for found in distributions(path=[str(folder)]))
    return Toolchain(REQUIREMENTS, "\n".join(versions), binds=(folder,), env={"PYTHONPATH": str(folder)})


def _lines(text: str) -> list[str]:
    plain = (line.split("#")[0].strip() for line in text.splitlines())
    return [line for line in plain if line]


def _keep(temporary: Path, folder: Path) -> None:
    """Another run may have put the very same there in the meantime."""
    try:
        temporary.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _install(requirements: Path, folder: Path) -> str:
    """Installs into a folder that appears whole or not at all; what pip complains about, else nothing.

    Wheels only: building a source package would run its code out here.
    """
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}")
    remove_tree(temporary)
    temporary.parent.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    words += ["--only-binary", ":all:", "--target", str(temporary), "-r", str(requirements)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_SECONDS, check=False)
        complaint = done.stderr.strip().rpartition("\n")[2] or "pip failed"
        if done.returncode == 0:
            complaint = ""
            _keep(temporary, folder)
    except subprocess.TimeoutExpired:
        complaint = f"pip took more than {_SECONDS} s"
    remove_tree(temporary)
    return complaint[:300]
