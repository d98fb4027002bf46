"""Reads test logs."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATUSES = ("passed", "failed", "skipped")


class InputError(Exception):
    """A log cannot be used; the text says where and why."""


@dataclass(frozen=True)
class Record:
    """One attempt at one test."""

    suite: str
    test: str
    status: str
    seconds: float


def read(files: Sequence[str]) -> list[Record]:
    """All records of the files in order, or those on stdin if there are no files."""
    return [_record(place, line) for place, line in _lines(files) if line.strip()]


def _lines(files: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in files or ["-"]:
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
        except OSError as error:
            raise InputError(f"{name}: {error.strerror}") from error
        for number, line in enumerate(text.split("\n"), start=1):
            yield f"{name}:{number}", line


def _record(place: str, line: str) -> Record:
    try:
        fields = json.loads(line)
    except ValueError as error:
        raise InputError(f"{place}: not JSON") from error
    if not isinstance(fields, dict):
        raise InputError(f"{place}: not an object")
    seconds = fields.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < float("inf"):
        raise InputError(f"{place}: seconds: {seconds!r}")
    if fields.get("status") not in STATUSES:
        raise InputError(f"{place}: status: {fields.get('status')!r}")
    return Record(_name(place, fields, "suite"), _name(place, fields, "test"), fields["status"], seconds)


def _name(place: str, fields: dict[str, Any], key: str) -> str:
    name = fields.get(key)
    if not isinstance(name, str) or not name:
        raise InputError(f"{place}: {key}: {name!r}")
    return name
