"""What solves a task and what only seems to: its reference and its mutants, as diffs."""

from __future__ import annotations

from collections.abc import Mapping

from benchgen.panels.diff import Diff, diff
from benchgen.panels.log_text import RawText, clean
from benchgen.record import Record
from benchgen.records.task import Task


class WrongSolution(Record):
    """A mutant: the case that catches it, why a model would make the mistake, and how it differs from the reference."""

    name: str
    caught_by: str
    why: str
    diff: Diff


class Solutions(Record):
    """The reference as a change of the starter code, and the mutants as changes of the reference."""

    reference: Diff
    mutants: tuple[WrongSolution, ...]


def solutions(task: Task, reference: str, mutants: Mapping[str, str]) -> Solutions:
    """The panel from the diffs, those of the mutants by their names."""
    return Solutions(
        reference=_diff(reference),
        mutants=tuple(
            WrongSolution(mutant.name, mutant.caught_by, clean(mutant.why), _diff(mutants[mutant.name]))
            for mutant in task.mutants
        ),
    )


def _diff(text: str) -> Diff:
    return diff(RawText(text, "", len(text.encode("utf-8", "replace")), False))
