"""Counts what a log says."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reporter.records import Record


@dataclass(frozen=True)
class Line:
    """The numbers of one suite, or of all."""

    name: str
    passed: int
    failed: int
    flaky: int
    skipped: int
    seconds: float


@dataclass(frozen=True)
class Test:
    """One test over all its records."""

    suite: str
    name: str
    status: str
    flaky: bool
    spent: Fraction

    @property
    def seconds(self) -> float:
        return float(self.spent)


@dataclass(frozen=True)
class Summary:
    """A line for each suite, one for all of them, and the slowest tests."""

    suites: list[Line]
    total: Line
    slowest: list[Test]
    wants_slowest: bool


def summarise(records: Sequence[Record], slowest: int) -> Summary:
    """Count the tests of each suite and of all, each test once."""
    attempts: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        attempts.setdefault((record.suite, record.test), []).append(record)
    tests = [_test(made) for made in attempts.values()]
    suites = sorted({test.suite for test in tests})
    return Summary(
        [_line(suite, [test for test in tests if test.suite == suite]) for suite in suites],
        _line("total", tests),
        sorted(tests, key=lambda test: (-test.spent, test.suite, test.name))[:slowest],
        slowest > 0,
    )


def _test(records: Sequence[Record]) -> Test:
    *earlier, last = records
    flaky = last.status == "passed" and any(record.status == "failed" for record in earlier)
    spent = sum((Fraction(record.seconds) for record in records), Fraction())
    return Test(last.suite, last.test, last.status, flaky, spent)


def _line(name: str, tests: Sequence[Test]) -> Line:
    statuses = [test.status for test in tests]
    return Line(
        name,
        passed=statuses.count("passed"),
        failed=statuses.count("failed"),
        flaky=sum(test.flaky for test in tests),
        skipped=statuses.count("skipped"),
        seconds=float(sum((test.spent for test in tests), Fraction())),
    )
