"""Geometry of the heat map, in pixels: each row is a strip of cells; its name stands before it, on a phone above it."""

from __future__ import annotations

from benchgen.numbers.rates import Rate
from benchgen.numbers.sentences import rate_sentence
from benchgen.panels.heat_map import HeatMap
from benchgen.record import Record
from benchgen.render.filters import whole

WIDEST, NARROWEST, ROOM = 70, 56, 400
"""Of a cell, and of all of them beside the names in half a page: a wider map scrolls."""
STEPS = 6


class HeatCell(Record):
    """One cell: its place, the step of the scale (None where nothing could be evaluated) and what it says."""

    x: int
    step: int | None
    label: str
    title: str


class HeatLine(Record):
    """One row of cells and the model that they are of."""

    model: str
    href: str
    cells: tuple[HeatCell, ...]


class HeatCells(Record):
    """A whole map: how wide all cells are together, and each."""

    width: int
    step: int
    rows: tuple[HeatLine, ...]


def heat_cells(panel: HeatMap) -> HeatCells:
    """The places of all cells."""
    step = max(NARROWEST, min(WIDEST, ROOM // len(panel.columns)))
    rows = tuple(
        HeatLine(
            row.model,
            row.href,
            tuple(_cell(row.model, panel.columns[at], rate, step * at) for at, rate in enumerate(row.rates)),
        )
        for row in panel.rows
    )
    return HeatCells(step * len(panel.columns), step, rows)


def _cell(model: str, column: str, rate: Rate | None, x: int) -> HeatCell:
    name = f"{model}, {column}"
    if rate is None or rate.value is None:
        return HeatCell(x, None, "–", f"{name}: no result")
    return HeatCell(x, min(STEPS - 1, int(rate.value * STEPS)), whole(rate.value), f"{name}: {rate_sentence(rate)}")
