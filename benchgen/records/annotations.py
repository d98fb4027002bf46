"""What people noted about a run after it was made; kept beside its log, never in it."""

from __future__ import annotations

from collections.abc import Mapping

from benchgen.record import Record, field
from benchgen.records.run import FORMAT


class Annotations(Record):
    """`annotations.json`: a note and tags on the run, and the marked attempts with a note each, often empty."""

    note: str = ""
    tags: tuple[str, ...] = ()
    marked: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT
