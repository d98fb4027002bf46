"""Which finished attempts are made once more, and under which ids their replacements stand beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from benchgen import paths
from benchgen.errors import UsageError
from benchgen.records.run import Planned
from benchgen.records.state import AttemptRow, RunState
from benchgen.records.status import AttemptStatus
from benchgen.runner.desk import Todo

KINDS: Mapping[str, frozenset[AttemptStatus]] = {
    "api-errors": frozenset(("api_error",)),
    "errors": frozenset(("api_error", "error", "skipped")),
    "failed": frozenset(("failed",)),
    "timeouts": frozenset(("timeout",)),
}
_AGAIN = re.compile(r"__r(\d+)$")


def words_of(state: RunState, only: Sequence[str]) -> tuple[str, ...]:
    """What is meant by values that may be lists with commas: the id of a task or an attempt may hold commas itself."""
    return tuple(word for value in only for word in ([value] if _is_id(state, value) else value.split(",")) if word)


def repeats(state: RunState, only: Sequence[str]) -> list[Todo]:
    """A replacement for each attempt that counts and is meant by one of `only`: a kind, a task or an attempt."""
    for word in only:
        if word not in KINDS and not _is_id(state, word):
            raise UsageError(
                f"{word!r} is no kind of outcome, and no task or attempt of this run",
                where="--only",
                hint=f"one of {', '.join(KINDS)}, or the id of a task or an attempt",
            )
    return [_todo(row) for row in state.counted_rows() if any(_is_meant(row, word) for word in only)]


def _is_id(state: RunState, word: str) -> bool:
    return word in state.config.tasks or any(word in (row.task, row.attempt) for row in state.rows)


def _is_meant(row: AttemptRow, word: str) -> bool:
    return row.status in KINDS.get(word, ()) or word in (row.task, row.attempt)


def _todo(row: AttemptRow) -> Todo:
    """The one that counts is the last of its line, so that the next number is free."""
    found = _AGAIN.search(row.attempt) if row.replaces else None
    number = int(found[1]) + 1 if found else 1
    name = paths.attempt_id(row.task, row.model, row.sample, number)
    return Todo(Planned(name, row.task, row.model, row.sample), row.attempt)


def without(todos: Sequence[Todo], begun: Sequence[Todo]) -> Iterator[Todo]:
    """What is begun already first, then the rest; an attempt that is being replaced is not replaced twice."""
    yield from begun
    replaced = {todo.replaces for todo in begun}
    yield from (todo for todo in todos if todo.replaces not in replaced)
