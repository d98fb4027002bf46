"""What an engine that scores by itself said of a run: its metrics, and its breakdowns as bars."""

from __future__ import annotations

from benchgen.panels.log_text import clean
from benchgen.record import Record
from benchgen.records.report import Breakdown, EngineReport, EngineTokens, Metric
from benchgen.records.state import RunState
from benchgen.summary_kinds import first_named

MOST_BARS = 200


class Bar(Record):
    """One group's number; `share` of the longest bar, None for what is unknown or below zero."""

    key: str
    value: float | None
    unit: str | None
    share: float | None


class Bars(Record):
    """One metric by groups. `longest` is what a whole bar stands for: 1 where every number is a share."""

    name: str
    bars: tuple[Bar, ...]
    longest: float
    hidden: int


class Engine(Record):
    """The engine's report; `primary` is the metric that stands for the run."""

    primary: Metric | None
    metrics: tuple[Metric, ...]
    breakdowns: tuple[Bars, ...]
    notes: tuple[str, ...]
    tokens: EngineTokens | None
    source: str
    hint: str


def engine(state: RunState) -> Engine | None:
    """The report in a run's log; None where no engine has reported."""
    report: EngineReport | None = state.report
    if report is None:
        return None
    return Engine(
        primary=first_named(report.metrics),
        metrics=report.metrics,
        breakdowns=tuple(map(_bars, report.breakdowns)),
        notes=tuple(map(clean, report.notes)),
        tokens=report.token_usage,
        source=report.source,
        hint=report.hint,
    )


def _bars(breakdown: Breakdown) -> Bars:
    known = [item.value for item in breakdown.items if item.value is not None]
    longest = max(1.0, *known) if known else 1.0
    bars = (
        Bar(
            key=clean(item.key),
            value=item.value,
            unit=item.unit,
            share=None if item.value is None or item.value < 0 else item.value / longest,
        )
        for item in breakdown.items[:MOST_BARS]
    )
    return Bars(clean(breakdown.name), tuple(bars), longest, max(0, len(breakdown.items) - MOST_BARS))
