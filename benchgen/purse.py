"""The money and tokens of a run as its events come; a price is never made up here."""

from __future__ import annotations

from benchgen.record import Record, replace
from benchgen.records.checkpoint import Checkpoint
from benchgen.records.events import AnswerReceived, Cost
from benchgen.records.state import MachineCost, Spending


class Typical(Record):
    """What an attempt by one model takes on average, in nano-dollars, tokens and seconds of waiting for answers."""

    nanousd: float = 0.0
    tokens: float = 0.0
    seconds: float = 0.0


class Purse:
    """What answers and machines took, and what the answers of each attempt without an outcome did."""

    def __init__(self) -> None:
        self._spending: dict[str, _SpendingCount] = {}
        self._paid: dict[str, int | None] = {}
        self._machines: dict[str, MachineCost] = {}

    def resume(self, checkpoint: Checkpoint) -> None:
        """Goes on from there."""
        self._spending = {model: _SpendingCount.of(one) for model, one in checkpoint.spending.items()}
        self._paid, self._machines = dict(checkpoint.paid), dict(checkpoint.machines)

    def answer(self, event: AnswerReceived) -> None:
        """An answer was paid for; as soon as one has no price, neither has its attempt."""
        spending = self._spending.get(event.model)
        if spending is None:
            spending = self._spending[event.model] = _SpendingCount(event.provider, event.model)
        spending.add(event)
        cost, before = event.cost_nanousd, self._paid.get(event.attempt, 0)
        self._paid[event.attempt] = None if cost is None or before is None else before + cost

    def charge(self, event: Cost) -> None:
        """Machine time was used."""
        known = self._machines.get(event.machine) or MachineCost(event.machine, event.kind, 0.0, 0)
        self._machines[event.machine] = replace(
            known, hours=known.hours + event.hours, cost_nanousd=known.cost_nanousd + event.cost_nanousd
        )

    def settle(self, attempt: str, unanswered: int | None) -> int | None:
        """What an attempt's answers came to now that it has its outcome; `unanswered` where it had none."""
        return self._paid.pop(attempt, unanswered)

    def typical(self, model: str, turns: int) -> Typical | None:
        """What an attempt of so many turns by that model takes; None before its first answer."""
        spending = self._spending.get(model)
        return spending.typical(turns) if spending else None

    @property
    def nanousd(self) -> int:
        """Answers with a known price, and machines."""
        answers = sum(spending.cost for spending in self._spending.values())
        return answers + sum(machine.cost_nanousd for machine in self._machines.values())

    @property
    def open_nanousd(self) -> int:
        """What is paid for attempts that have no outcome yet."""
        return sum(cost or 0 for cost in self._paid.values())

    @property
    def tokens(self) -> int:
        """Input and output tokens of all answers."""
        return sum(spending.input_tokens + spending.output_tokens for spending in self._spending.values())

    def spending(self) -> dict[str, Spending]:
        """By model, as records that later events do not change."""
        return {model: count.frozen() for model, count in self._spending.items()}

    def paid(self) -> dict[str, int | None]:
        """For each attempt without an outcome what its answers cost; None once one of them has no price."""
        return dict(self._paid)

    def machines(self) -> dict[str, MachineCost]:
        """By machine."""
        return dict(self._machines)


class _SpendingCount:
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

    @classmethod
    def of(cls, known: Spending) -> _SpendingCount:
        """A count that goes on from what is known."""
        count = cls(known.provider, known.model)
        count.answers, count.unpriced = known.answers, known.answers_unpriced
        count.without_usage, count.cost = known.answers_without_usage, known.cost_nanousd
        count.input_tokens, count.output_tokens = known.input_tokens, known.output_tokens
        count.cached, count.reasoning = known.cached_tokens, known.reasoning_tokens
        count.latency, count.price = known.latency_seconds, known.price
        count.timed_given, count.timed_seconds = known.timed_output_tokens, known.timed_seconds
        return count

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
