"""What sorting and filtering over all pages of attempts goes by: a run's attempts as columns, a script for a part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchgen import codec
from benchgen.panels.attempts import AttemptLine, words
from benchgen.panels.log_text import clean
from benchgen.render import filters
from benchgen.render.names import clipped

TASK, MODEL = 36, 24
"""How much of a name is shown in the table."""


class _Names:
    """Each name once, known by its place: most columns say the same again and again."""

    def __init__(self) -> None:
        self.places: dict[tuple[str, ...], int] = {}

    def place(self, *name: str) -> int:
        return self.places.setdefault(name, len(self.places))

    def listed(self) -> list[list[str]]:
        return [[clean(part) for part in name] for name in self.places]


def script(number: int, lines: Sequence[AttemptLine], folder: str) -> bytes:
    """`benchgenAttempts` gets part `number`: what the lines of its attempts show and are sorted by, column by column.

    A script, for a page that was opened from disk can load nothing else. Links are relative to the run's `folder`;
    a value that is not known is null, and never shown as 0.
    """
    tasks, models, statuses = _Names(), _Names(), _Names()
    columns = {
        "part": number,
        "task": [tasks.place(*_task(one)) for one in lines],
        "model": [models.place(one.model, clipped(one.model, MODEL)) for one in lines],
        "status": [statuses.place(*_status(one)) for one in lines],
        "tasks": tasks.listed(),
        "models": models.listed(),
        "statuses": statuses.listed(),
        "href": [(one.href or "").removeprefix(folder) for one in lines],
        "sample": [one.sample for one in lines],
        "seconds": [one.seconds or None for one in lines],
        "tokens": [one.output_tokens for one in lines],
        "cost": [None if one.money.is_local else one.money.nanousd for one in lines],
        "says": [clean(one.message) for one in lines],
        "marks": _marked(lines),
        "shown": _shown(lines),
    }
    return b"(window.benchgenAttempts ||= []).push(" + codec.compact(columns) + b");\n"


def _task(line: AttemptLine) -> tuple[str, ...]:
    """The task, the same as it is shown, and what else is known of it."""
    return line.task, clipped(line.task, TASK), line.title, line.language, line.difficulty


def _status(line: AttemptLine) -> tuple[str, str]:
    """How it came out in words, and the status whose sign it has."""
    return words(line.status, is_scored=line.is_scored), line.status if line.is_scored else ""


def _shown(lines: Iterable[AttemptLine]) -> list[tuple[str, str, str, str]]:
    """Time, tokens, the title of the tokens and the cost of each, written as on a page."""
    return [
        (
            filters.duration(one.seconds or None),
            filters.count(one.output_tokens),
            "" if one.input_tokens is None else filters.usage(one.input_tokens, one.output_tokens),
            filters.money(one.money),
        )
        for one in lines
    ]


def _marked(lines: Iterable[AttemptLine]) -> list[tuple[bool, bool, int | None]]:
    """Whether a retry replaced it, whether its answer is from the cache, at which later turn it passed."""
    return [(one.replaced_by is not None, one.from_cache, one.passed_at_turn) for one in lines]
