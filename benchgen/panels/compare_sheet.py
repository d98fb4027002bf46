"""A comparison as a table: every task, or those on which the runs differ, with each run's share of passed attempts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchgen.formats.tables import Cell
from benchgen.numbers.rates import TaskOutcome
from benchgen.panels.compare import common_outcomes
from benchgen.panels.sheets import Sheet
from benchgen.panels.sides import ALL_MODELS, LETTERS, Part, partners
from benchgen.records.digest import RunDigest


def compare_sheet(runs: Sequence[RunDigest], *, only_differing: bool = False) -> Sheet:
    """A row for each common task and model; shares are of evaluated attempts, changes are against A."""
    letters = LETTERS[: len(runs)]
    rows = (row for parts in partners(runs) for row in _rows(parts, only_differing))
    return Sheet(("task", "model", "change", *letters), tuple(rows))


def _rows(parts: Sequence[Part], only_differing: bool) -> Iterator[tuple[Cell, ...]]:
    columns = common_outcomes(parts)
    models = dict.fromkeys(part.model.model_id if part.model else ALL_MODELS for part in parts)
    rows = [(task, [column[task] for column in columns]) for task in columns[0]]
    if only_differing:
        rows = [(task, found) for task, found in rows if len({one.share for one in found}) > 1]
        rows.sort(key=lambda row: (_change(row[1]).find("broke") == 0, row[0]))
    for task, found in rows:
        yield (task, " / ".join(models), _change(found), *(f"{100 * one.share:.0f} %" for one in found))


def _change(found: Sequence[TaskOutcome]) -> str:
    """What became of the task since A: one word for two runs, else one for each run that differs."""
    first, *others = (one.share for one in found)
    words = {
        LETTERS[place]: "fixed" if share > first else "broke" for place, share in enumerate(others, 1) if share != first
    }
    if len(others) == 1:
        return next(iter(words.values()), "")
    return ", ".join(f"{letter} {word}" for letter, word in words.items())
