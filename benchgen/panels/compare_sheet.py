"""A comparison as a table: every task, or those on which the runs differ, with each run's share of passed attempts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchgen.formats.tables import Cell
from benchgen.panels.pair import changed_tasks
from benchgen.panels.sheets import Sheet
from benchgen.panels.sides import ALL_MODELS, LETTERS, Part, partners
from benchgen.records.digest import RunDigest


def compare_sheet(runs: Sequence[RunDigest], *, only_differing: bool = False) -> Sheet:
    """A row for each task that A shares with another run, by model; shares are of evaluated attempts, changes since A.

    A cell is empty where a run did not evaluate the task, or met another version of it.
    """
    letters = LETTERS[: len(runs)]
    rows = (row for parts in partners(runs) for row in _rows(parts, only_differing))
    return Sheet(("task", "model", "change", *letters), tuple(rows))


def _rows(parts: Sequence[Part], only_differing: bool) -> Iterator[tuple[Cell, ...]]:
    models = dict.fromkeys(part.model.model_id if part.model else ALL_MODELS for part in parts)
    columns = [_shares(parts[0], part) for part in parts]
    rows = [(task, [column.get(task) for column in columns]) for task in columns[0]]
    rows = [(task, shares) for task, shares in rows if any(share is not None for share in shares[1:])]
    if only_differing:
        rows = [(task, shares) for task, shares in rows if _change(shares)]
        rows.sort(key=lambda row: (_change(row[1]).find("broke") == 0, row[0]))
    for task, shares in rows:
        cells = ("" if share is None else f"{100 * share:.0f} %" for share in shares)
        yield (task, " / ".join(models), _change(shares), *cells)


def _shares(first: Part, part: Part) -> dict[str, float]:
    """By task the share that a column passed, of the tasks that are the same in the first one."""
    changed = changed_tasks(first.run, part.run)
    return {task: outcome.share for task, outcome in part.outcomes.items() if outcome.evaluated and task not in changed}


def _change(shares: Sequence[float | None]) -> str:
    """What became of the task since A: one word for two runs, else one for each run that differs."""
    first, *others = shares
    words = {
        LETTERS[place]: "fixed" if share > first else "broke"
        for place, share in enumerate(others, 1)
        if share is not None and first is not None and share != first
    }
    if len(others) == 1:
        return next(iter(words.values()), "")
    return ", ".join(f"{letter} {word}" for letter, word in words.items())
