"""From the words on a command line to tasks: ids, globs, `all`, `tag:x`, `lang:go`, and the filters beside them."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from benchgen.catalog.tasks import Catalog
from benchgen.errors import NotFound, UsageError
from benchgen.record import Record
from benchgen.records.task import Task


class Filters(Record):
    """What narrows the targets; `limit` is `N` or `a-b`, counted from 1."""

    keyword: str | None = None
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    limit: str | None = None


def select(catalog: Catalog, targets: Sequence[str], filters: Filters = Filters()) -> list[Task]:
    """The tasks that `targets` name, each once, in the catalog's order. NotFound names a target that meets nothing."""
    chosen: set[str] = set()
    for target in targets:
        met = [task.task_id for task in catalog.tasks() if _meets(task, target)]
        if not met:
            raise _unknown(catalog, target)
        chosen.update(met)
    tasks = [task for task in catalog.tasks() if task.task_id in chosen and _passes(task, filters)]
    if filters.limit is None:
        return tasks
    within = limits(filters.limit)
    return tasks[within.start : within.stop]


def _meets(task: Task, target: str) -> bool:
    if target == "all":
        return True
    if target.startswith("tag:"):
        return target[4:] in task.tags
    if target.startswith("lang:"):
        return task.language == target[5:]
    return fnmatchcase(task.task_id, target)


def _passes(task: Task, filters: Filters) -> bool:
    return (
        (not filters.keyword or filters.keyword.lower() in f"{task.task_id} {task.title}".lower())
        and all(tag in task.tags for tag in filters.tags)
        and (not filters.languages or task.language in filters.languages)
    )


def limits(limit: str) -> range:
    """The places, from 0, that `N` or `a-b` names, both counted from 1. UsageError for anything else."""
    first, dash, last = limit.partition("-")
    try:
        start, stop = (int(first), int(last)) if dash else (1, int(first))
    except ValueError as fault:
        raise UsageError(f"{limit!r} is no limit", where="--limit", hint="N, or a-b counted from 1") from fault
    if start < 1 or stop < start:
        raise UsageError(f"{limit!r} is an empty range", where="--limit", hint="N, or a-b counted from 1")
    return range(start - 1, stop)


def _unknown(catalog: Catalog, target: str) -> NotFound:
    catalog_ids = [task.task_id for task in catalog.tasks()]
    for entry in catalog.broken():
        if entry.task_id == target:
            return NotFound(f"task {target!r} cannot be read: {entry.reason}")
    near = get_close_matches(target, catalog_ids, n=3)
    hint = f"did you mean {', '.join(near)}?" if near else "`benchgen list tasks` shows them all"
    return NotFound(f"no task meets {target!r}", hint=hint)
