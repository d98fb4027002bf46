"""What a stream begins with and what changes meanwhile: no listener misses a change, and none takes one back."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from benchgen.server.broadcast import Broadcast
from benchgen.server.hub import Hub


class Room:
    """A newsroom whose one panel shows a number."""

    shown = 1

    def edition(self):
        return self.shown

    def frames(self, topic, edition):
        return {"a": str(edition())} if topic == "live" else None


@asynccontextmanager
async def broadcasting(root):
    room = Room()
    broadcast = Broadcast(lambda: room, None, Hub(pause=0), root)
    broadcast._newsroom = room
    try:
        yield room, broadcast
    finally:
        await broadcast.close()


async def change(room, broadcast):
    room.shown += 1
    await broadcast._publish({"live"} & broadcast.hub.topics())


async def heard(listening):
    async with asyncio.timeout(5):
        return await anext(listening)


def test_a_change_while_a_stream_is_opened_is_not_missed(tmp_path):
    async def scene():
        async with broadcasting(tmp_path) as (room, broadcast):
            opening = await broadcast.open("live")
            await change(room, broadcast)
            assert await heard(broadcast.listen(opening)) == {"a": "2"}

    asyncio.run(scene())


def test_what_a_stream_was_opened_with_takes_no_newer_frame_back(tmp_path):
    async def scene():
        async with broadcasting(tmp_path) as (room, broadcast):
            other = broadcast.listen(await broadcast.open("live"))
            assert await heard(other) == {"a": "1"}
            opening = await broadcast.open("live")
            await change(room, broadcast)
            assert await heard(other) == {"a": "2"}
            assert await heard(broadcast.listen(opening)) == {"a": "2"}
            assert broadcast.hub.frames("live") == {"a": "2"}

    asyncio.run(scene())


def test_frames_that_nobody_waits_for_any_more_are_not_held(tmp_path):
    async def scene():
        async with broadcasting(tmp_path) as (_, broadcast):
            broadcast._tell("live", {"a": "1"})
            assert broadcast.hub.frames("live") == {}

    asyncio.run(scene())


def test_there_is_no_stream_about_nothing(tmp_path):
    async def scene():
        async with broadcasting(tmp_path) as (_, broadcast):
            assert await broadcast.open("nothing") is None

    asyncio.run(scene())
