"""The command line as seed 001's users type it: lists after `--models` and `--tasks`, separated by spaces."""

from __future__ import annotations

from collections.abc import Sequence

LISTS = frozenset(("--models", "--tasks"))


def spread(words: Sequence[str]) -> list[str]:
    """Repeats the option before every word of its list; the list ends at the next option or at the end."""
    result: list[str] = []
    current: str | None = None
    first = False
    for word in words:
        if word.startswith("-"):
            current, first = (word, True) if word in LISTS else (None, False)
            result.append(word)
        elif current is None or first:
            result.append(word)
            first = False
        else:
            result += [current, word]
    return result
