"""One model over its complete runs: its newest figures, its trend and what it solves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from benchgen.panels import history, links, outcomes
from benchgen.panels.history import Trend
from benchgen.panels.reasons import Reasons, reasons
from benchgen.panels.remembered import Remembered
from benchgen.panels.run_line import RunLine
from benchgen.record import Record
from benchgen.records.digest import ModelDigest, RunDigest

MOST_LINES = 100
MOST_INCOMPLETE = 20
MOST_REASONS = 10


class SolvedTask(Record):
    """A task in the model's complete runs: passed of evaluated, over all of them.

    `is_flaky`: within one run some of its samples passed and some did not.
    """

    task: str
    href: str
    title: str
    passed: int
    evaluated: int
    is_flaky: bool


class ModelPage(Record):
    """One model. Incomplete runs are named without numbers: a run going on does not rewrite this page.

    `lines` are the newest of its `complete` runs, `more_incomplete` counts incomplete ones that are not named.
    """

    model: str
    provider: str
    is_mock: bool
    is_local: bool
    lines: tuple[RunLine, ...]
    complete: int
    incomplete: tuple[str, ...]
    more_incomplete: int
    incomplete_hrefs: tuple[str, ...]
    trends: tuple[Trend, ...]
    tasks: tuple[SolvedTask, ...]
    badge: str
    reasons: Reasons


def model_page(
    model: str, digests: Sequence[RunDigest], its: Sequence[RunLine], remembered: Remembered | None = None
) -> ModelPage:
    """The page of `model`, from all runs and its own lines."""
    complete = tuple(line for line in its if not line.is_partial)
    rest = tuple(line.run_id for line in its if line.is_partial)
    named = rest[:MOST_INCOMPLETE]
    parts = [part for digest in digests for part in digest.models if part.model_id == model]
    return ModelPage(
        model=model,
        provider=parts[-1].provider,
        is_mock=any(part.is_mock for part in parts),
        is_local=all(part.is_local for part in parts),
        lines=complete[:MOST_LINES],
        complete=len(complete),
        incomplete=named,
        more_incomplete=len(rest) - len(named),
        incomplete_hrefs=tuple(links.run(run_id) for run_id in named),
        trends=history.trends(digests, remembered, model=model),
        tasks=_tasks(model, digests),
        badge=links.badge(model),
        reasons=reasons(_newest_parts(model, digests)),
    )


def _newest_parts(model: str, digests: Sequence[RunDigest]) -> list[tuple[str, str, ModelDigest]]:
    parts = ((run, part) for run in digests if run.is_complete for part in run.models if part.model_id == model)
    named = (
        (f"{run.run_name or run.run_id}, {run.benchmark_name}", links.run(run.run_id), part) for run, part in parts
    )
    return list(islice(named, MOST_REASONS))


def newest_by_model(lines: Sequence[RunLine]) -> dict[str, RunLine]:
    """The newest complete line of each model."""
    newest: dict[str, RunLine] = {}
    for line in lines:
        if not line.is_partial:
            newest.setdefault(line.model, line)
    return newest


def _tasks(model: str, digests: Sequence[RunDigest]) -> tuple[SolvedTask, ...]:
    found: dict[str, SolvedTask] = {}
    for digest in digests:
        if not digest.is_complete or not links.has_task_pages(digest.kind):
            continue
        for part in digest.models:
            for task, outcome in outcomes.of_model(part).items() if part.model_id == model else ():
                before = found.get(task)
                card = digest.tasks.get(task)
                found[task] = SolvedTask(
                    task,
                    links.task(task),
                    card.title if card else "",
                    (before.passed if before else 0) + outcome.passed,
                    (before.evaluated if before else 0) + outcome.evaluated,
                    (before is not None and before.is_flaky) or 0 < outcome.passed < outcome.evaluated,
                )
    return tuple(sorted(found.values(), key=_least_solved))


def _least_solved(task: SolvedTask) -> tuple[bool, float, str]:
    return (not task.evaluated, task.passed / task.evaluated if task.evaluated else 0.0, task.task)
