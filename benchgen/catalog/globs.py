"""Path patterns of task folders: `*` within one folder, `**` across folders, always matched against the whole path."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    meaning = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    return re.compile("".join(meaning.get(part, re.escape(part)) for part in parts), re.DOTALL)


def matches(path: str, globs: Iterable[str]) -> bool:
    """Whether `path` (with `/`, relative to the task folder) is meant by one of `globs`."""
    return any(_pattern(glob).fullmatch(path) for glob in globs)
