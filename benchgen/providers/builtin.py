"""Models that need no network: the reference, nothing useful, and a mock that is right by seeded chance.

A task's reference is its solution, a wrong answer one of its mutants; a row's is what the row expects.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from math import isfinite
from random import Random
from urllib.parse import parse_qsl

from benchgen.catalog.scorers import Scorer, right_answer
from benchgen.catalog.solutions import mutant_diff, reference_diff
from benchgen.errors import UsageError
from benchgen.providers.answer import Answer, ApiError, OnRetry, Request
from benchgen.providers.pricing import Priced
from benchgen.record import Record
from benchgen.records.attempt import Usage
from benchgen.records.task import Task

PREFIX = "builtin/"
KNOWN: Mapping[str, str] = {
    "builtin/reference": "answers with the task's reference solution, or with what the row expects",
    "builtin/noop": "answers nothing useful",
    "builtin/mock": "right or wrong by seeded chance: builtin/mock?pass=0.7&seed=1&latency=0.5&price=3,15",
}
_CHARACTERS_A_TOKEN = 4
NOOP_ANSWER = "I looked at the project, and I have no change to propose."
NO_REPLY = "I have no idea."


class MockSettings(Record):
    """How a mock behaves: chance to pass, seed, mean latency in seconds, prices in dollars per million tokens."""

    chance_to_pass: float = 0.5
    seed: int = 0
    latency: float = 0.3
    input_price: float = 0.0
    output_price: float = 0.0


class Builtin:
    """One built-in model."""

    def __init__(self, model_id: str) -> None:
        self.name, _, query = model_id.partition("?")
        if self.name not in KNOWN:
            raise UsageError(f"no built-in model {self.name!r}", where="-m", hint=f"there are {', '.join(KNOWN)}")
        if query and self.name != "builtin/mock":
            raise UsageError(f"{self.name} takes no settings, but got {query!r}", where="-m")
        self._mock = _mock_settings(query, model_id)

    @property
    def is_mock(self) -> bool:
        """Whether its answers only pretend to be a model's; the reference and noop are what they say they are."""
        return self.name == "builtin/mock"

    @property
    def has_bill(self) -> bool:
        """Whether it pretends to cost something."""
        return bool(self._mock.input_price or self._mock.output_price)

    async def answer(self, request: Request, on_retry: OnRetry) -> Answer:
        """The built-in answer; reading it takes as long as it takes, the mock adds a simulated latency."""
        started = time.monotonic()
        if request.task is not None:
            chance = Random(f"{self._mock.seed}:{request.chance.random()}")
            text = await asyncio.to_thread(self._solution, request.task, chance)
        else:
            chance = Random(f"{self._mock.seed}:{request.occasion}:{[one.content for one in request.messages]}")
            text = self._reply(request.scorer, chance)
        if self.is_mock and self._mock.latency:
            await asyncio.sleep(min(chance.lognormvariate(0.0, 0.5) * self._mock.latency, 20 * self._mock.latency))
        usage = Usage(input=_tokens(m.content for m in request.messages), output=_tokens([text]))
        return Answer(
            text=text,
            response={"model": request.model, "content": text, "simulated": self.is_mock},
            usage=usage,
            cost_nanousd=self.priced(usage).nanousd,
            price="builtin",
            latency_seconds=round(time.monotonic() - started, 6),
        )

    def priced(self, usage: Usage) -> Priced:
        """What it pretends that tokens cost."""
        dollars_a_million = usage.input * self._mock.input_price + usage.output * self._mock.output_price
        return Priced(round(dollars_a_million * 1000), "builtin")

    async def close(self) -> None:
        """Nothing is held."""

    def _solution(self, task: Task, chance: Random) -> str:
        if self.name == "builtin/noop":
            return NOOP_ANSWER
        if self._is_right(chance) or not task.mutants:
            return _fenced(reference_diff(task))
        return _fenced(mutant_diff(task, chance.choice(task.mutants).name))

    def _reply(self, scorer: Scorer | None, chance: Random) -> str:
        if self.name == "builtin/noop" or scorer is None or not self._is_right(chance):
            return NO_REPLY
        text = NO_REPLY if scorer.name == "none" else right_answer(scorer)
        if text is None:
            raise ApiError(f"{self.name} knows no answer to a row that is scored by {scorer.name}")
        return text

    def _is_right(self, chance: Random) -> bool:
        return self.name == "builtin/reference" or chance.random() < self._mock.chance_to_pass


def _fenced(diff: str) -> str:
    return f"The change:\n\n```diff\n{diff}```\n"


def _tokens(texts: Iterable[str]) -> int:
    """A rough count, as good as a number about a pretended model can be; pages mark it as such."""
    return -(-sum(len(text) for text in texts) // _CHARACTERS_A_TOKEN)


def _mock_settings(query: str, model_id: str) -> MockSettings:
    given = dict(parse_qsl(query, keep_blank_values=True))
    unknown = sorted(set(given) - {"pass", "seed", "latency", "price"})
    if unknown:
        raise UsageError(f"unknown setting {unknown[0]!r}", where=model_id, hint=KNOWN["builtin/mock"])
    try:
        prices = [float(part) for part in given.get("price", "0,0").split(",")]
        settings = MockSettings(
            chance_to_pass=float(given.get("pass", 0.5)),
            seed=int(given.get("seed", 0)),
            latency=float(given.get("latency", 0.3)),
            input_price=prices[0],
            output_price=prices[1],
        )
    except (ValueError, IndexError) as fault:
        raise UsageError(f"a setting is no number: {query}", where=model_id, hint=KNOWN["builtin/mock"]) from fault
    amounts = (settings.chance_to_pass, settings.latency, *prices)
    if not all(map(isfinite, amounts)) or settings.chance_to_pass > 1 or min(amounts) < 0:
        raise UsageError("`pass` lies in 0..1, `latency` and `price` are not below 0", where=model_id)
    return settings
