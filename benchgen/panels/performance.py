"""The performance panel: success over time with its band and rolling window, steps, and first actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

from benchgen.numbers.rates import Rate
from benchgen.numbers.series import CumulativePoint, RollingPoint, cumulative_rate, rolling_rate, thinned
from benchgen.panels import outcomes
from benchgen.record import Record
from benchgen.records.state import RunState

MOST_POINTS = 120
ROLLING = 20


class StepsPoint(Record):
    """Mean steps over the first `evaluated` attempts."""

    evaluated: int
    avg_steps: float | None


class Performance(Record):
    """How a run does so far. None means unknown: nothing evaluated, no steps, or nobody judged the first actions.

    `points` are cumulative with their band, `rolling` over the newest `rolling_window` attempts.
    """

    run_id: str
    kind: str
    rate: Rate
    points: tuple[CumulativePoint, ...]
    rolling: tuple[RollingPoint, ...]
    rolling_window: int
    steps: tuple[StepsPoint, ...]
    avg_steps: float | None
    avg_steps_to_success: float | None
    avg_steps_to_failure: float | None
    first_action_accuracy: float | None
    avg_score: float | None


def performance(state: RunState) -> Performance:
    """Rates and means of the attempts that count so far."""
    tally = outcomes.tally_of(state.sums_of())
    passes: list[bool] = []
    steps: list[int | None] = []
    for row in state.counted_rows():
        if row.evaluated:
            passes.append(row.category is None)
            steps.append(row.steps)
    return Performance(
        run_id=state.config.run_id,
        kind=state.config.kind,
        rate=outcomes.rate_of(outcomes.of_state(state)),
        points=tuple(cumulative_rate(passes, most=MOST_POINTS)),
        rolling=tuple(rolling_rate(passes, ROLLING, most=MOST_POINTS)),
        rolling_window=ROLLING,
        steps=tuple(_steps(steps)),
        avg_steps=outcomes.ratio(tally.steps, tally.steps_count),
        avg_steps_to_success=outcomes.ratio(tally.steps_passed, tally.steps_passed_count),
        avg_steps_to_failure=outcomes.ratio(
            tally.steps - tally.steps_passed, tally.steps_count - tally.steps_passed_count
        ),
        first_action_accuracy=outcomes.ratio(tally.first_actions_correct, tally.first_actions),
        avg_score=outcomes.ratio(tally.score, tally.score_count),
    )


def _steps(taken: Sequence[int | None]) -> Iterator[StepsPoint]:
    steps = list(accumulate((each or 0 for each in taken), initial=0))
    said = list(accumulate((each is not None for each in taken), initial=0))
    for count in thinned(len(taken), MOST_POINTS):
        yield StepsPoint(count, outcomes.ratio(steps[count], said[count]))
