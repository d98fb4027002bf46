"""The summary of an engine that scores by itself, `summary.json` with `primary_metric`, as a report of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchgen import paths
from benchgen.formats.foreign import count, name_of
from benchgen.formats.inspect_header import items, mapping, number, text
from benchgen.records.report import Breakdown, BreakdownItem, EngineReport, EngineTokens, Metric

MOST = 1_000
LONGEST_NOTE = 500


def report_of(summary: Mapping[str, Any]) -> EngineReport:
    """The report: every number as the summary has it, None where it is no number; what makes no sense is said."""
    metrics = list(_metrics(items(summary.get("metrics"))))
    first = _metric(mapping(summary.get("primary_metric")))
    if first is not None and all(one.name != first.name for one in metrics):
        metrics.insert(0, first)
    return EngineReport(
        metrics=tuple(metrics),
        breakdowns=tuple(_breakdowns(items(summary.get("breakdowns")))),
        notes=tuple(_notes(summary, metrics)),
        source=paths.SUMMARY,
        hint="as another harness wrote it; there is no log beside it",
        token_usage=_tokens(mapping(summary.get("token_usage"))),
    )


def _metrics(said: list[Any]) -> Iterator[Metric]:
    yield from (one for each in said[:MOST] if (one := _metric(mapping(each))) is not None)


def _metric(said: Mapping[str, Any]) -> Metric | None:
    name = name_of(said.get("name"), "metric")
    return Metric(name, number(said.get("value")), _unit(said)) if name else None


def _breakdowns(said: list[Any]) -> Iterator[Breakdown]:
    for one in map(mapping, said[:MOST]):
        name = name_of(one.get("name"), "breakdown")
        found = tuple(_items(items(one.get("items"))))
        if name and found:
            yield Breakdown(name, found)


def _items(said: list[Any]) -> Iterator[BreakdownItem]:
    for one in map(mapping, said[:MOST]):
        key = name_of(one.get("key"), "group")
        if key:
            yield BreakdownItem(key, number(one.get("value")), _unit(one))


def _unit(said: Mapping[str, Any]) -> str | None:
    return name_of(said.get("unit"), "unit") or None


def _notes(summary: Mapping[str, Any], metrics: list[Metric]) -> Iterator[str]:
    yield from (one[:LONGEST_NOTE] for one in map(text, items(summary.get("notes"))[:MOST]) if one.strip())
    if not any(metric.value is not None for metric in metrics):
        yield "the summary has no number"
    lists = [items(summary.get(name)) for name in ("metrics", "breakdowns")]
    if any(len(one) > MOST for one in lists):
        yield f"of metrics and breakdowns the first {MOST:,} are shown"


def _tokens(said: Mapping[str, Any]) -> EngineTokens | None:
    found = EngineTokens(*(count(said.get(name)) for name in ("input_tokens", "output_tokens", "total_tokens")))
    return found if found != EngineTokens(None, None, None) else None
