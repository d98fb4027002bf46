"""Geometry of the heat map, in pixels: a map is as wide as its columns, and scrolls where the screen is narrower."""

from __future__ import annotations

from benchgen.numbers.rates import Rate
from benchgen.numbers.sentences import rate_sentence
from benchgen.panels.heat_map import HeatMap
from benchgen.record import Record
from benchgen.render.filters import whole

LEFT, STEP, HEAD, ROW = 232, 92, 22, 28
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
    y: int
    cells: tuple[HeatCell, ...]


class HeatCells(Record):
    """A whole map with its size."""

    width: int
    height: int
    left: int
    step: int
    rows: tuple[HeatLine, ...]


def heat_cells(panel: HeatMap) -> HeatCells:
    """The places of all cells."""
    rows = tuple(
        HeatLine(
            row.model,
            row.href,
            HEAD + ROW * number,
            tuple(_cell(row.model, panel.columns[at], rate, at) for at, rate in enumerate(row.rates)),
        )
        for number, row in enumerate(panel.rows)
    )
    return HeatCells(LEFT + STEP * len(panel.columns), HEAD + ROW * len(rows), LEFT, STEP, rows)


def _cell(model: str, column: str, rate: Rate | None, at: int) -> HeatCell:
    x, name = LEFT + STEP * at, f"{model}, {column}"
    if rate is None or rate.value is None:
        return HeatCell(x, None, "–", f"{name}: no result")
    return HeatCell(x, min(STEPS - 1, int(rate.value * STEPS)), whole(rate.value), f"{name}: {rate_sentence(rate)}")
