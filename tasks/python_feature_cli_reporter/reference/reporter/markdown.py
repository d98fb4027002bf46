"""The report as markdown."""

from collections.abc import Sequence

from reporter.summary import Summary
from reporter.tables import Table, tables


def render(summary: Summary) -> str:
    """Tables between bars."""
    return "\n".join(_barred(table) for table in tables(summary))


def _barred(table: Table) -> str:
    heading, *rows = table.rows
    rule = ["---"] * table.names + ["---:"] * (len(heading) - table.names)
    return "".join(_line(row) for row in [heading, rule, *([_escaped(cell) for cell in row] for row in rows)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _escaped(name: str) -> str:
    one_line = name.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
    return one_line.replace("\\", "\\\\").replace("|", "\\|")
