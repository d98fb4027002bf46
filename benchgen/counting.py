"""The counters inside a fold: cheap to add to, exact to subtract from, frozen into records when somebody looks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice

from benchgen.record import Record
from benchgen.records.attempt import Attempt
from benchgen.records.events import AnswerReceived, AttemptStarted, Outline, StepRecorded
from benchgen.records.run import Planned, RunConfig, planned
from benchgen.records.state import AttemptRow, Running, Spending, Tally, Worker
from benchgen.records.status import MODEL_CATEGORIES, Category

NEXT_UP = 10
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
        "steps_count",
        "steps_passed",
        "steps_passed_count",
    )

    def __init__(self) -> None:
        self.is_stale = False  # counted since it was frozen last
        self.categories: dict[Category, int] = {}
        self.finished = self.passed = self.evaluated = self.passed_later = 0
        self.seconds = self.score = self.score_count = 0
        self.steps = self.steps_count = self.steps_passed = self.steps_passed_count = 0
        self.first_actions = self.first_actions_correct = 0

    def add(self, row: AttemptRow, sign: int) -> None:
        """Adds a row, or with -1 takes it away."""
        self.add_outline(row.outline, sign)

    def add_outline(self, outline: Outline | Attempt, sign: int) -> None:
        """The same for the part of a row that counts."""
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
            self.steps_count += sign
            steps = outline.turns if outline.steps is None else outline.steps
            self.steps += sign * steps
            if category is None:
                self.passed += sign
                self.steps_passed += sign * steps
                self.steps_passed_count += sign
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
            categories=dict(self.categories),
            seconds=self.seconds / _NANO,
            steps=self.steps,
            steps_count=self.steps_count,
            steps_passed=self.steps_passed,
            steps_passed_count=self.steps_passed_count,
            first_actions=self.first_actions,
            first_actions_correct=self.first_actions_correct,
            score=self.score / _NANO,
            score_count=self.score_count,
            passed_later=self.passed_later,
        )


def tally_of(outline: Outline | Attempt) -> Tally:
    """One outcome as a tally."""
    count = TallyCount()
    count.add_outline(outline, 1)
    return count.frozen()


class Typical(Record):
    """What an attempt by one model takes on average, in nano-dollars, tokens and seconds of waiting for answers."""

    nanousd: float = 0.0
    tokens: float = 0.0
    seconds: float = 0.0


class SpendingCount:
    """Sums what one model's answers took."""

    __slots__ = (
        "answers",
        "cached",
        "cost",
        "input_tokens",
        "latency",
        "model",
        "output_tokens",
        "price",
        "provider",
        "reasoning",
        "timed_given",
        "timed_seconds",
        "unpriced",
        "without_usage",
    )

    def __init__(self, provider: str, model: str) -> None:
        self.provider, self.model, self.price = provider, model, "unknown"
        self.answers = self.unpriced = self.without_usage = self.cost = 0
        self.input_tokens = self.output_tokens = self.cached = self.reasoning = self.timed_given = 0
        self.latency = self.timed_seconds = 0.0

    def add(self, event: AnswerReceived) -> None:
        """Adds an answer; what it does not say stays unknown."""
        usage, seconds = event.usage, event.latency_seconds or 0.0
        self.answers += 1
        self.price = event.price
        self.latency += seconds
        if event.cost_nanousd is None:
            self.unpriced += 1
        else:
            self.cost += event.cost_nanousd
        if usage is None:
            self.without_usage += 1
            return
        self.input_tokens += usage.input
        self.output_tokens += usage.output
        self.cached += usage.cached
        self.reasoning += usage.reasoning
        if seconds:
            self.timed_given += usage.output
            self.timed_seconds += seconds

    def typical(self, turns: int) -> Typical:
        """The means of its answers, times so many. What nobody reports or prices counts as nothing."""
        priced, used = self.answers - self.unpriced, self.answers - self.without_usage
        return Typical(
            nanousd=turns * self.cost / priced if priced else 0.0,
            tokens=turns * (self.input_tokens + self.output_tokens) / used if used else 0.0,
            seconds=turns * self.latency / self.answers,
        )

    def frozen(self) -> Spending:
        """As a record that later events do not change."""
        return Spending(
            provider=self.provider,
            model=self.model,
            answers=self.answers,
            answers_unpriced=self.unpriced,
            answers_without_usage=self.without_usage,
            input_tokens=self.input_tokens,
            output_tokens=self.output_tokens,
            cached_tokens=self.cached,
            reasoning_tokens=self.reasoning,
            cost_nanousd=self.cost,
            latency_seconds=self.latency,
            timed_output_tokens=self.timed_given,
            timed_seconds=self.timed_seconds,
            price=self.price,
        )


class RunningNow:
    """An attempt under way, as its events come."""

    __slots__ = ("is_answered", "phase", "start", "step", "steps")

    def __init__(self, start: AttemptStarted) -> None:
        self.start = start
        self.phase: str | None = None
        self.is_answered = False
        self.step: int | None = None
        self.steps: dict[int, StepRecorded] | None = None

    def record(self, step: StepRecorded) -> None:
        """A step of an episode; one said again, with more in it, takes its own place."""
        self.step = step.step
        if self.steps is None:  # most attempts are no episodes
            self.steps = {}
        self.steps[step.step] = step

    def frozen(self) -> Running:
        """As a record that later events do not change."""
        start = self.start
        return Running(
            attempt=start.attempt,
            task=start.task,
            model=start.model,
            sample=start.sample,
            worker=start.worker,
            started_at=start.at,
            phase=self.phase,
            step=self.step,
            steps=tuple(self.steps.values()) if self.steps else (),
        )


class WorkerNow:
    """A worker, as its events come; `since` is when its state began."""

    __slots__ = ("busy", "current", "done", "host", "joined_at", "left_at", "since", "task", "worker")

    def __init__(self, worker: str, host: str | None, at: str) -> None:
        self.worker, self.host = worker, host
        self.joined_at = self.since = at
        self.current: str | None = None
        self.task: str | None = None
        self.left_at: str | None = None
        self.done = self.busy = 0

    def turn(self, at: str, current: str | None, task: str | None) -> None:
        """It takes an attempt, or puts it down."""
        self.since, self.current, self.task = at, current, task

    def frozen(self) -> Worker:
        """As a record that later events do not change."""
        return Worker(
            worker=self.worker,
            host=self.host,
            joined_at=self.joined_at,
            since=self.since,
            current=self.current,
            current_task=self.task,
            done=self.done,
            busy_seconds=self.busy / _NANO,
            left_at=self.left_at,
        )

    def end(self, at: str, seconds: float) -> None:
        """It puts down an attempt that took so long."""
        self.since, self.current, self.task = at, None, None
        self.done += 1
        self.busy += round(seconds * _NANO)


class Upcoming:
    """The next attempts of a plan that nobody has taken; walks the plan once, whatever order they start in."""

    def __init__(self, config: RunConfig, is_taken: Callable[[str], bool]) -> None:
        self._rest: Iterator[Planned] = planned(config)
        self._ahead: deque[Planned] = deque()
        self._is_taken = is_taken

    def peek(self) -> tuple[Planned, ...]:
        """The first few of them."""
        self._ahead = deque(item for item in self._ahead if not self._is_taken(item.attempt))
        while len(self._ahead) < NEXT_UP:
            item = next(self._rest, None)
            if item is None:
                break
            if not self._is_taken(item.attempt):
                self._ahead.append(item)
        return tuple(islice(self._ahead, NEXT_UP))
