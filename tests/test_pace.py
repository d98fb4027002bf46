"""The pace of an endpoint: halved by a refusal, kept by all, and grown again by answers alone."""

from __future__ import annotations

import asyncio

from benchgen.providers.pace import Pace


def paced(script, most: int = 8):
    return asyncio.run(script(Pace(most)))


async def out(pace: Pace, number: int) -> list[int]:
    return [await pace.enter() for _ in range(number)]


def test_a_burst_of_refusals_halves_once():
    async def script(pace):
        for entered in await out(pace, 8):
            await pace.leave(entered, "refused")
        return pace.allowed

    assert paced(script) == 4


def test_a_refusal_under_the_new_bound_halves_again():
    async def script(pace):
        for _ in range(3):
            (entered,) = await out(pace, 1)
            await pace.leave(entered, "refused")
        return pace.allowed

    assert paced(script) == 1


def test_answers_let_it_grow_again_and_faults_do_not():
    async def script(pace):
        (entered,) = await out(pace, 1)
        await pace.leave(entered, "refused")
        found = []
        for went in ("badly", "well"):
            for _ in range(60):
                (entered,) = await out(pace, 1)
                await pace.leave(entered, went)
            found.append(pace.allowed)
        return found

    assert paced(script) == [4, 8]


def test_nobody_enters_before_a_pause_is_over():
    async def script(pace):
        (entered,) = await out(pace, 1)
        await pace.leave(entered, "refused", pause=0.2)
        since = asyncio.get_running_loop().time()
        await asyncio.gather(*(pace.enter() for _ in range(4)))
        return asyncio.get_running_loop().time() - since

    assert paced(script) >= 0.19


def test_a_lane_that_gives_up_waiting_takes_no_place():
    async def script(pace):
        (entered,) = await out(pace, 1)
        waiting = asyncio.ensure_future(pace.enter())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await pace.leave(entered, "well")
        return await asyncio.wait_for(pace.enter(), 5)

    assert paced(script, most=1) == 0
