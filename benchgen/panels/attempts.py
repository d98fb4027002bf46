"""The table of a run's attempts, paged, in the order in which they finished: a new one changes the last page only."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from benchgen.panels import links
from benchgen.panels.breakdown import in_order
from benchgen.panels.costs import Money
from benchgen.record import Record
from benchgen.records.state import AttemptRow, RunState
from benchgen.records.status import AttemptStatus, Category

PAGE = 100
OPENING = 25
"""How many stand on the run's own page where there are more than a page of them: no more are seen without scrolling."""
PART = 1000
"""How many attempts one script of the index holds."""


class AttemptLine(Record):
    """A finished attempt; `replaced_by` is the retry that counts in its place."""

    attempt: str
    href: str | None
    task: str
    task_href: str | None
    title: str
    language: str
    difficulty: str
    model: str
    sample: int
    status: AttemptStatus
    category: Category | None
    message: str
    seconds: float
    input_tokens: int | None
    output_tokens: int | None
    money: Money
    steps: int | None
    score: float | None
    worker: str
    started_at: str
    finished_at: str
    replaced_by: str | None
    passed_at_turn: int | None
    from_cache: bool
    is_scored: bool = True


class Choices(Record):
    """What all attempts of a run can be filtered by."""

    status: tuple[str, ...] = ()
    model: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    difficulty: tuple[str, ...] = ()


class Attempts(Record):
    """The attempts on a run's own page, whose `number` is 0, or one page of them, counted from 1 as `first`, its row.

    `total` counts all rows; it is None on a page of its own, whose bytes must not depend on attempts that come later.
    Where there are several, filters and sorting on the run's page cover all: what they go by is loaded from `index`
    on, in so many parts, and `choices` is what can be chosen.
    """

    run_id: str
    number: int
    first: int
    lines: tuple[AttemptLine, ...]
    total: int | None
    previous: str | None
    next: str | None
    has_samples: bool = False
    index: str | None = None
    parts: int = 0
    choices: Choices = Choices()


Where = Callable[[AttemptRow], str | None]
"""Finds what is shown of an attempt whose kind gives it no page of its own."""


def attempts(state: RunState, number: int = 0, where: Where | None = None) -> Attempts:
    """Page `number` of a run's attempts; 0 is what its own page shows: all of them, or the first of many."""
    run_id, start, is_own = state.config.run_id, max(0, number - 1) * PAGE, number == 0
    end = start + (OPENING if is_own and pages(state) else PAGE)
    shown = state.rows[start:end]
    return Attempts(
        run_id=run_id,
        number=number,
        first=start + 1,
        lines=lines(state, shown, where),
        total=len(state.rows) if is_own else None,
        previous=links.attempts(run_id, number - 1) if number > 1 else None,
        next=links.attempts(run_id, number + 1) if len(state.rows) > end else None,
        has_samples=state.config.samples > 1 or any(row.sample for row in shown),
        index=links.attempt_index(run_id, 1) if is_own and parts(state) else None,
        parts=parts(state) if is_own else 0,
        choices=_choices(state) if is_own and parts(state) else Choices(),
    )


def whole(state: RunState, where: Where | None = None) -> Attempts:
    """All of a run's attempts at once, for a page that no other page stands beside."""
    every = lines(state, state.rows, where)
    has_samples = any(line.sample for line in every) or state.config.samples > 1
    return Attempts(state.config.run_id, 0, 1, every, len(every), None, None, has_samples)


def parts(state: RunState) -> int:
    """How many scripts tell of all attempts of a run: none where its own page holds them."""
    return -(-len(state.rows) // PART) if pages(state) else 0


def words(status: AttemptStatus, *, is_scored: bool) -> str:
    """How an attempt came out, in the words of its line."""
    return status.replace("_", " ") if is_scored else "answered"


def _choices(state: RunState) -> Choices:
    cards = state.config.tasks.values()
    return Choices(
        status=tuple(sorted({words(row.status, is_scored=_is_judged(row)) for row in state.rows})),
        model=tuple(sorted({row.model for row in state.rows})),
        language=tuple(sorted({card.language for card in cards if card.language})),
        difficulty=tuple(in_order(sorted({card.difficulty for card in cards if card.difficulty}))),
    )


def _is_judged(row: AttemptRow) -> bool:
    """Whether an attempt has a status: one that nobody scored and nothing went wrong with was answered, no more."""
    return row.outline.is_scored or row.category is not None


def recent(state: RunState) -> tuple[AttemptLine, ...]:
    """The newest finished attempts, newest first."""
    return lines(state, state.recent)


def pages(state: RunState) -> int:
    """How many pages the attempts of a run take; none where its own page holds them."""
    return -(-len(state.rows) // PAGE) if len(state.rows) > PAGE else 0


def lines(state: RunState, rows: Iterable[AttemptRow], where: Where | None = None) -> tuple[AttemptLine, ...]:
    local = {model.model_id for model in state.config.models if model.is_local}
    return tuple(_line(state, row, where, is_local=row.model in local) for row in rows)


def in_plan_order(state: RunState) -> list[AttemptRow]:
    """Finished attempts in the order of the plan, each followed by its re-executions; unplanned ones come last."""
    tasks = {task: place for place, task in enumerate(state.config.tasks)}
    models = {model.model_id: place for place, model in enumerate(state.config.models)}
    samples = state.config.samples
    unplanned: dict[tuple[str, str, int], int] = {}

    def place(row: AttemptRow) -> int:
        outline = row.outline
        task, model, sample = tasks.get(outline.task), models.get(outline.model), outline.sample
        if task is None or model is None or sample >= samples:
            first = unplanned.setdefault((outline.task, outline.model, sample), len(unplanned))
            return samples * len(tasks) * len(models) + first
        return (sample * len(tasks) + task) * len(models) + model

    return sorted(state.rows, key=place)


def _line(state: RunState, row: AttemptRow, where: Where | None, *, is_local: bool) -> AttemptLine:
    card = state.config.tasks.get(row.task)
    return AttemptLine(
        attempt=row.attempt,
        href=where(row) if where else links.attempt_of(state.config.kind, state.config.run_id, row.attempt),
        task=row.task,
        task_href=links.task_of(state.config.kind, row.task),
        title=card.title if card else "",
        language=card.language if card else "",
        difficulty=card.difficulty if card else "",
        model=row.model,
        sample=row.sample,
        status=row.status,
        category=row.category,
        message=row.message,
        seconds=row.seconds,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        money=Money(row.cost_nanousd, is_local=is_local),
        steps=row.steps,
        score=row.score,
        worker=row.worker,
        started_at=row.started_at,
        finished_at=row.finished_at,
        replaced_by=state.superseded.get(row.attempt),
        passed_at_turn=row.outline.passed_at_turn if row.category else None,
        from_cache=row.outline.from_cache,
        is_scored=_is_judged(row),
    )
