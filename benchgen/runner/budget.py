"""Where a run stops by itself: money, time and tokens, counted from its log, so that a resumed run counts what was.

What an attempt takes is known only once it has ended. So what those under way will probably take is set aside, and
none begins that would probably pass a limit: a limit is passed by what an attempt takes more than others, not by lanes.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Literal

from benchgen.clock import Clock
from benchgen.fold import Fold
from benchgen.numbers.money import dollars
from benchgen.purse import Typical
from benchgen.record import Record
from benchgen.records.events import Event, LimitReached
from benchgen.records.run import Budget

WARN_AT = 0.8
Verdict = Literal["begin", "wait", "stop"]


class _Use(Record):
    """How much of one limit is used, what is set aside and what one more takes, in its own unit."""

    limit: str
    used: float
    aside: float
    more: float
    allowed: float
    shown: Callable[[float], str]

    @property
    def is_over(self) -> bool:
        """Whether nothing fits any more, whatever those under way take."""
        return self.used >= self.allowed or self.used + self.more > self.allowed

    @property
    def is_tight(self) -> bool:
        return self.used + self.aside + self.more > self.allowed

    @property
    def share(self) -> float:
        return self.used / self.allowed if self.allowed else 1.0

    def said(self) -> str:
        """The use in words, with the reason to stop where the limit is not quite reached."""
        shown = f"{self.shown(self.used)} of {self.shown(self.allowed)}"
        is_next = self.is_over and self.used < self.allowed
        return f"{shown}, and one more attempt takes about {self.shown(self.more)}" if is_next else shown


class Guard:
    """Decides whether an attempt may begin, and says each limit's warning and its end once."""

    def __init__(
        self, budget: Budget, fold: Fold, clock: Clock, say: Callable[[Event], None], seconds_before: float = 0.0
    ) -> None:
        self._budget, self._fold, self._clock, self._say = budget, fold, clock, say
        self._started = clock.monotonic() - seconds_before
        self._under_way: Counter[str] = Counter()
        self._said: set[tuple[str, bool]] = set()
        self._ended = asyncio.Event()
        self.is_spent = False
        self.is_set = budget != Budget()

    async def admits(self, model: str) -> bool:
        """Whether an attempt by that model may begin; waits while that depends on those under way.

        Who was let in says `ended` once the attempt is on record.
        """
        while self.is_set and not self.is_spent:
            verdict = self._verdict(model)
            if verdict == "begin":
                break
            if verdict == "stop":
                self.is_spent = True
                self._ended.set()  # whoever waits need not any more
            else:
                self._ended.clear()
                await self._ended.wait()
        self._under_way[model] += not self.is_spent
        return not self.is_spent

    def ended(self, model: str) -> None:
        """An attempt that was let in is over: what it took is counted, and nothing is set aside for it any more."""
        self._under_way[model] -= 1
        self._ended.set()
        for use in self._uses(Typical()) if self.is_set else ():
            self._tell(use, is_warning=True)

    def _verdict(self, model: str) -> Verdict:
        """The first attempt of a model is made alone: it teaches what one takes."""
        typical = self._fold.typical(model)
        if typical is None and self._under_way[model]:
            return "wait"
        uses = list(self._uses(typical or Typical()))
        for use in uses:
            self._tell(use, is_warning=not use.is_over)
        if any(use.is_over for use in uses):
            return "stop"
        return "wait" if any(use.is_tight for use in uses) else "begin"

    def _tell(self, use: _Use, *, is_warning: bool) -> None:
        if (is_warning and use.share < WARN_AT) or (use.limit, is_warning) in self._said:
            return
        self._said.add((use.limit, is_warning))
        word = f"at {100 * use.share:.0f} %" if is_warning else "reached"
        self._say(LimitReached(limit=use.limit, message=f"{use.limit} {word}: {use.said()}", warning=is_warning))

    def _uses(self, one: Typical) -> Iterator[_Use]:
        budget, fold = self._budget, self._fold
        others = [(count, fold.typical(model) or Typical()) for model, count in self._under_way.items() if count]
        if budget.max_cost_nanousd is not None:
            aside = sum(count * each.nanousd for count, each in others)
            yield _Use("max_cost", fold.spent_nanousd(), aside, one.nanousd, budget.max_cost_nanousd, dollars)
        if budget.max_seconds is not None:
            passed = self._clock.monotonic() - self._started
            yield _Use("max_time", passed, 0.0, one.seconds, budget.max_seconds, _seconds)
        if budget.max_tokens_total is not None:
            aside = sum(count * each.tokens for count, each in others)
            yield _Use("max_tokens_total", fold.tokens_total(), aside, one.tokens, budget.max_tokens_total, _tokens)


def _seconds(seconds: float) -> str:
    return f"{seconds:.0f} s"


def _tokens(tokens: float) -> str:
    return f"{tokens:.0f} tokens"
