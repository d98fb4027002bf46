"""LM Studio's models take turns: none begins while an attempt by another is under way."""

from __future__ import annotations

import asyncio

from factories import model_spec, run_config

from benchgen.record import replace
from benchgen.runner.shelves import Turns

ONE, OTHER = "lmstudio/one", "lmstudio/other"
CONFIG = run_config(
    models=(*(replace(model_spec(name), provider="lmstudio") for name in (ONE, OTHER)), model_spec("a/elsewhere"))
)


async def settled() -> None:
    """Until whoever can go on has done so."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_model_waits_until_the_last_attempt_by_another_is_over():
    async def main() -> None:
        turns = Turns(CONFIG)
        await turns.enter(ONE)
        await turns.enter(ONE)
        waiting = asyncio.create_task(turns.enter(OTHER))
        turns.leave(ONE)
        await settled()
        assert not waiting.done()
        turns.leave(ONE)
        await asyncio.wait_for(waiting, 10)

    asyncio.run(main())


def test_models_of_others_never_wait_and_let_nobody_wait():
    async def main() -> None:
        turns = Turns(CONFIG)
        await turns.enter(ONE)
        await asyncio.wait_for(turns.enter("a/elsewhere"), 10)
        turns.leave(ONE)
        await asyncio.wait_for(turns.enter(OTHER), 10)

    asyncio.run(main())
