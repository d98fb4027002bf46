"""The counters inside a fold: cheap to add to, exact to subtract from, frozen into records when somebody looks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice

from benchgen.record import Record
from benchgen.records.events import AnswerReceived, AttemptStarted, StepRecorded
from benchgen.records.run import Planned, RunConfig, planned
from benchgen.records.state import Running, Spending, Worker

NEXT_UP = 10
_NANO = 1_000_000_000


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
