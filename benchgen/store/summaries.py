"""A run's summary from its log: the state folded, and each outcome that counts read by seeking."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from benchgen import codec, paths
from benchgen.records.attempt import Attempt
from benchgen.records.digest import RunDigest
from benchgen.records.state import RunState
from benchgen.records.summary import Summary
from benchgen.summary import summarise


def outcomes(folder: Path, state: RunState) -> Iterator[Attempt]:
    """The outcomes that count, whole, in the order of `state.counted_rows()`."""
    path = folder / paths.EVENTS
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for row in state.counted_rows():
            data = os.pread(fd, row.line.length, row.line.offset)
            yield codec.outcome(data, where=f"{path} at byte {row.line.offset}")
    finally:
        os.close(fd)


def summary_of(folder: Path, state: RunState, digest: RunDigest | None = None) -> Summary:
    """What `summary.json` says; the results' folder stands in it by name only."""
    return summarise(state, outcomes(folder, state), folder.resolve().parent.name, digest)
