"""Words of the terminal."""

from __future__ import annotations


def counted(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: `1 task`, `1,200 tasks`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
