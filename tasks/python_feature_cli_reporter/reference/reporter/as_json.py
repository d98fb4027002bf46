"""The report as one JSON object."""

import json
from typing import Any

from reporter.summary import Line, Summary


def render(summary: Summary) -> str:
    """The suites, the total and the slowest tests."""
    document = {
        "suites": [{"suite": line.name, **_numbers(line)} for line in summary.suites],
        "total": _numbers(summary.total),
        "slowest": [
            {"suite": test.suite, "test": test.name, "seconds": round(test.seconds, 2)} for test in summary.slowest
        ],
    }
    return json.dumps(document) + "\n"


def _numbers(line: Line) -> dict[str, Any]:
    return {
        "passed": line.passed,
        "failed": line.failed,
        "flaky": line.flaky,
        "skipped": line.skipped,
        "seconds": round(line.seconds, 2),
    }
