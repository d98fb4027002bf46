"""A diff as typed lines with their numbers, however broken it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from benchgen.panels.log_text import RawText, clean
from benchgen.record import Record

LineKind = Literal["file", "hunk", "add", "del", "ctx"]
MOST_LINES = 2_000
_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_FILE = (
    "diff ",
    "index ",
    "--- ",
    "+++ ",
    "new file",
    "deleted file",
    "old mode",
    "new mode",
    "rename ",
    "similarity ",
)


class DiffLine(Record):
    """One line without its sign; numbers are those in the old and the new file, None where it has none."""

    kind: LineKind
    text: str
    old: int | None = None
    new: int | None = None


class Diff(Record):
    """A diff. `hidden` counts lines beyond the most that are shown, `is_cut`: its end was too long to be read.

    `href` is the whole file where either is so.
    """

    lines: tuple[DiffLine, ...]
    added: int
    removed: int
    files: int
    hidden: int
    is_cut: bool
    href: str | None


def diff(raw: RawText, href: str | None = None) -> Diff:
    """The diff in a text that a model may have written: anything gives lines, nothing is an error."""
    every = list(_lines(clean(raw.head)))
    return Diff(
        lines=tuple(every[:MOST_LINES]),
        added=sum(line.kind == "add" for line in every),
        removed=sum(line.kind == "del" for line in every),
        files=sum(line.kind == "file" and line.text.startswith("+++ ") for line in every),
        hidden=max(0, len(every) - MOST_LINES),
        is_cut=bool(raw.tail),
        href=href if raw.tail or len(every) > MOST_LINES else None,
    )


def _lines(text: str) -> Iterator[DiffLine]:
    """Inside a hunk its own counts say what is content, so that a removed `-- x` is no file header."""
    old = new = old_left = new_left = 0
    for raw in text.split("\n")[: -1 if text.endswith("\n") else None]:
        hunk = _HUNK.match(raw)
        inside = old_left > 0 or new_left > 0
        if inside and raw.startswith("+") and new_left > 0:
            yield DiffLine("add", raw[1:], None, new)
            new, new_left = new + 1, new_left - 1
        elif inside and raw.startswith("-") and old_left > 0:
            yield DiffLine("del", raw[1:], old, None)
            old, old_left = old + 1, old_left - 1
        elif hunk:
            old, new = int(hunk[1]), int(hunk[3])
            old_left, new_left = int(hunk[2] or 1), int(hunk[4] or 1)
            yield DiffLine("hunk", raw)
        elif inside and (raw.startswith(" ") or not raw):
            yield DiffLine("ctx", raw[1:], old, new)
            old, new, old_left, new_left = old + 1, new + 1, old_left - 1, new_left - 1
        elif raw.startswith(_FILE):
            old_left = new_left = 0
            yield DiffLine("file", raw)
        else:
            yield _loose(raw)


def _loose(raw: str) -> DiffLine:
    """A line outside any hunk's counts, which a model's diff often gets wrong."""
    if raw.startswith("+"):
        return DiffLine("add", raw[1:])
    if raw.startswith("-"):
        return DiffLine("del", raw[1:])
    return DiffLine("ctx", raw[1:] if raw.startswith(" ") else raw)
