"""The blocks of an answer, found line by line: a model may repeat itself for megabytes, and no pattern stalls at it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from benchgen.record import Record

_OPENER = re.compile(r"(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)")
_SEARCH = re.compile(r"<{5,9} SEARCH")
_MIDDLE = re.compile(r"={5,9}[ \t]*")
_REPLACE = re.compile(r">{5,9} REPLACE[ \t]*")


class Fence(Record):
    """A fenced block: the number of its first line, what stands behind its fence, and all that is in it."""

    line: int
    info: str
    body: str


class Swap(Record):
    """A search/replace block, and the path of the last `File:` line before it, if there was one."""

    path: str | None
    old: str
    new: str


def fences(lines: Sequence[str]) -> Iterator[Fence]:
    """Fenced blocks from first to last; one that never closes is none, and what stands in it is looked at."""
    closers = _closers(lines)
    at = 0
    while at < len(lines):
        opener = _OPENER.fullmatch(lines[at])
        end = _after(closers.get(opener["fence"], ()), at) if opener else None
        if opener and end is not None:
            yield Fence(at, opener["info"].strip(), _joined(lines, at + 1, end))
            at = end
        at += 1


def swaps(lines: Sequence[str]) -> Iterator[Swap]:
    """Search/replace blocks from first to last."""
    middles = [number for number, line in enumerate(lines) if _MIDDLE.fullmatch(line)]
    ends = [number for number, line in enumerate(lines) if _REPLACE.fullmatch(line)]
    path, at = None, 0
    while at < len(lines):
        path = path_of(lines[at]) or path
        middle = _after(middles, at) if _SEARCH.match(lines[at]) else None
        end = None if middle is None else _after(ends, middle)
        if middle is not None and end is not None:
            yield Swap(path, _joined(lines, at + 1, middle), _joined(lines, middle + 1, end))
            at = end
        at += 1


def named_before(lines: Sequence[str], at: int) -> str | None:
    """The path on the `File:` line right before a line, blank lines aside."""
    while at > 0:
        at -= 1
        if lines[at].strip():
            return path_of(lines[at].rstrip())
    return None


def path_of(line: str) -> str | None:
    """The path on a `File:` line, whatever Markdown stands around it; None for any other line."""
    said = line.lstrip(" \t*#")
    if not said.startswith("File:"):
        return None
    path = said.removeprefix("File:").strip(" \t").rstrip(" \t*").removeprefix("`").removesuffix("`")
    return None if "`" in path else path.strip() or None


def _closers(lines: Sequence[str]) -> dict[str, list[int]]:
    """The numbers of the lines that are nothing but a fence, by the fence."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        plain = line.rstrip(" \t")
        if len(plain) >= 3 and plain[0] in "`~" and not plain.strip(plain[0]):
            found[plain].append(number)
    return found


def _after(numbers: Sequence[int], at: int) -> int | None:
    place = bisect_right(numbers, at)
    return numbers[place] if place < len(numbers) else None


def _joined(lines: Sequence[str], start: int, stop: int) -> str:
    return "".join(f"{line}\n" for line in lines[start:stop])
