"""The history of all runs: every line, and for each model and benchmark the trend with its change points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchgen.numbers.changepoints import RunCount, Segment, rate_segments
from benchgen.panels import run_line
from benchgen.panels.run_line import RunLine
from benchgen.records.digest import RunDigest

FEWEST = 2


@dataclass(frozen=True, slots=True)
class Trend:
    """Comparable complete runs of one model, oldest first, and the levels that they fall into."""

    benchmark_name: str
    model: str
    model_href: str
    is_mock: bool
    runs: tuple[RunLine, ...]
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class History:
    """All runs, newest first, and the trends with at least two runs."""

    lines: tuple[RunLine, ...]
    trends: tuple[Trend, ...]


def history(digests: Sequence[RunDigest]) -> History:
    """The history of these runs."""
    lines = run_line.lines(digests)
    return History(lines, trends(digests, lines))


def trends(digests: Iterable[RunDigest], lines: Sequence[RunLine]) -> tuple[Trend, ...]:
    """Complete runs in groups of those that may be compared."""
    key_of = {digest.run_id: run_line.comparable(digest) for digest in digests}
    groups: dict[tuple[object, ...], list[RunLine]] = {}
    for line in reversed(lines):
        if not line.is_partial and line.rate.value is not None:
            groups.setdefault((line.model, *key_of[line.run_id]), []).append(line)
    return tuple(_trend(group) for group in groups.values() if len(group) >= FEWEST)


def _trend(group: list[RunLine]) -> Trend:
    last = group[-1]
    counts = [RunCount(line.rate.passed, line.rate.evaluated) for line in group]
    return Trend(
        benchmark_name=last.benchmark_name,
        model=last.model,
        model_href=last.model_href,
        is_mock=last.is_mock,
        runs=tuple(group),
        segments=tuple(rate_segments(counts)),
    )
