"""Why attempts did not pass, counted by category for several models or runs beside each other."""

from __future__ import annotations

from collections.abc import Iterable

from benchgen.record import Record
from benchgen.records.digest import ModelDigest
from benchgen.records.status import CATEGORIES, MODEL_CATEGORIES, Category


class ReasonLine(Record):
    """One model, or one run of it: how many attempts ended in each of the categories."""

    label: str
    href: str
    counts: tuple[int, ...]
    finished: int


class Reasons(Record):
    """The categories that occur, the model's own first; `left_out` of them, from the end, are in no rate."""

    categories: tuple[Category, ...]
    left_out: int
    lines: tuple[ReasonLine, ...]


def reasons(parts: Iterable[tuple[str, str, ModelDigest]]) -> Reasons:
    """The table of parts, each under a label with a link."""
    every = list(parts)
    found = [name for name in CATEGORIES if any(model.categories.get(name) for _, _, model in every)]
    ordered = sorted(found, key=lambda name: name not in MODEL_CATEGORIES)
    lines = tuple(
        ReasonLine(label, href, tuple(model.categories.get(name, 0) for name in ordered), model.finished)
        for label, href, model in every
    )
    return Reasons(tuple(ordered), sum(name not in MODEL_CATEGORIES for name in ordered), lines)
