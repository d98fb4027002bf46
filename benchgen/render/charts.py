"""Geometry of the charts: panels in, places out, so that the macros only draw.

Horizontal places are percent of the width, so that a chart fits any column; vertical ones are pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from benchgen.numbers.describe import Histogram
from benchgen.panels.latency import LatencyHistogram
from benchgen.panels.performance import Performance
from benchgen.panels.timeline import Timeline
from benchgen.record import Record
from benchgen.render.filters import duration, percent, whole
from benchgen.render.scale import Scale, Tick, path, time_ticks, trimmed

HEIGHT = 120.0
MOST_LABELS = 6
MOST_SPOTS = 40


class Spot(Record):
    """A place of a curve that can be pointed at: percent across, pixels down, the width of what points at it."""

    x: float
    y: float
    width: float
    label: str


class Line(Record):
    """A curve as points of an SVG path in a box of 100 by 100, with its band (empty when there is none)."""

    points: str
    band: str
    rolling: str
    spots: tuple[Spot, ...]


class Bar(Record):
    """One column of a histogram."""

    x: float
    width: float
    y: float
    height: float
    count: int
    label: str


class Columns(Record):
    """A histogram with the places of its labels and of its median."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    most: int
    median: float | None


class Stretch(Record):
    """One span of a lane, in percent of the run's time; `kind` is its status, or `several`."""

    x: float
    width: float
    kind: str
    title: str
    href: str | None


class Lanes(Record):
    """A worker timeline: each worker with its stretches."""

    lanes: tuple[tuple[str, float, tuple[Stretch, ...]], ...]
    ticks: tuple[Tick, ...]


class StepsLine(Record):
    """Points in a box of 100 by 100, whose upper edge stands for `most` steps."""

    points: str
    most: int


def success(panel: Performance) -> Line | None:
    """Success over time with its band and the rolling rate; None below two points."""
    if len(panel.points) < 2:
        return None
    across = Scale(panel.points[0].evaluated, panel.points[-1].evaluated, 0.0, 100.0)
    upper = [(across.at(p.evaluated), 100 - 100 * p.high) for p in panel.points]
    lower = [(across.at(p.evaluated), 100 - 100 * p.low) for p in reversed(panel.points)]
    return Line(
        points=path((across.at(p.evaluated), 100 - 100 * p.value) for p in panel.points),
        band=path([*upper, *lower]),
        rolling=path((across.at(p.evaluated), 100 - 100 * p.value) for p in panel.rolling),
        spots=tuple(_spots(panel, across)),
    )


def steps_line(panel: Performance) -> StepsLine | None:
    """Mean steps over time, for episodes; None below two points."""
    known = [(point.evaluated, point.avg_steps) for point in panel.steps if point.avg_steps is not None]
    if panel.kind != "agent" or len(known) < 2:
        return None
    most = max(1, math.ceil(max(steps for _, steps in known)))
    across = Scale(known[0][0], known[-1][0], 0.0, 100.0)
    return StepsLine(path((across.at(count), 100 - 100 * steps / most) for count, steps in known), most)


def _spots(panel: Performance, across: Scale) -> Iterator[Spot]:
    """The last point, and those before it that leave room between them."""
    every = math.ceil(len(panel.points) / MOST_SPOTS)
    chosen = panel.points[::-1][::every][::-1]
    for point in chosen:
        label = f"{point.passed} of {point.evaluated} passed: {percent(point.value)}, 95 % {whole(point.low)} to "
        y = trimmed(HEIGHT * (1 - point.value))
        yield Spot(across.at(point.evaluated), y, trimmed(100 / len(chosen)), f"{label}{whole(point.high)} %")


def columns(panel: LatencyHistogram) -> Columns | None:
    """A histogram of durations; None when there is no bin."""
    bins = panel.histogram.bins
    if not bins:
        return None
    most, width = max(one.count for one in bins), 100 / len(bins)
    bars = tuple(
        Bar(
            x=trimmed(index * width),
            width=trimmed(width),
            y=trimmed(HEIGHT * (1 - one.count / most)),
            height=trimmed(HEIGHT * one.count / most),
            count=one.count,
            label=f"{duration(one.low)} to {duration(one.high)}",
        )
        for index, one in enumerate(bins)
    )
    return Columns(bars, _bin_ticks(panel.histogram), most, _log_place(panel.histogram, panel.summary.median))


def lanes(panel: Timeline) -> Lanes | None:
    """The stretches of each worker; None for a run without any."""
    if not panel.lanes or not panel.seconds:
        return None
    across = Scale(0.0, panel.seconds, 0.0, 100.0)
    found = []
    for lane in panel.lanes:
        stretches = tuple(
            Stretch(
                x=across.at(span.start),
                width=max(0.1, trimmed(across.at(span.end) - across.at(span.start))),
                kind=span.status or "several",
                title=_span_title(span.task, span.status, span.attempts, span.passed, span.end - span.start),
                href=span.href,
            )
            for span in lane.spans
        )
        found.append((lane.worker, lane.busy, stretches))
    return Lanes(tuple(found), time_ticks(panel.seconds))


def spark(values: Sequence[float]) -> str:
    """A sparkline of shares, as points in a box of 100 by 100."""
    across = Scale(0, max(1, len(values) - 1), 0.0, 100.0)
    return path((across.at(index), 100 - 100 * value) for index, value in enumerate(values))


def share(value: float | None) -> float:
    """A share as percent of a bar's width."""
    return trimmed(100 * min(1.0, max(0.0, value or 0.0)))


def _bin_ticks(histogram: Histogram) -> tuple[Tick, ...]:
    edges = [histogram.bins[0].low, *(one.high for one in histogram.bins)]
    every = max(1, math.ceil(len(edges) / MOST_LABELS))
    return tuple(
        Tick(trimmed(100 * index / (len(edges) - 1)), duration(edge))
        for index, edge in enumerate(edges)
        if index % every == 0
    )


def _log_place(histogram: Histogram, value: float | None) -> float | None:
    if not value:
        return None
    low, high = histogram.bins[0].low, histogram.bins[-1].high
    return Scale(math.log(low), math.log(high), 0.0, 100.0).at(math.log(value))


def _span_title(task: str | None, status: str | None, attempts: int, passed: int, seconds: float) -> str:
    if task is None:
        return f"{attempts} attempts, {passed} passed, {duration(seconds)}"
    return f"{task}: {(status or '').replace('_', ' ')}, {duration(seconds)}"
