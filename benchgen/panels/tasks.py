"""The index of all tasks: what each is, and how many models solve it."""

from __future__ import annotations

from collections.abc import Iterable

from benchgen.panels.task_page import TaskPage
from benchgen.record import Record


class TaskLine(Record):
    """One task in the list; `solved_by` of the `evaluated_for` models solved it in their newest complete run."""

    task: str
    href: str
    title: str
    language: str
    type: str
    difficulty: str
    domain: str
    tags: tuple[str, ...]
    cases: int
    solved_by: int
    evaluated_for: int
    in_catalog: bool


class Tasks(Record):
    """All tasks of the catalog and of the runs."""

    lines: tuple[TaskLine, ...]
    broken: tuple[tuple[str, str], ...]


def tasks(pages: Iterable[TaskPage], broken: Iterable[tuple[str, str]] = ()) -> Tasks:
    """The index from the tasks' own pages; `broken` are catalog folders that could not be read, with the reason."""
    return Tasks(tuple(_line(page) for page in pages), tuple(broken))


def _line(page: TaskPage) -> TaskLine:
    return TaskLine(
        task=page.task,
        href=page.href,
        title=page.title,
        language=page.language,
        type=page.type,
        difficulty=page.difficulty,
        domain=page.domain,
        tags=page.tags,
        cases=len(page.cases),
        solved_by=page.solved_by,
        evaluated_for=page.evaluated_for,
        in_catalog=page.instructions is not None,
    )
