"""A table in the forms that people pass on: Markdown, CSV, JSON, or for the eye."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import click
from rich.console import Console
from rich.table import Table

from benchgen.cli.progress import printable

_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of text under names."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def spell(sheet: Sheet, *, markdown: bool, as_csv: bool) -> None:
    """Prints a sheet on stdout."""
    if markdown:
        click.echo(_markdown(sheet), nl=False)
    elif as_csv:
        click.echo(_csv(sheet), nl=False)
    else:
        Console(highlight=False).print(_table(sheet))


def _markdown(sheet: Sheet) -> str:
    lines = [sheet.names, tuple("---" for _ in sheet.names), *sheet.rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return printable(text).replace("\\", "\\\\").replace("|", "\\|")


def _csv(sheet: Sheet) -> str:
    """A cell that a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(sheet.names)
    writer.writerows([_inert(cell) for cell in row] for row in sheet.rows)
    return out.getvalue()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _table(sheet: Sheet) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(sheet.names):
        table.add_column(name, justify="left" if number == 0 else "right", overflow="fold")
    for row in sheet.rows:
        table.add_row(*(printable(cell) for cell in row))
    return table
