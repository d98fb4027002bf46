"""The matrix of tasks by models: what each model made of each task, linked to its attempt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from benchgen.panels import links
from benchgen.record import Record, replace
from benchgen.records.digest import ModelDigest, RunDigest, TaskTally
from benchgen.records.state import RunState, Tally
from benchgen.records.status import AttemptStatus, Category, status_of

FIRST_TASKS = 50
FEW_TASKS = 10
"""Seen at once where a matrix is one of several things on its page and cannot be seen whole anyway."""
MOST_TASKS = 200
MOST_CELLS = 1000
CellStatus = AttemptStatus | Literal["mixed"]


class Cell(Record):
    """One task by one model; `mixed` when some samples passed and some failed. No link where nothing has finished."""

    model: str
    status: CellStatus
    passed: int
    evaluated: int
    left_out: int
    href: str | None


class TaskRow(Record):
    """One task over all models. `solved_by` of the `evaluated_for` models passed it at least once."""

    task: str
    title: str
    href: str | None
    cells: tuple[Cell, ...]
    solved_by: int
    evaluated_for: int

    @property
    def has_failure(self) -> bool:
        return any(cell.status not in ("passed", "pending", "running") for cell in self.cells)

    @property
    def differs(self) -> bool:
        """Whether the models split on this task."""
        return 0 < self.solved_by < self.evaluated_for


class Column(Record):
    """One model in one run, or a whole run; `label` is what a comparison calls it."""

    model: str
    href: str
    is_mock: bool
    run_id: str
    label: str = ""


class Matrix(Record):
    """Tasks down, models across; `hidden` counts the tasks beyond the most that are shown.

    `worst_first`: where not all are seen at once, those come first that were solved least, and those not tried last.
    """

    columns: tuple[Column, ...]
    rows: tuple[TaskRow, ...]
    hidden: int
    worst_first: bool = False
    seen: int = FIRST_TASKS

    @property
    def statuses(self) -> frozenset[CellStatus]:
        """Those that any cell has: only they need a legend."""
        return frozenset(cell.status for row in self.rows for cell in row.cells)

    @property
    def first_rows(self) -> tuple[TaskRow, ...]:
        """What is seen at once."""
        return self.rows[: self.seen]

    @property
    def later_rows(self) -> tuple[TaskRow, ...]:
        """What can be opened below."""
        return self.rows[self.seen :]


def of_state(state: RunState) -> Matrix:
    """The matrix of one run, going on or ended."""
    config = state.config
    running = {(one.task, one.model) for one in state.running.values()}
    first = _first_attempts(state)
    tasks = list(config.tasks) or sorted({task for task, _ in state.tallies})
    columns = tuple(Column(m.model_id, links.model(m.model_id), m.is_mock, config.run_id) for m in config.models)
    rows = []
    most = _most(len(columns))
    is_long = len(tasks) > FIRST_TASKS
    for task in (_worst_first(tasks, _tallied(state.tallies)) if is_long else tasks)[:most]:
        cells = tuple(
            _live_cell(task, column.model, state.tallies.get((task, column.model)), running, first)
            for column in columns
        )
        title = config.tasks[task].title if task in config.tasks else ""
        rows.append(_row(task, title, links.task_of(config.kind, task), cells))
    return Matrix(columns, tuple(rows), max(0, len(tasks) - most), is_long)


def _tallied(tallies: Mapping[tuple[str, str], Tally]) -> Iterator[tuple[str, Tally]]:
    return ((task, tally) for (task, _), tally in tallies.items())


def _worst_first(tasks: Sequence[str], tallies: Iterable[tuple[str, Tally | TaskTally]]) -> list[str]:
    """By the share of evaluated attempts that passed; equal ones stay in the order of the plan."""
    passed: Counter[str] = Counter()
    evaluated: Counter[str] = Counter()
    for task, tally in tallies:
        passed[task] += tally.passed
        evaluated[task] += tally.evaluated
    return sorted(tasks, key=lambda task: passed[task] / evaluated[task] if evaluated[task] else 2)


def _most(columns: int) -> int:
    """How many tasks are shown: 200, and fewer beside many models: a browser takes time for each cell."""
    return min(MOST_TASKS, max(1, MOST_CELLS // max(1, columns)))


def of_runs(parts: Sequence[tuple[RunDigest, ModelDigest]]) -> Matrix:
    """The matrix of several runs, one model of each in a column: those that are ranked.

    Of many tasks those come first that were solved least, and few are seen at once.
    """
    tasks = list(_titles(run for run, _ in parts))
    labelled = [(run, part, "") for run, part in parts]
    if len(tasks) <= FIRST_TASKS:
        return of_parts(labelled)
    tallied = (tally for _, part in parts for tally in part.tasks.items())
    found = of_parts(labelled, _worst_first(tasks, tallied))
    return replace(found, worst_first=True, seen=FEW_TASKS)


def of_parts(parts: Sequence[tuple[RunDigest, ModelDigest | None, str]], first: Iterable[str] = ()) -> Matrix:
    """The matrix of several runs under labels, one model of each in a column or all of them; some tasks come first."""
    titles = _titles(run for run, _, _ in parts)
    kind = parts[0][0].kind if parts else "code"
    order = list(dict.fromkeys([*first, *titles]))
    most = _most(len(parts))
    rows = [
        _row(task, titles[task], links.task_of(kind, task), tuple(_cell(run, part, task) for run, part, _ in parts))
        for task in order[:most]
    ]
    return Matrix(tuple(_column(*part) for part in parts), tuple(rows), max(0, len(order) - most))


def _column(run: RunDigest, part: ModelDigest | None, label: str) -> Column:
    if part is None:
        return Column(run.run_name or run.run_id, links.run(run.run_id), run.is_mock, run.run_id, label)
    return Column(part.model_id, links.model(part.model_id), part.is_mock, run.run_id, label)


def _titles(runs: Iterable[RunDigest]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for run in runs:
        for task, card in run.tasks.items():
            titles.setdefault(task, card.title)
        for model in run.models:
            for task in model.tasks:
                titles.setdefault(task, "")
    return titles


def _row(task: str, title: str, href: str | None, cells: tuple[Cell, ...]) -> TaskRow:
    solved = sum(cell.passed > 0 for cell in cells)
    return TaskRow(task, title, href, cells, solved, sum(cell.evaluated > 0 for cell in cells))


def _first_attempts(state: RunState) -> dict[tuple[str, str], str]:
    """The page of the first finished attempt of each task by each model."""
    first: dict[tuple[str, str], str] = {}
    if links.has_attempt_pages(state.config.kind):
        for row in state.counted_rows():
            key = row.outline.task, row.outline.model
            if key not in first:
                first[key] = links.attempt(state.config.run_id, row.attempt)
    return first


def _live_cell(
    task: str,
    model: str,
    tally: Tally | None,
    running: set[tuple[str, str]],
    first: Mapping[tuple[str, str], str],
) -> Cell:
    is_running = (task, model) in running
    if tally is None or not tally.finished:
        return Cell(model, "running" if is_running else "pending", 0, 0, 0, None)
    status = _status(tally.passed, tally.evaluated, tally.categories)
    return Cell(model, status, tally.passed, tally.evaluated, tally.excluded, first.get((task, model)))


def _cell(run: RunDigest, part: ModelDigest | None, task: str) -> Cell:
    if part is None:
        return _whole_cell(run, task)
    tally: TaskTally | None = part.tasks.get(task)
    if tally is None:
        return Cell(part.model_id, "pending", 0, 0, 0, None)
    categories = {known: 1 for known in _CATEGORIES if known in part.categories}
    status = _status(tally.passed, tally.evaluated, {} if tally.evaluated else categories)
    href = links.first_attempt(run, task, part.model_id) or links.run(run.run_id)
    return Cell(part.model_id, status, tally.passed, tally.evaluated, tally.excluded, href)


def _whole_cell(run: RunDigest, task: str) -> Cell:
    """All models of a run together."""
    tallies = [model.tasks[task] for model in run.models if task in model.tasks]
    passed, evaluated = sum(one.passed for one in tallies), sum(one.evaluated for one in tallies)
    left_out = sum(one.excluded for one in tallies)
    if not tallies:
        return Cell("", "pending", 0, 0, 0, None)
    return Cell("", _status(passed, evaluated, {}), passed, evaluated, left_out, links.run(run.run_id))


_CATEGORIES: tuple[Category, ...] = ("api_error", "harness", "not_runnable", "canceled")


def _status(passed: int, evaluated: int, categories: Mapping[Category, int]) -> CellStatus:
    if evaluated and passed:
        return "passed" if passed == evaluated else "mixed"
    statuses = {status_of(category) for category in categories}
    if len(statuses) == 1:
        return statuses.pop()
    if evaluated:
        return "failed"
    return "error" if statuses else "skipped"  # nobody scored it
