"""Geometry of the charts that stand for whole runs: cost by accuracy, and trends with their levels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchgen.numbers.rates import Rate
from benchgen.numbers.sentences import rate_sentence
from benchgen.panels.history import Trend
from benchgen.panels.leaderboard import Leaderboard
from benchgen.record import Record, replace
from benchgen.render.names import heads
from benchgen.render.scale import Scale, Tick, path, percent_ticks, trimmed

SCATTER = 200.0
TREND = 120.0
LEFT_HALF = 50.0
ROOM, LETTER, LINE, DOT = 560.0, 6.4, 13.0, 6.0
"""Pixels: how wide half a page is, a letter of a name, how high a line, and how far a mark reaches."""
LONGEST_NAME = 24


class Mark(Record):
    """One run with its interval; `name` stands beside it, on its left if `before`, or is empty for want of room."""

    x: float
    y: float
    low: float
    high: float
    label: str
    title: str
    href: str
    on_frontier: bool
    before: bool
    name: str = ""


class _Box(NamedTuple):
    """What is on one line of the chart, in pixels; `y` is its middle."""

    left: float
    right: float
    y: float

    def meets(self, other: _Box) -> bool:
        return self.left < other.right and other.left < self.right and abs(self.y - other.y) < LINE


class Scatter(Record):
    """Marks over two axes, and the frontier as points in a box of 100 by 100."""

    marks: tuple[Mark, ...]
    frontier: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


class Level(Record):
    """A segment of a trend at one level."""

    x: float
    width: float
    y: float


class TrendLine(Record):
    """Runs of a trend from left to right, and the levels that they fall into.

    `whiskers` are the intervals of all runs as one path in a box of 100 by 120: an element each doubles a long history.
    """

    marks: tuple[Mark, ...]
    whiskers: str
    levels: tuple[Level, ...]
    ticks: tuple[Tick, ...]


def cost_scatter(board: Leaderboard) -> Scatter | None:
    """Cost by accuracy of the models with a known bill, on a logarithmic axis; None below two of them."""
    rows = [row for row in board.rows if row.money.nanousd and row.rate.value is not None and not row.money.is_local]
    if len(rows) < 2:
        return None
    powers = [math.log10(row.money.nanousd or 1) for row in rows]
    low = math.floor(min(powers))
    high = max(math.ceil(max(powers)), low + 1)
    across = Scale(low, high, 4.0, 96.0)
    marks = [
        _mark(across.at(power), SCATTER, row.rate, row.model, row.href, on_frontier=row.on_frontier)
        for row, power in zip(rows, powers, strict=True)
    ]
    return Scatter(
        marks=tuple(_named(marks, heads([row.model for row in rows], LONGEST_NAME))),
        frontier=_staircase(sorted((mark.x, 100 * mark.y / SCATTER) for mark in marks if mark.on_frontier)),
        x_ticks=tuple(Tick(across.at(power), _dollars(power - 9)) for power in range(low, high + 1)),
        y_ticks=percent_ticks(SCATTER),
    )


def trend(panel: Trend) -> TrendLine:
    """The runs of a trend, oldest left, evenly spaced."""
    step = 100 / len(panel.runs)
    marks = tuple(
        _mark(trimmed(step * (index + 0.5)), TREND, run.rate, run.run_id, run.href)
        for index, run in enumerate(panel.runs)
    )
    levels = tuple(
        Level(trimmed(step * one.start), trimmed(step * (one.end - one.start)), trimmed(TREND * (1 - one.level)))
        for one in panel.segments
        if one.level is not None
    )
    whiskers = "".join(f"M{mark.x:g} {mark.low:g}V{mark.high:g}" for mark in marks)
    return TrendLine(marks, whiskers, levels, percent_ticks(TREND))


def _mark(x: float, height: float, rate: Rate, label: str, href: str, *, on_frontier: bool = False) -> Mark:
    value = rate.value or 0.0
    low, high = (rate.interval.low, rate.interval.high) if rate.interval else (value, value)
    return Mark(
        x=x,
        y=trimmed(height * (1 - value)),
        low=trimmed(height * (1 - low)),
        high=trimmed(height * (1 - high)),
        label=label,
        title=f"{label}: {rate_sentence(rate)}",
        href=href,
        on_frontier=on_frontier,
        before=x > LEFT_HALF,
    )


def _named(marks: Sequence[Mark], names: Sequence[str]) -> Iterator[Mark]:
    """Marks with their names where these lie on no other name and no other mark: what is pointed at says it anyway."""
    taken = [_Box(mark.x * ROOM / 100 - DOT, mark.x * ROOM / 100 + DOT, mark.y) for mark in marks]
    for mark, name in zip(marks, names, strict=True):
        x, width = mark.x * ROOM / 100, LETTER * len(name)
        for before in (mark.before, not mark.before):
            box = _Box(x - DOT - width, x - DOT, mark.y) if before else _Box(x + DOT, x + DOT + width, mark.y)
            if box.left >= 0 and box.right <= ROOM and not any(map(box.meets, taken)):
                taken.append(box)
                yield replace(mark, name=name, before=before)
                break
        else:
            yield mark


def _staircase(points: Sequence[tuple[float, float]]) -> str:
    """Between two points of the frontier a budget buys what the cheaper one gives."""
    corners: list[tuple[float, float]] = []
    for x, y in points:
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    return path(corners)


def _dollars(power: int) -> str:
    return f"${10.0**power:,.{max(2 if power < 0 else 0, -power)}f}"
