"""What the judge printed, read as cases: pytest's junit file, go's JSON, cargo's lines, TAP."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterator
from typing import Literal
from xml.etree import ElementTree

from benchgen import codec
from benchgen.errors import BadFile
from benchgen.record import replace
from benchgen.records.attempt import CaseResult

Form = Literal["junit", "go", "cargo", "tap"]
LONGEST_MESSAGE = 500
_CARGO = re.compile(r"^test (?P<id>\S+)(?: - should panic)? \.\.\. (?P<status>ok|FAILED|ignored)", re.M)
_CARGO_FAILURE = re.compile(r"^---- (?P<id>\S+) stdout ----\n(?P<text>.*?)(?=^---- |^failures:\n|\Z)", re.M | re.S)
_TAP = re.compile(r"(?P<not>not )?ok\b[ \t]*(?:\d+)?[ \t]*(?:-[ \t]*)?(?P<id>[^#]*)(?P<directive>.*)")
_GO_STATUS: dict[str, Literal["passed", "failed", "skipped"]] = {"pass": "passed", "fail": "failed", "skip": "skipped"}


def read(form: Form, text: str) -> list[CaseResult]:
    """The cases in a report, in its order; a case that is told twice stays twice. BadFile when it cannot be read."""
    reader = {"junit": _junit, "go": _go, "cargo": _cargo, "tap": _tap}[form]
    return [replace(case, message=cut(case.message)) for case in reader(text)]


def cut(message: str) -> str:
    """At most 500 bytes of a message, ended by an ellipsis where something is left out."""
    data = message.strip().encode("utf-8", "replace")
    if len(data) <= LONGEST_MESSAGE:
        return data.decode("utf-8")
    return data[: LONGEST_MESSAGE - 3].decode("utf-8", "ignore") + "…"


def tail(text: str) -> str:
    """The last 500 bytes of a text, begun by an ellipsis where something is left out."""
    data = text.strip().encode("utf-8", "replace")
    if len(data) <= LONGEST_MESSAGE:
        return data.decode("utf-8")
    return "…" + data[3 - LONGEST_MESSAGE :].decode("utf-8", "ignore")


def _junit(text: str) -> Iterator[CaseResult]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadFile("the report declares entities, which pytest never does", where="junit.xml")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - entities are refused above
    except ElementTree.ParseError as fault:
        raise BadFile(f"not valid XML: {fault}", where="junit.xml") from fault
    for case in root.iter("testcase"):
        bad = next((child for child in case if child.tag in ("failure", "error")), None)
        skipped = next((child for child in case if child.tag == "skipped"), None)
        status: Literal["passed", "failed", "skipped"] = "passed"
        if bad is not None or skipped is not None:
            status = "failed" if bad is not None else "skipped"
        found = bad if bad is not None else skipped
        message = (found.get("message") or found.text or "") if found is not None else ""
        yield CaseResult(case.get("name", ""), status, _seconds(case.get("time")), message)


def _go(text: str) -> Iterator[CaseResult]:
    said: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line.startswith("{"):
            continue
        try:
            event = codec.parse(line, where="go test -json")
        except BadFile:
            continue  # a line that was cut where the output's middle was left out
        name = event.get("Test") if isinstance(event, dict) else None
        if not isinstance(name, str):
            continue
        if event.get("Action") == "output":
            said.setdefault(name, []).append(str(event.get("Output", "")))
        elif event.get("Action") in _GO_STATUS:
            status = _GO_STATUS[event["Action"]]
            lines = [part for part in said.get(name, ()) if not part.lstrip().startswith(("===", "---"))]
            elapsed = event.get("Elapsed")
            seconds = _seconds(str(elapsed)) if isinstance(elapsed, int | float) else None
            yield CaseResult(name, status, seconds, "" if status == "passed" else "".join(lines))


def _cargo(text: str) -> Iterator[CaseResult]:
    messages = {found["id"]: found["text"] for found in _CARGO_FAILURE.finditer(text)}
    for found in _CARGO.finditer(text):
        status: Literal["passed", "failed", "skipped"] = "failed"
        if found["status"] == "ok":
            status = "passed"
        elif found["status"] == "ignored":
            status = "skipped"
        yield CaseResult(found["id"], status, None, messages.get(found["id"], "") if status == "failed" else "")


def _tap(text: str) -> Iterator[CaseResult]:
    pending: CaseResult | None = None
    detail: list[str] = []
    for line in text.splitlines():
        found = _TAP.match(line)
        if found is None:
            if pending is not None and line.startswith((" ", "#")):
                detail.append(line.removeprefix("#").rstrip())
            continue
        if pending is not None:
            yield _with_detail(pending, detail)
        pending, detail = CaseResult(found["id"].rstrip(" \t"), _tap_status(found)), []
    if pending is not None:
        yield _with_detail(pending, detail)


def _tap_status(found: re.Match[str]) -> Literal["passed", "failed", "skipped"]:
    directive = found["directive"].lower()
    if "# skip" in directive or "# todo" in directive:
        return "skipped"
    return "failed" if found["not"] else "passed"


def _with_detail(case: CaseResult, detail: list[str]) -> CaseResult:
    """What it says, set in as it was: a diff of nested values is read by its columns."""
    lines = textwrap.dedent("\n".join(detail)).splitlines()
    said = [line for line in lines if line not in ("---", "...")]
    if said[:1] == ["message: |"]:
        said = textwrap.dedent("\n".join(said[1:])).splitlines()
    return replace(case, message="\n".join(said)) if case.status == "failed" else case


def _seconds(text: str | None) -> float | None:
    try:
        seconds = float(text) if text is not None else None
    except ValueError:
        return None
    return seconds if seconds is not None and math.isfinite(seconds) else None
