"""The worker timeline of a run: who was busy when, close spans drawn as one so that it stays small."""

from __future__ import annotations

from dataclasses import dataclass, replace

from benchgen.clock import read
from benchgen.panels import links
from benchgen.records.state import AttemptRow, RunState
from benchgen.records.status import AttemptStatus

MOST_SPANS = 600
FINEST = 400
"""Above `MOST_SPANS` spans, gaps below 1/400 of the whole time are not drawn."""


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds from the start of the run; one attempt, or several drawn as one, which has neither status nor link."""

    start: float
    end: float
    attempts: int
    passed: int
    task: str | None
    status: AttemptStatus | None
    href: str | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One worker's spans; `busy` is the share of the run's time that they cover."""

    worker: str
    spans: tuple[Span, ...]
    busy: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lanes of a run over `seconds` from `started_at`."""

    run_id: str
    started_at: str | None
    seconds: float
    lanes: tuple[Lane, ...]


def timeline(state: RunState) -> Timeline:
    """Spans of all executed attempts, the superseded too: they took the worker's time."""
    rows = [row for row in state.rows if row.worker]
    if not rows:
        return Timeline(state.config.run_id, state.started_at, 0.0, ())
    starts = [read(row.started_at) for row in rows]
    origin = min(starts)
    seconds = max(start + row.seconds for start, row in zip(starts, rows, strict=True)) - origin
    lanes: dict[str, list[Span]] = {}
    for start, row in zip(starts, rows, strict=True):
        lanes.setdefault(row.worker, []).append(_span(state, row, start - origin))
    gap = seconds / FINEST if len(rows) > MOST_SPANS else 0.0
    return Timeline(
        state.config.run_id,
        min(row.started_at for row in rows),
        seconds,
        tuple(_lane(worker, spans, seconds, gap) for worker, spans in sorted(lanes.items())),
    )


def _span(state: RunState, row: AttemptRow, start: float) -> Span:
    href = links.attempt_of(state.config.kind, state.config.run_id, row.attempt)
    return Span(start, start + row.seconds, 1, int(row.category is None), row.task, row.status, href)


def _lane(worker: str, spans: list[Span], seconds: float, gap: float) -> Lane:
    busy = sum(span.end - span.start for span in spans)
    ordered = sorted(spans, key=lambda span: span.start)
    shown = _merged(ordered, gap) if gap else ordered
    return Lane(worker, tuple(shown), min(1.0, busy / seconds) if seconds else 0.0)


def _merged(spans: list[Span], gap: float) -> list[Span]:
    merged = spans[:1]
    for span in spans[1:]:
        last = merged[-1]
        if span.start - last.end > gap and last.end - last.start > 0:
            merged.append(span)
            continue
        merged[-1] = replace(
            last,
            end=max(last.end, span.end),
            attempts=last.attempts + span.attempts,
            passed=last.passed + span.passed,
            task=None,
            status=None,
            href=None,
        )
    return merged
