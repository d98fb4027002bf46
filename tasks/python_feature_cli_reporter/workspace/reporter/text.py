"""The report as plain text."""

from collections.abc import Sequence

from reporter.summary import Line, Summary

HEADING = ["suite", "passed", "failed", "skipped", "seconds"]


def render(summary: Summary) -> str:
    """A table with a line per suite and a total."""
    return table([HEADING, *(_cells(line) for line in [*summary.suites, summary.total])])


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns two spaces apart, the first aligned to the left and the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for first, *others in rows:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        lines.append("  ".join(cells))
    return "".join(f"{line}\n" for line in lines)


def _cells(line: Line) -> list[str]:
    return [line.name, str(line.passed), str(line.failed), str(line.skipped), f"{line.seconds:.2f}"]
