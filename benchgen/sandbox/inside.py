"""Where things lie inside the sandbox."""

from __future__ import annotations

import posixpath

BOX = "/box"
TMP = "/tmp"  # noqa: S108 - a folder of the sandbox, made empty for each job
HOME = f"{TMP}/home"
SHM = "/dev/shm"  # noqa: S108 - likewise
OWN = "/run/benchgen"
PROGRAMS = f"{OWN}/bin"
SEEDS = f"{OWN}/seed"
CANDIDATE = f"{OWN}/candidate"
CANDIDATE_FILTER = f"{OWN}/candidate.bpf"
EMPTY_FILE = f"{OWN}/empty"


def in_box(path: str) -> str:
    """Where a path relative to the box lies."""
    return posixpath.normpath(f"{BOX}/{path}")
