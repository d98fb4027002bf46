"""The hub: the newest frames reach everybody who listens, and nobody waits for anybody else."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise

from benchgen.server.hub import AT_ONCE, Hub


async def first(listening):
    return await asyncio.wait_for(anext(listening), 5)


def test_a_new_client_gets_all_frames_and_then_only_what_changed():
    async def scene():
        hub = Hub(pause=0)
        hub.publish("live", {"a": "1", "b": "1"})
        listening = hub.listen("live")
        assert await first(listening) == {"a": "1", "b": "1"}
        hub.publish("live", {"a": "1", "b": "2"})
        assert await first(listening) == {"b": "2"}

    asyncio.run(scene())


def test_a_slow_client_gets_the_last_frame_and_no_stale_one():
    async def scene():
        hub = Hub(pause=0)
        listening = hub.listen("live")
        task = asyncio.create_task(first(listening))
        await asyncio.sleep(0)
        for number in range(100):
            hub.publish("live", {"a": str(number)})
        assert await task == {"a": "99"}

    asyncio.run(scene())


def test_a_client_that_never_reads_holds_nobody_up():
    async def scene():
        hub = Hub(pause=0)
        stalled, live = hub.listen("live"), hub.listen("live")
        hub.publish("live", {"a": "0"})
        await first(stalled)
        waiting = asyncio.create_task(first(live))
        assert await waiting == {"a": "0"}
        for number in range(1, 50):
            hub.publish("live", {"a": str(number)})
            assert await first(live) == {"a": str(number)}

    asyncio.run(scene())


def test_updates_go_out_at_once_and_then_four_times_a_second_at_most():
    async def scene():
        hub, seen = Hub(), []
        hub.publish("live", {"a": "start"})

        async def listen():
            async for frames in hub.listen("live"):
                seen.append((time.monotonic(), frames))

        task = asyncio.create_task(listen())
        begun = time.monotonic()
        while time.monotonic() - begun < 1.0:
            hub.publish("live", {"a": str(time.monotonic())})
            await asyncio.sleep(0.01)
        task.cancel()
        assert seen[0][0] - begun < 0.1
        pauses = [after - before for (before, _), (after, _) in pairwise(seen)]
        assert min(pauses) >= 0.25
        assert len(seen) >= 3

    asyncio.run(scene())


def test_the_frames_of_a_topic_are_forgotten_with_its_last_listener():
    async def scene():
        hub = Hub()
        hub.publish("page", {"a": "1"})
        listening = hub.listen("page")
        await first(listening)
        assert hub.topics() == {"page"}
        await listening.aclose()
        assert hub.topics() == set()
        assert hub.frames("page") == {}

    asyncio.run(scene())


def test_others_get_a_turn_while_a_crowd_is_told():
    async def scene():
        hub, told = Hub(pause=0), []
        hub.publish("live", {"a": "0"})

        async def listen():
            async for _ in hub.listen("live"):
                told.append(1)

        tasks = [asyncio.create_task(listen()) for _ in range(10 * AT_ONCE)]
        while len(told) < len(tasks):
            await asyncio.sleep(0)
        told.clear()
        hub.publish("live", {"a": "1"})
        turns = []
        while len(told) < len(tasks):
            await asyncio.sleep(0)
            turns.append(len(told))
        assert max(after - before for before, after in pairwise(turns)) <= AT_ONCE
        for task in tasks:
            task.cancel()

    asyncio.run(scene())


def test_what_changes_while_a_crowd_is_told_reaches_all_of_it():
    async def scene():
        hub, seen = Hub(pause=0), {}

        async def listen(number):
            async for frames in hub.listen("live"):
                seen[number] = frames["a"]

        tasks = [asyncio.create_task(listen(number)) for number in range(4 * AT_ONCE)]
        await asyncio.sleep(0)
        for text in ("1", "2", "3"):
            hub.publish("live", {"a": text})
            await asyncio.sleep(0)
        async with asyncio.timeout(5):
            while len(seen) < len(tasks) or set(seen.values()) != {"3"}:
                await asyncio.sleep(0)
        for task in tasks:
            task.cancel()

    asyncio.run(scene())


def test_closing_ends_every_stream_at_once():
    async def scene():
        hub = Hub()

        async def listen():
            return [frames async for frames in hub.listen("live", idle=60)]

        tasks = [asyncio.create_task(listen()) for _ in range(50)]
        await asyncio.sleep(0)
        hub.close()
        assert await asyncio.wait_for(asyncio.gather(*tasks), 1) == [[]] * 50
        assert not hub.has_room()

    asyncio.run(scene())


def test_silence_is_handed_out_where_it_is_asked_for():
    async def scene():
        assert await first(Hub().listen("live", idle=0.01)) == {}

    asyncio.run(scene())
