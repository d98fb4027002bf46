"""Where a run stops by itself: money, time and tokens, counted from its log, so that a resumed run counts what was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchgen.clock import Clock
from benchgen.fold import Fold
from benchgen.records.events import LimitReached
from benchgen.records.run import Budget

WARN_AT = 0.8


@dataclass(frozen=True, slots=True)
class _Use:
    """How much of one limit is used, in its own unit."""

    limit: str
    used: float
    allowed: float
    shown: str


class Guard:
    """Looks at what a run has used, and says each limit's warning and its end once."""

    def __init__(self, budget: Budget, fold: Fold, clock: Clock, seconds_before: float = 0.0) -> None:
        self._budget, self._fold, self._clock = budget, fold, clock
        self._started = clock.monotonic() - seconds_before
        self._said: set[tuple[str, bool]] = set()
        self.is_spent = False

    def look(self) -> Iterator[LimitReached]:
        """The events that are due now; sets `is_spent` when a limit is used up."""
        for use in self._uses():
            share = use.used / use.allowed if use.allowed else 1.0
            if share >= 1:
                self.is_spent = True
            if share >= WARN_AT and (use.limit, share < 1) not in self._said:
                self._said.add((use.limit, share < 1))
                word = "reached" if share >= 1 else f"at {100 * share:.0f} %"
                yield LimitReached(limit=use.limit, message=f"{use.limit} {word}: {use.shown}", warning=share < 1)

    def _uses(self) -> Iterator[_Use]:
        budget = self._budget
        if budget.max_cost_nanousd is not None:
            spent = self._fold.spent_nanousd()
            shown = f"${spent / 1e9:.4f} of ${budget.max_cost_nanousd / 1e9:.4f}"
            yield _Use("max_cost", spent, budget.max_cost_nanousd, shown)
        if budget.max_seconds is not None:
            passed = self._clock.monotonic() - self._started
            yield _Use("max_time", passed, budget.max_seconds, f"{passed:.0f} s of {budget.max_seconds:.0f} s")
        if budget.max_tokens_total is not None:
            tokens = self._fold.tokens_total()
            yield _Use("max_tokens_total", tokens, budget.max_tokens_total, f"{tokens} of {budget.max_tokens_total}")
