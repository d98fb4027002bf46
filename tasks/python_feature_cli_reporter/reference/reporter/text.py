"""The report as plain text."""

from reporter.summary import Summary
from reporter.tables import Table, tables


def render(summary: Summary) -> str:
    """Tables with aligned columns."""
    return "\n".join(_aligned(table) for table in tables(summary))


def _aligned(table: Table) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*table.rows, strict=True)]
    lines = []
    for row in table.rows:
        names = [cell.ljust(width) for cell, width in zip(row[: table.names], widths, strict=False)]
        numbers = [cell.rjust(width) for cell, width in zip(row[table.names :], widths[table.names :], strict=True)]
        lines.append("  ".join([*names, *numbers]))
    return "".join(f"{line}\n" for line in lines)
