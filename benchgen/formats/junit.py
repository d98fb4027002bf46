"""JUnit XML, as continuous integration reads it: a suite for each model, a case for each attempt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from benchgen.record import Record

Outcome = Literal["passed", "failure", "error", "skipped"]
# What XML 1.0 has no way to write, not even escaped.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 4_000
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ATTRIBUTE = _TEXT | str.maketrans({'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})


class Case(Record):
    """One attempt: `failure` is the model's, `error` is nobody's that the run is about."""

    name: str
    class_name: str
    seconds: float
    outcome: Outcome
    kind: str = ""
    message: str = ""


class Suite(Record):
    """The attempts of one model. `started_at` as ISO 8601 in UTC."""

    name: str
    package: str
    started_at: str
    host: str
    properties: Sequence[tuple[str, str]]
    cases: Sequence[Case]


def junit(suites: Iterable[Suite]) -> Iterator[bytes]:
    """The document in pieces, a suite each. It keeps to what Ant's schema and Jenkins' have in common."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    for number, suite in enumerate(suites):
        yield "".join(_suite(number, suite)).encode()
    yield b"</testsuites>\n"


def _suite(number: int, suite: Suite) -> Iterator[str]:
    count = {word: sum(case.outcome == word for case in suite.cases) for word in ("failure", "error", "skipped")}
    named = {
        "id": str(number),
        "name": suite.name,
        "package": suite.package,
        "timestamp": suite.started_at[:19],
        "hostname": suite.host or "unknown",
        "tests": str(len(suite.cases)),
        "failures": str(count["failure"]),
        "errors": str(count["error"]),
        "skipped": str(count["skipped"]),
        "time": f"{sum(case.seconds for case in suite.cases):.3f}",
    }
    yield f"<testsuite{_attributes(named)}>\n<properties>\n"
    for name, value in suite.properties:
        yield f"<property{_attributes({'name': name, 'value': value})}/>\n"
    yield "</properties>\n"
    for case in suite.cases:
        yield _case(case)
    yield "<system-out/>\n<system-err/>\n</testsuite>\n"


def _case(case: Case) -> str:
    head = _attributes({"name": case.name, "classname": case.class_name, "time": f"{case.seconds:.3f}"})
    if case.outcome == "passed":
        return f"<testcase{head}/>\n"
    message = case.message[:_LONGEST]
    if case.outcome == "skipped":
        return f"<testcase{head}><skipped{_attributes({'message': message})}/></testcase>\n"
    said = _attributes({"message": message.split("\n")[0][:200], "type": case.kind})
    return f"<testcase{head}><{case.outcome}{said}>{_legal(message).translate(_TEXT)}</{case.outcome}></testcase>\n"


def _attributes(values: dict[str, str]) -> str:
    return "".join(f' {name}="{_legal(value).translate(_ATTRIBUTE)}"' for name, value in values.items())


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
