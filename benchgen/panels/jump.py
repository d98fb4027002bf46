"""Everything of a site that has a name, as one list: what the jump box looks in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from benchgen.panels import links
from benchgen.records.digest import RunDigest


class Place(NamedTuple):
    """One page: what it is of, its name, its path from the site's root, and a word more that finds it."""

    kind: str
    name: str
    path: str
    also: str


def places(runs: Iterable[RunDigest], models: Iterable[str], tasks: Mapping[str, str]) -> list[Place]:
    """Models, tasks (titles by id), and runs, newest first."""
    found = [Place("model", model, links.model(model), "") for model in models]
    found += [Place("task", task, links.task(task), title) for task, title in tasks.items()]
    found += [
        Place("run", run.run_name or run.run_id, links.run(run.run_id), f"{run.run_id} {run.benchmark_name}")
        for run in runs
    ]
    return found
