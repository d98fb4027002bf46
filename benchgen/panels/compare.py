"""Two to four runs compared on their common tasks: each against the first, and all of them side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from benchgen.numbers.ranking import Ranked, rank
from benchgen.numbers.rates import TaskOutcome
from benchgen.panels import aligned, links, matrix, outcomes, run_head
from benchgen.panels.aligned import AlignedBreakdown, AlignedMetrics
from benchgen.panels.matrix import Matrix
from benchgen.panels.pair import Pair, changed_tasks, pair
from benchgen.panels.run_line import Names
from benchgen.panels.sides import LETTERS, Part, Side, labels, partners, side
from benchgen.record import Record, field_names, replace
from benchgen.records.digest import RunDigest

MOST_RUNS = len(LETTERS)
UNKNOWN = "unknown"


class SettingDifference(Record):
    """A setting that is not the same in all runs; None where a run did not send it, "unknown" where nobody says."""

    name: str
    values: tuple[str | None, ...]


class Group(Record):
    """One model in every run, or the runs as wholes: a column each. `common` counts the tasks that all evaluated."""

    sides: tuple[Side, ...]
    common: int
    matrix: Matrix
    breakdowns: tuple[AlignedBreakdown, ...]


class Compare(Record):
    """Runs against the first of them. `pairs` hold for each group, in turn, every further column against the first."""

    href: str
    csv_href: str
    run_ids: tuple[str, ...]
    benchmarks: tuple[str, ...]
    same_benchmark: bool
    same_tasks: bool
    groups: tuple[Group, ...]
    pairs: tuple[Pair, ...]
    metrics: tuple[AlignedMetrics, ...]
    settings: tuple[SettingDifference, ...]

    def pairs_of(self, number: int) -> tuple[Pair, ...]:
        """The pairs of a group, counted from 0."""
        each = len(self.run_ids) - 1
        return self.pairs[number * each : (number + 1) * each]


def compare(*runs: RunDigest) -> Compare:
    """The runs in the order given, two to four of them: the first is what the others are compared with."""
    groups, pairs = [], []
    for parts in partners(runs):
        group = _group(parts)
        groups.append(group)
        pairs += [
            pair(parts[0], part, group.sides[0], one) for part, one in zip(parts[1:], group.sides[1:], strict=True)
        ]
    ids = tuple(run.run_id for run in runs)
    return Compare(
        href=links.compare(*ids),
        csv_href=links.compare_csv(*ids),
        run_ids=ids,
        benchmarks=tuple(map(Names(runs).of, runs)),
        same_benchmark=len({(run.kind, run.benchmark_name) for run in runs}) == 1,
        same_tasks=len({run.task_set for run in runs}) == 1,
        groups=tuple(groups),
        pairs=tuple(pairs),
        metrics=aligned.metrics(runs),
        settings=tuple(_differences(runs)),
    )


def common_outcomes(parts: Sequence[Part]) -> list[dict[str, TaskOutcome]]:
    """By column the outcomes of the tasks that all of them evaluated, and that are the same task in all."""
    changed = {task for a, b in combinations((part.run for part in parts), 2) for task in changed_tasks(a, b)}
    columns = [part.outcomes for part in parts]
    common = [
        task
        for task in columns[0]
        if task not in changed and all(task in column and column[task].evaluated for column in columns)
    ]
    return [{task: column[task] for task in common} for column in columns]


def _group(parts: tuple[Part, ...]) -> Group:
    names, columns = labels(parts), common_outcomes(parts)
    ranks = _ranks(names, columns)
    sides = tuple(
        side(LETTERS[place], names[place], part, outcomes.rate_of(columns[place]), ranks[place])
        for place, part in enumerate(parts)
    )
    return Group(sides, len(columns[0]), _matrix(parts, columns), aligned.breakdowns(parts, columns))


def _ranks(names: Sequence[str], columns: Sequence[dict[str, TaskOutcome]]) -> list[tuple[int | None, int | None]]:
    """Rank ranges over all pairs, held together by Holm; two columns have their one test and need none."""
    if len(columns) < 3:
        return [(None, None)] * len(columns)
    found: dict[str, Ranked] = {one.model: one for one in rank(dict(zip(names, columns, strict=True))).models}
    return [(found[name].best_rank, found[name].worst_rank) for name in names]


def _matrix(parts: Sequence[Part], columns: Sequence[dict[str, TaskOutcome]]) -> Matrix:
    """Tasks by columns, those on which the columns differ first: a cut must not hide them.

    Of many tasks hardly more than those are seen at once.
    """
    differing = [task for task in columns[0] if len({column[task].share for column in columns}) > 1]
    labelled = [(part.run, part.model, LETTERS[place]) for place, part in enumerate(parts)]
    found = matrix.of_parts(labelled, first=differing)
    if len(found.rows) <= matrix.FIRST_TASKS:
        return found
    return replace(found, seen=min(max(len(differing), matrix.FEW_TASKS), matrix.FIRST_TASKS))


def _differences(runs: Sequence[RunDigest]) -> Iterable[SettingDifference]:
    every = [_settings(run) for run in runs]
    for name in dict.fromkeys(name for one in every for name in one):
        values = tuple(one.get(name, UNKNOWN) for one in every)
        if len(set(values)) > 1:
            yield SettingDifference(name, values)


def _settings(run: RunDigest) -> dict[str, str | None]:
    sent = {one.name: one.value for one in run_head.settings_of(run.settings, run.kind)}
    used = {"samples": str(run.samples), "sandbox used": run.sandbox, "commit": run.git_commit}
    if run.settings.said is not None:
        names = (name for name in field_names(run.settings) if name != "said")
        sent = {name: sent.get(name, UNKNOWN) for name in names}
    return {**sent, **{name: value or UNKNOWN for name, value in used.items()}, **dict(run.versions)}
