"""The history of all runs: every line, and for each model and benchmark the trend with its change points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from benchgen.numbers.changepoints import RunCount, Segment, rate_segments
from benchgen.numbers.rates import Rate
from benchgen.panels import links, run_line
from benchgen.panels.remembered import Remembered
from benchgen.panels.run_line import RunLine
from benchgen.record import Record
from benchgen.records.digest import ModelDigest, RunDigest

Part: TypeAlias = tuple[RunDigest, ModelDigest]
FEWEST = 2
MOST = 100
"""Runs of a trend: the newest. Looking for change points takes time by the square, and no eye tells more apart."""
MOST_TRENDS = 8
"""Trends on the page of all runs: those of the newest runs. A model's own page has all of its trends."""
PAGE = 100
"""Lines of a full page. The newest page takes up to twice as many, so that it is never almost empty."""


class TrendRun(Record):
    """One run of a trend."""

    run_id: str
    href: str
    rate: Rate


class Trend(Record):
    """Comparable complete runs of one model, oldest first, and the levels that they fall into.

    `older` counts the runs before these, which are left out.
    """

    benchmark_name: str
    model: str
    model_href: str
    is_mock: bool
    runs: tuple[TrendRun, ...]
    segments: tuple[Segment, ...]
    older: int = 0


class History(Record):
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
        trends=trends,
        newer=None,
        older=links.history(older) if older else None,
    )


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


def trends(
    digests: Iterable[RunDigest],
    remembered: Remembered | None = None,
    *,
    model: str | None = None,
    most: int | None = None,
) -> tuple[Trend, ...]:
    """Complete runs in groups of those that may be compared, in the order in which the groups began.

    Those of one model, or of all; `most` of them, those with the newest runs.
    """
    groups: dict[tuple[object, ...], list[Part]] = {}
    every = run_line.oldest_first(digests)
    names = run_line.Names(every)
    for digest in every:
        for part in digest.models if digest.is_complete else ():
            if model in (None, part.model_id) and part.evaluated:
                groups.setdefault((part.model_id, *run_line.comparable(digest)), []).append((digest, part))
    found = [group for group in groups.values() if len(group) >= FEWEST]
    kept = remembered or Remembered()
    return tuple(_trend(group, names, kept) for group in (found if most is None else _newest(found, most)))


def _newest(groups: list[list[Part]], most: int) -> list[list[Part]]:
    """The groups with the newest runs, in the order in which they began."""
    newest = sorted((group[-1][0].created_at for group in groups), reverse=True)[:most]
    return [group for group in groups if group[-1][0].created_at >= newest[-1]][-most:] if newest else []


def _trend(every: list[Part], names: run_line.Names, kept: Remembered) -> Trend:
    runs = tuple(
        TrendRun(digest.run_id, links.run(digest.run_id), run_line.rate_of(part, kept))
        for digest, part in every[-MOST:]
    )
    last, model = every[-1]
    return Trend(
        benchmark_name=names.of(last),
        model=model.model_id,
        model_href=links.model(model.model_id),
        is_mock=model.is_mock,
        runs=runs,
        segments=tuple(rate_segments([RunCount(run.rate.passed, run.rate.evaluated) for run in runs])),
        older=len(every) - len(runs),
    )
