"""The history of all runs: every line, and for each model and benchmark the trend with its change points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchgen.numbers.changepoints import RunCount, Segment, rate_segments
from benchgen.panels import links, run_line
from benchgen.panels.run_line import RunLine
from benchgen.records.digest import RunDigest

FEWEST = 2
MOST = 100
"""Runs of a trend: the newest. Looking for change points takes time by the square, and no eye tells more apart."""
MOST_TRENDS = 8
"""Trends on the page of all runs: those of the newest runs. A model's own page has all of its trends."""
PAGE = 100
"""Lines of a full page. The newest page takes up to twice as many, so that it is never almost empty."""


@dataclass(frozen=True, slots=True)
class Trend:
    """Comparable complete runs of one model, oldest first, and the levels that they fall into.

    `older` counts the runs before these, which are left out.
    """

    benchmark_name: str
    model: str
    model_href: str
    is_mock: bool
    runs: tuple[RunLine, ...]
    segments: tuple[Segment, ...]
    older: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """One page of all runs, newest first. `total` counts all lines, and there are trends, on the newest page alone."""

    lines: tuple[RunLine, ...]
    total: int | None
    trends: tuple[Trend, ...]
    newer: str | None
    older: str | None


def newest_page(lines: Sequence[RunLine], trends: tuple[Trend, ...]) -> History:
    """The newest page: what no full older page holds."""
    older = pages(lines)
    return History(
        lines=tuple(lines[: len(lines) - PAGE * older]),
        total=len(lines),
        trends=_newest(trends),
        newer=None,
        older=links.history(older) if older else None,
    )


def _newest(trends: tuple[Trend, ...]) -> tuple[Trend, ...]:
    """The trends with the newest runs, in the order in which they began."""
    newest = sorted((trend.runs[-1].created_at for trend in trends), reverse=True)[:MOST_TRENDS]
    return tuple(trend for trend in trends if trend.runs[-1].created_at >= newest[-1])[-MOST_TRENDS:] if newest else ()


def older_page(lines: Sequence[RunLine], number: int) -> History:
    """A full page. Counted from the oldest, it holds the same lines for ever."""
    end = len(lines) - PAGE * (number - 1)
    return History(
        lines=tuple(lines[end - PAGE : end]),
        total=None,
        trends=(),
        newer=links.history(number + 1) if number < pages(lines) else links.HISTORY,
        older=links.history(number - 1) if number > 1 else None,
    )


def pages(lines: Sequence[RunLine]) -> int:
    """How many older pages there are."""
    return max(0, -(-len(lines) // PAGE) - 2)


def trends(digests: Iterable[RunDigest], lines: Sequence[RunLine]) -> tuple[Trend, ...]:
    """Complete runs in groups of those that may be compared."""
    key_of = {digest.run_id: run_line.comparable(digest) for digest in digests}
    groups: dict[tuple[object, ...], list[RunLine]] = {}
    for line in reversed(lines):
        if not line.is_partial and line.rate.value is not None:
            groups.setdefault((line.model, *key_of[line.run_id]), []).append(line)
    return tuple(_trend(group) for group in groups.values() if len(group) >= FEWEST)


def _trend(every: list[RunLine]) -> Trend:
    group = every[-MOST:]
    last = group[-1]
    counts = [RunCount(line.rate.passed, line.rate.evaluated) for line in group]
    return Trend(
        benchmark_name=last.benchmark_name,
        model=last.model,
        model_href=last.model_href,
        is_mock=last.is_mock,
        runs=tuple(group),
        segments=tuple(rate_segments(counts)),
        older=len(every) - len(group),
    )
