"""What the text and the markdown report both show, as rows of cells."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporter.summary import Line, Summary


@dataclass(frozen=True)
class Table:
    """Rows of cells, the first row being the heading; the first `names` columns hold names."""

    names: int
    rows: Sequence[Sequence[str]]


def tables(summary: Summary) -> list[Table]:
    """The suites with their total, and the slowest tests if they were asked for."""
    heading = ["suite", "passed", "failed", "flaky", "skipped", "seconds"]
    shown = [Table(1, [heading, *(_cells(line) for line in [*summary.suites, summary.total])])]
    if summary.wants_slowest:
        tests = [[test.suite, test.name, f"{test.seconds:.2f}"] for test in summary.slowest]
        shown.append(Table(2, [["suite", "test", "seconds"], *tests]))
    return shown


def _cells(line: Line) -> list[str]:
    counts = [line.passed, line.failed, line.flaky, line.skipped]
    return [line.name, *(str(count) for count in counts), f"{line.seconds:.2f}"]
