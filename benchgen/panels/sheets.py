"""Tables to pass on: rows of text under names, as CSV that no spreadsheet runs and as Markdown that no cell breaks."""

from __future__ import annotations

from benchgen.formats.tables import Cell, csv_lines
from benchgen.panels.log_text import clean
from benchgen.record import Record


class Sheet(Record):
    """Rows under names; a cell of None is empty."""

    names: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def without(self, name: str) -> Sheet:
        """The same but for one column."""
        place = self.names.index(name)
        rows = tuple((*row[:place], *row[place + 1 :]) for row in self.rows)
        return Sheet((*self.names[:place], *self.names[place + 1 :]), rows)


def sheet_csv(sheet: Sheet) -> bytes:
    """The names and the rows."""
    return csv_lines([sheet.names, *sheet.rows])


def markdown_of(sheet: Sheet) -> str:
    """A table whose cells stay on their line and in their column, and hold no markup of their own."""
    lines = [sheet.names, tuple("---" for _ in sheet.names), *sheet.rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(cell: Cell) -> str:
    return one_line("" if cell is None else str(cell))


def one_line(words: str) -> str:
    """Text of unknown origin as one line of Markdown that is nothing but text."""
    text = " ".join(clean(words).split())
    for mark in ("\\", "|", "<", "`", "[", "*"):
        text = text.replace(mark, f"\\{mark}")
    return text
