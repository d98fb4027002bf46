"""Tasks whose samples disagree: one model passes them at one time and not at another."""

from __future__ import annotations

from benchgen.panels import links
from benchgen.record import Record
from benchgen.records.digest import ModelDigest
from benchgen.records.state import RunState

MOST_SHOWN = 40


class FlakyTask(Record):
    """One task by one model within one run: some of its samples passed and some did not."""

    task: str
    href: str | None
    model: str
    passed: int
    evaluated: int


class Flaky(Record):
    """The first of `count` such tasks; `samples` is how often each was tried, below two nothing can disagree."""

    samples: int
    count: int
    shown: tuple[FlakyTask, ...]


def flaky(state: RunState) -> Flaky:
    """The tasks of a run on which samples of one model disagree."""
    config = state.config
    found = [
        FlakyTask(task, links.task_of(config.kind, task), model, tally.passed, tally.evaluated)
        for (task, model), tally in state.tallies.items()
        if 0 < tally.passed < tally.evaluated
    ]
    return Flaky(config.samples, len(found), tuple(found[:MOST_SHOWN]))


def count_of(model: ModelDigest) -> int:
    """How many tasks of one model in a run have samples that disagree."""
    return sum(0 < tally.passed < tally.evaluated for tally in model.tasks.values())
