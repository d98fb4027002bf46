"""The performance panel: success over time with its band and rolling window, steps, and first actions."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from benchgen.numbers.rates import Rate, wilson
from benchgen.panels import outcomes
from benchgen.records.state import AttemptRow, RunState

MOST_POINTS = 120
ROLLING = 20


@dataclass(frozen=True, slots=True)
class Point:
    """Success after `index` evaluated attempts: cumulative with its band, and over the newest `ROLLING`."""

    index: int
    rate: float
    low: float
    high: float
    rolling: float | None
    avg_steps: float | None


@dataclass(frozen=True, slots=True)
class Performance:
    """How a run does so far. None means unknown: nothing evaluated, no steps, or nobody judged the first actions."""

    run_id: str
    kind: str
    rate: Rate
    points: tuple[Point, ...]
    rolling_window: int
    avg_steps: float | None
    avg_steps_to_success: float | None
    avg_steps_to_failure: float | None
    first_action_accuracy: float | None
    avg_score: float | None


def performance(state: RunState) -> Performance:
    """Rates and means of the attempts that count so far."""
    tally = outcomes.tally_of(state.tallies.values())
    failed_steps = tally.steps - tally.steps_passed
    return Performance(
        run_id=state.config.run_id,
        kind=state.config.kind,
        rate=outcomes.rate_of(outcomes.of_state(state)),
        points=tuple(_points(state)),
        rolling_window=ROLLING,
        avg_steps=outcomes.ratio(tally.steps, tally.steps_count),
        avg_steps_to_success=outcomes.ratio(tally.steps_passed, tally.steps_passed_count),
        avg_steps_to_failure=outcomes.ratio(failed_steps, tally.steps_count - tally.steps_passed_count),
        first_action_accuracy=outcomes.ratio(tally.first_actions_correct, tally.first_actions),
        avg_score=outcomes.ratio(tally.score, tally.score_count),
    )


def _points(state: RunState) -> Iterator[Point]:
    """Evenly spread points, the last attempt always among them."""
    rows = [row for row in state.counted_rows() if row.evaluated]
    stride = max(1, -(-len(rows) // MOST_POINTS))
    passed, steps, stepped = 0, 0, 0
    newest: deque[bool] = deque(maxlen=ROLLING)
    for index, row in enumerate(rows, 1):
        passed += row.category is None
        steps, stepped = _with_steps(row, steps, stepped)
        newest.append(row.category is None)
        if index % stride == 0 or index == len(rows):
            band = wilson(passed / index, index)
            rolling = sum(newest) / ROLLING if len(newest) == ROLLING else None
            yield Point(index, passed / index, band.low, band.high, rolling, outcomes.ratio(steps, stepped))


def _with_steps(row: AttemptRow, steps: int, stepped: int) -> tuple[int, int]:
    return (steps, stepped) if row.steps is None else (steps + row.steps, stepped + 1)
