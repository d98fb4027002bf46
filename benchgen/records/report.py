"""What an engine that scores by itself said of a whole run: its metrics and their breakdowns."""

from __future__ import annotations

from benchgen.record import Record


class Metric(Record):
    """A named number; `value` None where it was named and not known."""

    name: str
    value: float | None
    unit: str | None = None


class BreakdownItem(Record):
    """One group's number."""

    key: str
    value: float | None
    unit: str | None = None


class Breakdown(Record):
    """One metric by groups: `name` says what the groups are."""

    name: str
    items: tuple[BreakdownItem, ...]


class EngineTokens(Record):
    """Tokens of a whole run, in seed 002's words."""

    input_tokens: int | None
    output_tokens: int | None
    total_tokens: int | None


class EngineReport(Record):
    """Metrics as the engine wrote them, where they were read, and what could not be read."""

    metrics: tuple[Metric, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""
    hint: str = ""
    samples: int | None = None
    token_usage: EngineTokens | None = None
