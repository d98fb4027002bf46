"""Words of the terminal."""

from __future__ import annotations


def counted(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun: `1 task`, `1,200 tasks`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def dollars(nanousd: int | None, *, is_lower_bound: bool = False) -> str:
    """An amount for the terminal; one that nobody knows is a word."""
    if nanousd is None:
        return "unknown"
    return ("≥ " if is_lower_bound else "") + f"${nanousd / 1e9:.4f}"
