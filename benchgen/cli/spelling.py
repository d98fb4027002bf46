"""A table in the forms that people pass on: Markdown, CSV, JSON, or for the eye."""

from __future__ import annotations

import click

from benchgen.cli.tables import show, table
from benchgen.cli.words import printable
from benchgen.formats.tables import Cell
from benchgen.panels.sheets import Sheet, markdown_of, sheet_csv


def spell(sheet: Sheet, *, markdown: bool, as_csv: bool) -> None:
    """Prints a sheet on stdout."""
    if markdown:
        click.echo(markdown_of(sheet), nl=False)
    elif as_csv:
        click.echo(sheet_csv(sheet), nl=False)
    else:
        shown = table(*sheet.names, numbers=True)
        for row in sheet.rows:
            shown.add_row(*map(_text, row))
        show(shown)


def _text(cell: Cell) -> str:
    return "" if cell is None else printable(str(cell))
