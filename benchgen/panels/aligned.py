"""What runs have in common, aligned: rates by groups of tasks, and the metrics that their engines reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from benchgen.numbers.rates import Rate, TaskOutcome
from benchgen.panels import outcomes
from benchgen.panels.breakdown import FACETS, Facet, in_order
from benchgen.panels.sides import Part
from benchgen.record import Record
from benchgen.records.digest import RunDigest
from benchgen.records.report import EngineReport

MOST_GROUPS = 40


class AlignedGroup(Record):
    """The common tasks that share a value: a rate for each column, and by how much it is above the first's."""

    key: str
    tasks: int
    rates: tuple[Rate, ...]
    differences: tuple[float | None, ...]


class AlignedBreakdown(Record):
    """One facet of the common tasks; `hidden` counts groups beyond the most that are shown."""

    name: Facet
    groups: tuple[AlignedGroup, ...]
    hidden: int


class AlignedValue(Record):
    """A metric, or a group's, by the engines' own words: None where a run has none of that name.

    `shares`: the values as parts of the largest, for bars; None where one is below zero.
    """

    name: str
    unit: str | None
    values: tuple[float | None, ...]
    shares: tuple[float | None, ...]


class AlignedMetrics(Record):
    """The metrics of the engines, or (with a name) one of their breakdowns."""

    name: str
    values: tuple[AlignedValue, ...]
    hidden: int


def breakdowns(parts: Sequence[Part], columns: Sequence[Mapping[str, TaskOutcome]]) -> tuple[AlignedBreakdown, ...]:
    """Each facet that tells the common tasks apart; `columns` hold those tasks' outcomes."""
    found = (_breakdown(facet, parts, columns) for facet in FACETS)
    return tuple(one for one in found if len(one.groups) > 1)


def _breakdown(facet: Facet, parts: Sequence[Part], columns: Sequence[Mapping[str, TaskOutcome]]) -> AlignedBreakdown:
    groups: dict[str, list[str]] = {}
    for task in columns[0]:
        card = next((part.run.tasks[task] for part in parts if task in part.run.tasks), None)
        key = str(getattr(card, facet)) if card else ""
        if key:
            groups.setdefault(key, []).append(task)
    shown = [(key, groups[key]) for key in in_order(groups)][:MOST_GROUPS]
    return AlignedBreakdown(facet, tuple(_group(key, tasks, columns) for key, tasks in shown), len(groups) - len(shown))


def _group(key: str, tasks: Sequence[str], columns: Sequence[Mapping[str, TaskOutcome]]) -> AlignedGroup:
    rates = tuple(outcomes.rate_of({task: column[task] for task in tasks}) for column in columns)
    first = rates[0].value
    differences = (None if first is None or one.value is None else one.value - first for one in rates[1:])
    return AlignedGroup(key, len(tasks), rates, tuple(differences))


def metrics(runs: Sequence[RunDigest]) -> tuple[AlignedMetrics, ...]:
    """The engines' metrics by name, then each of their breakdowns by key; nothing where no engine said anything."""
    reports = [run.report or EngineReport() for run in runs]
    whole = _values("", [[(one.name, one.value, one.unit) for one in report.metrics] for report in reports])
    names = dict.fromkeys(group.name for report in reports for group in report.breakdowns)
    groups = [_values(name, [_items(report, name) for report in reports]) for name in names]
    return tuple(one for one in (whole, *groups) if one.values)


Named = tuple[str, float | None, str | None]


def _items(report: EngineReport, name: str) -> list[Named]:
    return [(one.key, one.value, one.unit) for group in report.breakdowns if group.name == name for one in group.items]


def _values(name: str, columns: Sequence[Iterable[Named]]) -> AlignedMetrics:
    by_key: list[dict[str, float | None]] = []
    units: dict[str, str | None] = {}
    for column in columns:
        found: dict[str, float | None] = {}
        for key, value, unit in column:
            found.setdefault(key, value)
            units.setdefault(key, unit)
        by_key.append(found)
    shown = list(units.items())[:MOST_GROUPS]
    values = (_value(key, unit, tuple(found.get(key) for found in by_key)) for key, unit in shown)
    return AlignedMetrics(name, tuple(values), len(units) - len(shown))


def _value(key: str, unit: str | None, values: tuple[float | None, ...]) -> AlignedValue:
    known = [value for value in values if value is not None]
    most = max([1.0, *known])  # a share of one keeps its own scale
    shares = (None if value is None or min(known) < 0 else value / most for value in values)
    return AlignedValue(key, unit, values, tuple(shares))
