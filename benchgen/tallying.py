"""What attempts came to, counted while a log is read: cheap to add to, exact to subtract from."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

from benchgen.records.attempt import Attempt
from benchgen.records.events import Outline
from benchgen.records.state import Tally
from benchgen.records.status import MODEL_CATEGORIES, Category

K = TypeVar("K", bound=Hashable)
_NANO = 1_000_000_000


def in_billionths(seconds: float) -> float:
    """Seconds as they come out of a sum of whole billionths."""
    return round(seconds * _NANO) / _NANO


class TallyCount:
    """Counts one task by one model. Seconds and scores are summed as whole billionths, so that taking away is exact."""

    __slots__ = (
        "categories",
        "evaluated",
        "finished",
        "first_actions",
        "first_actions_correct",
        "is_stale",
        "passed",
        "passed_later",
        "score",
        "score_count",
        "seconds",
        "steps",
        "steps_passed",
    )

    def __init__(self) -> None:
        self.is_stale = False  # counted since it was frozen last
        self.categories: dict[Category, int] = {}
        self.finished = self.passed = self.evaluated = self.passed_later = 0
        self.seconds = self.score = self.score_count = 0
        self.steps = self.steps_passed = 0
        self.first_actions = self.first_actions_correct = 0

    def add(self, outline: Outline | Attempt, sign: int) -> None:
        """Adds an outcome, or with -1 takes it away."""
        category, score = outline.category, outline.score
        self.finished += sign
        self.seconds += sign * round(outline.duration_seconds * _NANO)
        if score is not None:
            self.score_count += sign
            self.score += sign * round(score * _NANO)
        if category is not None:
            self._categorise(category, sign)
            self.passed_later += sign * (outline.passed_at_turn is not None)
        if outline.is_scored and (category is None or category in MODEL_CATEGORIES):
            self.evaluated += sign
            steps = sign * (outline.turns if outline.steps is None else outline.steps)
            self.steps += steps
            if category is None:
                self.passed += sign
                self.steps_passed += steps
            if outline.first_action_correct is not None:
                self.first_actions += sign
                self.first_actions_correct += sign * outline.first_action_correct

    def _categorise(self, category: Category, sign: int) -> None:
        count = self.categories.get(category, 0) + sign
        if count:
            self.categories[category] = count
        else:
            del self.categories[category]

    def frozen(self) -> Tally:
        """As a record that later events do not change."""
        return Tally(
            finished=self.finished,
            passed=self.passed,
            evaluated=self.evaluated,
            categories=dict(sorted(self.categories.items())),  # in no order that tells what was taken away before
            seconds=self.seconds / _NANO,
            steps=self.steps,
            steps_count=self.evaluated,
            steps_passed=self.steps_passed,
            steps_passed_count=self.passed,
            first_actions=self.first_actions,
            first_actions_correct=self.first_actions_correct,
            score=self.score / _NANO,
            score_count=self.score_count,
            passed_later=self.passed_later,
        )


def tally_of(outline: Outline | Attempt) -> Tally:
    """One outcome as a tally."""
    count = TallyCount()
    count.add(outline, 1)
    return count.frozen()


class Tallies(Generic[K]):
    """A count for each key. A look at them freezes only what was counted since the last one."""

    __slots__ = ("_counts", "_frozen", "_stale")

    def __init__(self) -> None:
        self._counts: dict[K, TallyCount] = {}
        self._frozen: dict[K, Tally] = {}
        self._stale: list[K] = []

    def __contains__(self, key: K) -> bool:
        return key in self._counts

    def add(self, key: K, outline: Outline | Attempt, sign: int) -> None:
        """Adds an outcome, or with -1 takes it away."""
        count = self._counts.get(key)
        if count is None:
            count = self._counts[key] = TallyCount()
        count.add(outline, sign)
        if not count.is_stale:
            count.is_stale = True
            self._stale.append(key)

    def frozen(self) -> dict[K, Tally]:
        """A copy that later outcomes do not change."""
        for key in self._stale:
            count = self._counts[key]
            count.is_stale = False
            self._frozen[key] = count.frozen()
        self._stale.clear()
        return dict(self._frozen)
