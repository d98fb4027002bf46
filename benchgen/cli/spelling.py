"""A table in the forms that people pass on: Markdown, CSV, JSON, or for the eye."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from benchgen.cli.progress import printable
from benchgen.formats.tables import Cell
from benchgen.panels.sheets import Sheet, markdown_of, sheet_csv


def spell(sheet: Sheet, *, markdown: bool, as_csv: bool) -> None:
    """Prints a sheet on stdout."""
    if markdown:
        click.echo(markdown_of(sheet), nl=False)
    elif as_csv:
        click.echo(sheet_csv(sheet), nl=False)
    else:
        Console(highlight=False).print(_table(sheet))


def _table(sheet: Sheet) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(sheet.names):
        table.add_column(name, justify="left" if number == 0 else "right", overflow="fold")
    for row in sheet.rows:
        table.add_row(*(_text(cell) for cell in row))
    return table


def _text(cell: Cell) -> str:
    return "" if cell is None else printable(str(cell))
