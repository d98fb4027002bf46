"""The worker timeline of a run: who was busy when, close spans drawn as one so that it stays small."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from benchgen.clock import read
from benchgen.panels import links
from benchgen.record import Record
from benchgen.records.state import RunState
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

    @property
    def statuses(self) -> frozenset[AttemptStatus | None]:
        """Those that any span has: only they need a legend."""
        return frozenset(span.status for lane in self.lanes for span in lane.spans)


_Begun = tuple[float, float, bool, int]
"""What is drawn of an attempt: when it began and ended, whether it passed, and which row of the run it is."""


def timeline(state: RunState) -> Timeline:
    """Spans of all executed attempts, the superseded too: they took the worker's time."""
    rows = ((number, row.outline) for number, row in enumerate(state.rows))
    begun = [(number, one, read(one.started_at)) for number, one in rows if one.worker]
    if not begun:
        return Timeline(state.config.run_id, state.started_at, 0.0, ())
    origin = min(start for _, _, start in begun)
    lanes: dict[str, list[_Begun]] = {}
    for number, one, at in begun:
        start = at - origin
        drawn = (start, start + one.duration_seconds, one.category is None, number)
        lanes.setdefault(one.worker, []).append(drawn)
    seconds = max(end for lane in lanes.values() for _, end, _, _ in lane)
    gap = seconds / min(FINEST, MOST_DRAWN / len(lanes)) if len(begun) > MOST_SPANS else -1.0
    spans = tuple(_lane(state, worker, lanes[worker], seconds, gap) for worker in sorted(lanes))
    return Timeline(state.config.run_id, min(one.started_at for _, one, _ in begun), seconds, spans)


def _lane(state: RunState, worker: str, lane: list[_Begun], seconds: float, gap: float) -> Lane:
    lane.sort(key=itemgetter(0))
    busy = sum(end - start for start, end, _, _ in lane)
    spans = tuple(_span(state, group) for group in _close(lane, gap))
    return Lane(worker, spans, min(1.0, busy / seconds) if seconds else 0.0)


def _close(begun: list[_Begun], gap: float) -> Iterator[list[_Begun]]:
    """Attempts with no more than `gap` between them; below zero, each alone."""
    group: list[_Begun] = []
    end = 0.0
    for one in begun:
        if group and (gap < 0 or one[0] - end > gap):
            yield group
            group, end = [], 0.0
        group.append(one)
        if one[1] > end:
            end = one[1]
    if group:
        yield group


def _span(state: RunState, group: list[_Begun]) -> Span:
    start, _, _, number = group[0]
    end = max(end for _, end, _, _ in group)
    passed = sum(passed for _, _, passed, _ in group)
    if len(group) > 1:
        return Span(start, end, len(group), passed, None, None, None)
    row = state.rows[number]
    href = links.attempt_of(state.config.kind, state.config.run_id, row.attempt)
    return Span(start, end, 1, passed, row.task, row.status, href)
