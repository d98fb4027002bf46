"""Words of the terminal."""

from __future__ import annotations


def counted(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: `1 task`, `1,200 tasks`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def printable(text: str) -> str:
    """Text of a model or a file on one line without control characters: a terminal obeys those."""
    return "".join(char if char.isprintable() else " " for char in text)
