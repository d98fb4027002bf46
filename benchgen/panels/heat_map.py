"""Where models are strong: rates of ranked models by a facet of the tasks, as a map."""

from __future__ import annotations

from collections.abc import Sequence

from benchgen.numbers.rates import Rate, TaskOutcome
from benchgen.panels import links, outcomes
from benchgen.panels.breakdown import FACETS, Facet, in_order
from benchgen.record import Record
from benchgen.records.digest import ModelDigest, RunDigest

MOST_MODELS = 20
MOST_GROUPS = 12


class HeatRow(Record):
    """One model in its run, with a rate for each column; None where it has no task of that group."""

    model: str
    href: str
    is_mock: bool
    rates: tuple[Rate | None, ...]


class HeatMap(Record):
    """Models down, groups of tasks across."""

    facet: Facet
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]


def heat_map(parts: Sequence[tuple[RunDigest, ModelDigest]]) -> HeatMap | None:
    """The map by domain, else by language or difficulty: the first in which tasks differ. None with nothing to show."""
    if len(parts) < 2:
        return None
    for facet in (FACETS[-1], *FACETS[:-1]):
        columns = _columns(parts, facet)
        if 1 < len(columns) <= MOST_GROUPS:
            return HeatMap(
                facet, columns, tuple(_row(run, model, facet, columns) for run, model in parts[:MOST_MODELS])
            )
    return None


def _columns(parts: Sequence[tuple[RunDigest, ModelDigest]], facet: Facet) -> tuple[str, ...]:
    every = (getattr(card, facet) for run, _ in parts for card in run.tasks.values())
    return tuple(in_order(value for value in every if value))


def _row(run: RunDigest, model: ModelDigest, facet: Facet, columns: Sequence[str]) -> HeatRow:
    groups: dict[str, dict[str, TaskOutcome]] = {column: {} for column in columns}
    for task, outcome in outcomes.of_model(model).items():
        card = run.tasks.get(task)
        value = getattr(card, facet) if card else None
        if value in groups:
            groups[value][task] = outcome
    rates = tuple(_rate(groups[column]) for column in columns)
    return HeatRow(model.model_id, links.model(model.model_id), model.is_mock, rates)


def _rate(of_tasks: outcomes.Outcomes) -> Rate | None:
    return outcomes.rate_of(of_tasks) if of_tasks else None
