"""Counts what a log says."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporter.records import Record


@dataclass(frozen=True)
class Line:
    """The numbers of one suite, or of all."""

    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float


@dataclass(frozen=True)
class Summary:
    """A line for each suite, and one for all of them."""

    suites: list[Line]
    total: Line


def summarise(records: Sequence[Record]) -> Summary:
    """Count the records of each suite and of all."""
    suites = sorted({record.suite for record in records})
    return Summary(
        [_line(suite, [record for record in records if record.suite == suite]) for suite in suites],
        _line("total", records),
    )


def _line(name: str, records: Sequence[Record]) -> Line:
    statuses = [record.status for record in records]
    return Line(
        name,
        passed=statuses.count("passed"),
        failed=statuses.count("failed"),
        skipped=statuses.count("skipped"),
        seconds=sum(record.seconds for record in records),
    )
