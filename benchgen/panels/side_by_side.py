"""Two texts side by side, line against line, with the words that changed marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

from benchgen.panels.log_text import clean
from benchgen.record import Record

LineKind = Literal["same", "changed", "only_a", "only_b", "gap"]
MOST_LINES = 240
"""Lines of each text that are compared: the time may grow with the square of what differs, in a hostile text too."""
LONGEST_LINE = 600
MOST_WORDS = 160
MOST_STEPS = 100_000
"""Pairs of words compared in all lines of two texts: beyond them lines are marked whole, or one text takes seconds."""
CONTEXT = 3
ALIKE = 0.4
"""Lines that share less of their words than this are shown as wholly changed: marks on every other word say nothing."""
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


class Piece(Record):
    """A part of a line; `changed`: the other text does not have it there."""

    text: str
    changed: bool = False


class Line(Record):
    """A line of each text, or of one alone. A `gap` stands for `hidden` equal lines. Numbers count from 1."""

    kind: LineKind
    a: tuple[Piece, ...] = ()
    b: tuple[Piece, ...] = ()
    number_a: int | None = None
    number_b: int | None = None
    hidden: int = 0


class SideBySide(Record):
    """Two texts. `left_out_a` and `left_out_b` count the lines beyond the most that are compared.

    `is_cut`: an end of them was too long to be read.
    """

    name: str
    lines: tuple[Line, ...]
    is_equal: bool
    left_out_a: int = 0
    left_out_b: int = 0
    is_cut: bool = False


def side_by_side(name: str, a: str, b: str, *, is_cut: bool = False, most: int = MOST_LINES) -> SideBySide:
    """Any two texts; equal stretches are left out but for three lines around a change."""
    every_a, every_b = _lines(a), _lines(b)
    of_a, of_b = every_a[:most], every_b[:most]
    return SideBySide(
        name=name,
        lines=tuple(_folded(list(_aligned(of_a, of_b)))),
        is_equal=every_a == every_b,
        left_out_a=len(every_a) - len(of_a),
        left_out_b=len(every_b) - len(of_b),
        is_cut=is_cut,
    )


def _lines(text: str) -> list[str]:
    return [line[:LONGEST_LINE] for line in clean(text).removesuffix("\n").split("\n")] if text else []


def _aligned(a: Sequence[str], b: Sequence[str]) -> Iterator[Line]:
    matcher, marker = SequenceMatcher(None, a, b, autojunk=False), _Marker()
    for tag, start_a, end_a, start_b, end_b in matcher.get_opcodes():
        numbers_a, numbers_b = range(start_a, end_a), range(start_b, end_b)
        both = list(zip(numbers_a, numbers_b, strict=False))
        for i, j in both:
            if tag == "equal":
                yield Line("same", (Piece(a[i]),), (Piece(b[j]),), i + 1, j + 1)
            else:
                yield Line("changed", *marker.marked(a[i], b[j]), i + 1, j + 1)
        for i in numbers_a[len(both) :]:
            yield Line("only_a", (Piece(a[i], changed=True),), (), i + 1, None)
        for j in numbers_b[len(both) :]:
            yield Line("only_b", (), (Piece(b[j], changed=True),), None, j + 1)


class _Marker:
    """Marks the words that changed, as long as that is not too much work."""

    def __init__(self) -> None:
        self._left = MOST_STEPS

    def marked(self, a: str, b: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
        """Both lines in pieces, those that only one of them has marked."""
        words_a, words_b = _WORDS.findall(a), _WORDS.findall(b)
        whole = (Piece(a, changed=True),), (Piece(b, changed=True),)
        if max(len(words_a), len(words_b)) > MOST_WORDS or self._left <= 0:
            return whole
        matcher = SequenceMatcher(None, words_a, words_b, autojunk=False)
        self._left -= _steps(words_a, words_b)
        if matcher.ratio() < ALIKE:
            return whole
        codes = matcher.get_opcodes()
        return (
            tuple(Piece("".join(words_a[i:j]), tag != "equal") for tag, i, j, _, _ in codes if i < j),
            tuple(Piece("".join(words_b[i:j]), tag != "equal") for tag, _, _, i, j in codes if i < j),
        )


def _steps(a: Sequence[str], b: Sequence[str]) -> int:
    """How many pairs of equal words there are: each is looked at, again for each stretch that is found around it."""
    counts = Counter(b)
    return sum(counts[word] for word in a)


def _folded(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines with long equal stretches as gaps."""
    changed = [place for place, line in enumerate(lines) if line.kind != "same"]
    shown = {near for place in changed for near in range(place - CONTEXT, place + CONTEXT + 1)}
    hidden = 0
    for place, line in enumerate(lines):
        if place not in shown:
            hidden += 1
            continue
        if hidden:
            yield Line("gap", hidden=hidden)
            hidden = 0
        yield line
    if hidden:
        yield Line("gap", hidden=hidden)
