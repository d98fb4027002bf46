"""The guard of a run's limits: what those under way will take is set aside, and nothing begins past a limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import factories

from benchgen.clock import Clock
from benchgen.fold import Fold
from benchgen.records.attempt import Usage
from benchgen.records.events import AnswerReceived, LimitReached
from benchgen.records.run import Budget
from benchgen.runner.budget import Guard

DOLLAR = 1_000_000_000


class Till:
    """Lanes before one guard: each attempt takes what `price` says, in an order that the loop decides."""

    def __init__(self, budget: Budget, price: Callable[[int], int], now: Callable[[], float] = lambda: 0.0) -> None:
        self.fold = Fold(factories.run_config())
        self.said: list[LimitReached] = []
        self.guard = Guard(budget, self.fold, Clock(monotonic=now), self.said.append)
        self.price, self.made, self.most, self.under_way = price, 0, 0, 0

    async def lane(self, model: str) -> None:
        while self.made < 1000 and await self.guard.admits(model):
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            await asyncio.sleep(0)
            cost = self.price(self.made)
            self.made += 1
            self.fold.apply(
                AnswerReceived(
                    seq=self.made, attempt=f"a{self.made}", turn=0, answer_sha256="", provider="p", model=model,
                    usage=Usage(10, 5), cost_nanousd=cost, price="reported", latency_seconds=2.0,
                )
            )  # fmt: skip
            await asyncio.sleep(0)
            self.under_way -= 1
            self.guard.ended(model)

    def run(self, lanes: int = 20, models: tuple[str, ...] = ("m",)) -> Till:
        async def main() -> None:
            await asyncio.wait_for(asyncio.gather(*(self.lane(m) for _ in range(lanes) for m in models)), 30)

        asyncio.run(main())
        return self

    @property
    def spent(self) -> float:
        return self.fold.spent_nanousd() / DOLLAR


def test_twenty_lanes_at_one_price_end_just_within_the_limit():
    till = Till(Budget(max_cost_nanousd=10 * DOLLAR), lambda n: DOLLAR // 2).run()
    assert till.spent == 10
    assert till.most > 10


def test_prices_that_vary_pass_the_limit_by_less_than_one_attempt_of_the_dearest():
    dear = [1, 30, 2, 7, 1, 12]
    till = Till(Budget(max_cost_nanousd=1000 * DOLLAR), lambda n: dear[n % 6] * DOLLAR).run()
    assert 1000 - 2 * 30 < till.spent < 1000 + 30


def test_the_first_attempt_of_a_model_is_made_alone():
    till = Till(Budget(max_cost_nanousd=DOLLAR), lambda n: 3 * DOLLAR).run()
    assert (till.made, till.most) == (1, 1)


def test_models_learn_side_by_side():
    till = Till(Budget(max_cost_nanousd=100 * DOLLAR), lambda n: DOLLAR).run(models=("m", "n"))
    assert till.spent == 100


def test_tokens_are_set_aside_as_well():
    till = Till(Budget(max_tokens_total=100), lambda n: 0).run()
    assert till.fold.tokens_total() == 90  # 15 an attempt: the next would be 105


def test_a_warning_comes_at_eighty_percent_and_the_end_is_said_once_with_its_reason():
    till = Till(Budget(max_cost_nanousd=DOLLAR), lambda n: 450_000_000).run(lanes=1)
    assert [limit.warning for limit in till.said] == [True, False]
    assert till.said[0].message == "max_cost at 90 %: $0.9000 of $1.0000"
    assert till.said[1].message.endswith("and one more attempt takes about $0.4500")


def test_no_attempt_begins_that_would_end_after_the_time():
    moments = iter(range(0, 10_000, 1))
    till = Till(Budget(max_seconds=30), lambda n: 0, lambda: float(next(moments))).run(lanes=1)
    assert till.said[-1].limit == "max_time"
    assert "one more attempt takes about 2 s" in till.said[-1].message


def test_a_model_without_a_price_is_not_held_up_by_a_limit_of_money():
    till = Till(Budget(max_cost_nanousd=DOLLAR), lambda n: None).run(lanes=4)
    assert till.made >= 1000


def test_without_a_limit_nothing_is_said_and_nobody_waits():
    till = Till(Budget(), lambda n: DOLLAR).run()
    assert till.made >= 1000
    assert (till.said, till.most) == ([], 20)
