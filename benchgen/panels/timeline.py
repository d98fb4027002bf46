"""The worker timeline of a run: who was busy when, close spans drawn as one so that it stays small."""

from __future__ import annotations

from collections.abc import Iterator

from benchgen.clock import read
from benchgen.panels import links
from benchgen.record import Record
from benchgen.records.state import AttemptRow, RunState
from benchgen.records.status import AttemptStatus

MOST_SPANS = 600
FINEST = 400
"""Above `MOST_SPANS` spans, gaps below 1/400 of the whole time are not drawn."""
MOST_DRAWN = 2_000
"""Of many workers even longer gaps are not drawn, so that all lanes together hold no more spans than this."""


class Span(Record):
    """Seconds from the start of the run; one attempt, or several drawn as one, which has neither status nor link."""

    start: float
    end: float
    attempts: int
    passed: int
    task: str | None
    status: AttemptStatus | None
    href: str | None


class Lane(Record):
    """One worker's spans; `busy` is the share of the run's time that they cover."""

    worker: str
    spans: tuple[Span, ...]
    busy: float


class Timeline(Record):
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
    lanes: dict[str, list[tuple[float, AttemptRow]]] = {}
    for start, row in zip(starts, rows, strict=True):
        lanes.setdefault(row.worker, []).append((start - origin, row))
    gap = seconds / min(FINEST, MOST_DRAWN / len(lanes)) if len(rows) > MOST_SPANS else -1.0
    return Timeline(
        state.config.run_id,
        min(row.started_at for row in rows),
        seconds,
        tuple(_lane(state, worker, begun, seconds, gap) for worker, begun in sorted(lanes.items())),
    )


def _lane(state: RunState, worker: str, begun: list[tuple[float, AttemptRow]], seconds: float, gap: float) -> Lane:
    begun.sort(key=lambda pair: pair[0])
    busy = sum(row.seconds for _, row in begun)
    spans = tuple(_span(state, group) for group in _close(begun, gap))
    return Lane(worker, spans, min(1.0, busy / seconds) if seconds else 0.0)


def _close(begun: list[tuple[float, AttemptRow]], gap: float) -> Iterator[list[tuple[float, AttemptRow]]]:
    """Attempts with no more than `gap` between them; below zero, each alone."""
    group: list[tuple[float, AttemptRow]] = []
    end = 0.0
    for start, row in begun:
        if group and (gap < 0 or start - end > gap):
            yield group
            group = []
        group.append((start, row))
        end = max(end, start + row.seconds) if len(group) > 1 else start + row.seconds
    if group:
        yield group


def _span(state: RunState, group: list[tuple[float, AttemptRow]]) -> Span:
    end = max(start + row.seconds for start, row in group)
    passed = sum(row.category is None for _, row in group)
    start, row = group[0]
    if len(group) > 1:
        return Span(start, end, len(group), passed, None, None, None)
    href = links.attempt_of(state.config.kind, state.config.run_id, row.attempt)
    return Span(start, end, 1, passed, row.task, row.status, href)
