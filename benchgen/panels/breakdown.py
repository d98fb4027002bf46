"""Rates of one run by language, difficulty, domain or type of its tasks, each with its n."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from benchgen.numbers.rates import Rate
from benchgen.panels import outcomes
from benchgen.record import Record
from benchgen.records.run import RunConfig
from benchgen.records.state import RunState, Tally

Facet = Literal["language", "difficulty", "domain", "type"]
FACETS: tuple[Facet, ...] = ("language", "difficulty", "domain")
DIFFICULTIES = ("easy", "medium", "hard", "expert")


class Group(Record):
    """The tasks of a run that share a value: how many are planned, their rate, and the mean steps of an attempt."""

    key: str
    tasks: int
    finished: int
    rate: Rate
    avg_steps: float | None


class Breakdown(Record):
    """One facet of a run; empty when its tasks do not say it."""

    name: Facet
    groups: tuple[Group, ...]


def breakdown(state: RunState, facet: Facet) -> Breakdown:
    """The groups of a facet in the order of the plan, difficulties from easy to expert."""
    planned = _planned(state.config, facet)
    if not any(planned):  # as in every large dataset: none of its rows is looked at for it
        return Breakdown(facet, ())
    rates = outcomes.grouped(state, lambda task: value_of(state.config, task, facet))
    tallies: dict[str, list[Tally]] = {}
    for (task, _), tally in state.tallies.items():
        tallies.setdefault(value_of(state.config, task, facet), []).append(tally)
    keys = in_order([*planned, *rates])
    return Breakdown(
        facet, tuple(_group(key, planned.get(key, 0), rates.get(key, {}), tallies.get(key, ())) for key in keys if key)
    )


def breakdowns(state: RunState) -> tuple[Breakdown, ...]:
    """Every facet that tells the tasks of a run apart: a single group is the run itself."""
    every = (breakdown(state, facet) for facet in FACETS)
    return tuple(one for one in every if len(one.groups) > 1)


def in_order(values: Iterable[str]) -> list[str]:
    """Values of a facet, each once: difficulties from easy to expert, others as they come."""
    every = list(dict.fromkeys(values))
    return [one for one in DIFFICULTIES if one in every] + [one for one in every if one not in DIFFICULTIES]


def value_of(config: RunConfig, task: str, facet: Facet) -> str:
    card = config.tasks.get(task)
    return str(getattr(card, facet)) if card else ""


def _planned(config: RunConfig, facet: Facet) -> dict[str, int]:
    counts: dict[str, int] = {}
    for task in config.tasks:
        key = value_of(config, task, facet)
        counts[key] = counts.get(key, 0) + 1
    return counts


def _group(key: str, planned: int, of_tasks: outcomes.Outcomes, tallies: Iterable[Tally]) -> Group:
    every = list(tallies)
    return Group(
        key=key,
        tasks=planned or len(of_tasks),
        finished=sum(tally.finished for tally in every),
        rate=outcomes.rate_of(of_tasks),
        avg_steps=outcomes.ratio(sum(tally.steps for tally in every), sum(tally.steps_count for tally in every)),
    )
