"""One task of the catalog: what it asks for, what it is judged by, and who solves it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchgen.panels import links
from benchgen.panels.log_text import clean
from benchgen.record import Record
from benchgen.records.digest import ModelDigest, RunDigest, TaskTally
from benchgen.records.task import Source, Task, TaskCard


class Solver(Record):
    """One model on this task, in its newest complete run: passed of evaluated."""

    model: str
    model_href: str
    is_mock: bool
    passed: int
    evaluated: int
    left_out: int
    run_id: str
    run_href: str
    run_at: str
    attempt_href: str | None
    is_other_version: bool


class TaskPage(Record):
    """One task. `instructions` is Markdown, None for a task that only runs know (its card is all that is left)."""

    task: str
    href: str
    title: str
    language: str
    type: str
    difficulty: str
    domain: str
    tags: tuple[str, ...]
    digest: str
    instructions: str | None
    files: tuple[str, ...]
    cases: tuple[str, ...]
    command: tuple[str, ...]
    timeout_seconds: float | None
    source: Source | None
    solvers: tuple[Solver, ...]
    solved_by: int
    evaluated_for: int


def task_page(task_id: str, task: Task | None, files: tuple[str, ...], runs: Sequence[RunDigest]) -> TaskPage:
    """The page of a task from the catalog, from runs, or from both; only complete runs count."""
    card = task.card() if task else newest_card(task_id, runs)
    solvers = tuple(_solvers(task_id, card.digest if card else "", runs))
    return TaskPage(
        task=task_id,
        href=links.task(task_id),
        title=card.title if card else "",
        language=card.language if card else "",
        type=card.type if card else "",
        difficulty=card.difficulty if card else "",
        domain=card.domain if card else "",
        tags=card.tags if card else (),
        digest=card.digest if card else "",
        instructions=_without_title(clean(task.instructions), card.title) if task and card else None,
        files=files,
        cases=card.cases if card else (),
        command=task.evaluation.command if task else (),
        timeout_seconds=task.evaluation.timeout_seconds if task else None,
        source=task.source if task else None,
        solvers=solvers,
        solved_by=sum(solver.passed > 0 for solver in solvers),
        evaluated_for=sum(solver.evaluated > 0 for solver in solvers),
    )


def newest_card(task_id: str, runs: Iterable[RunDigest]) -> TaskCard | None:
    """What the newest run that had this task says of it."""
    having = (run for run in runs if task_id in run.tasks)
    newest = max(having, key=lambda run: (run.created_at, run.run_id), default=None)
    return newest.tasks[task_id] if newest else None


def _without_title(text: str, title: str) -> str:
    """The instructions without a first heading that says what the page's own says."""
    first, _, rest = text.lstrip().partition("\n")
    return rest.lstrip("\n") if first.lstrip("#").strip() == title and first.startswith("#") else text


def _solvers(task_id: str, digest: str, runs: Iterable[RunDigest]) -> list[Solver]:
    newest: dict[str, Solver] = {}
    for run in sorted(runs, key=lambda run: (run.created_at, run.run_id), reverse=True):
        for model in run.models if run.is_complete else ():
            tally = model.tasks.get(task_id)
            if tally and model.model_id not in newest:
                newest[model.model_id] = _solver(run, model, task_id, tally, digest)
    return sorted(newest.values(), key=lambda s: (-(s.passed / s.evaluated if s.evaluated else -1.0), s.model))


def _solver(run: RunDigest, model: ModelDigest, task_id: str, tally: TaskTally, digest: str) -> Solver:
    card = run.tasks.get(task_id)
    return Solver(
        model=model.model_id,
        model_href=links.model(model.model_id),
        is_mock=model.is_mock,
        passed=tally.passed,
        evaluated=tally.evaluated,
        left_out=tally.excluded,
        run_id=run.run_id,
        run_href=links.run(run.run_id),
        run_at=run.created_at,
        attempt_href=links.first_attempt(run, task_id, model.model_id),
        is_other_version=card is not None and card.digest != digest,
    )
