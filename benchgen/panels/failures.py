"""Why attempts did not pass: each category with its count, whose fault it is, and examples."""

from __future__ import annotations

from benchgen.panels import links, outcomes
from benchgen.panels.attempts import Where
from benchgen.record import Record
from benchgen.records.state import AttemptRow, RunState
from benchgen.records.status import CATEGORIES, MODEL_CATEGORIES, AttemptStatus, Category, status_of

EXAMPLES = 3


class Example(Record):
    """One attempt of a category and what it says."""

    attempt: str
    task: str
    model: str
    message: str
    href: str | None


class FailureLine(Record):
    """One category. `counts` says whether it is in the rate (the model's own failure) or left out of it."""

    category: Category
    status: AttemptStatus
    counts: bool
    count: int
    share: float | None
    examples: tuple[Example, ...]


class Failures(Record):
    """All categories that occurred, most frequent first; `finished` is what the shares are of."""

    run_id: str
    finished: int
    passed: int
    lines: tuple[FailureLine, ...]


def failures(state: RunState, where: Where | None = None) -> Failures:
    """The failure categories of a run."""
    tally = outcomes.tally_of(state.sums_of())
    examples = _examples(state, where)
    found = [category for category in CATEGORIES if tally.categories.get(category)]
    found.sort(key=lambda category: -tally.categories[category])
    return Failures(
        run_id=state.config.run_id,
        finished=tally.finished,
        passed=tally.passed,
        lines=tuple(
            FailureLine(
                category=category,
                status=status_of(category),
                counts=category in MODEL_CATEGORIES,
                count=tally.categories[category],
                share=outcomes.ratio(tally.categories[category], tally.finished),
                examples=tuple(examples.get(category, ())),
            )
            for category in found
        ),
    )


def _examples(state: RunState, where: Where | None) -> dict[Category, list[Example]]:
    examples: dict[Category, list[Example]] = {}
    for row in state.counted_rows():
        if row.category is not None:
            known = examples.setdefault(row.category, [])
            if len(known) < EXAMPLES:
                known.append(_example(state, row, where))
    return examples


def _example(state: RunState, row: AttemptRow, where: Where | None) -> Example:
    href = where(row) if where else links.attempt_of(state.config.kind, state.config.run_id, row.attempt)
    return Example(row.attempt, row.task, row.model, row.message, href)
