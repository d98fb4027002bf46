"""The recent runs panel: the newest runs, each with its change since the run before."""

from __future__ import annotations

from collections.abc import Sequence

from benchgen.panels import links
from benchgen.panels.run_line import RunLine
from benchgen.record import Record

SHOWN = 8


class RecentRuns(Record):
    """The newest lines of the history; `more` counts those not shown."""

    lines: tuple[RunLine, ...]
    more: int
    href: str = links.HISTORY


def recent_runs(lines: Sequence[RunLine], shown: int = SHOWN) -> RecentRuns:
    """The head of what `run_line.lines` gives."""
    return RecentRuns(tuple(lines[:shown]), max(0, len(lines) - shown))
