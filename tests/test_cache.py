"""The response cache: keyed by the whole request, marked where it is used, and free."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
import scripted_server as server

from benchgen.providers.answer import Request
from benchgen.providers.cache import Cached
from benchgen.providers.endpoints import Endpoint
from benchgen.providers.http import HttpProvider
from benchgen.record import replace
from benchgen.records.message import Message
from benchgen.records.run import Settings
from benchgen.redact import Redactor

KEY = "sk-canary-0123456789abcdefghij"
FIRST = Request("house/m", (Message("user", "u"),), Settings(timeout_seconds=5, max_retries=0), Random(1), None)


def ask(scripted, folder, *requests: Request):
    async def main():
        asked = HttpProvider(Endpoint("house", scripted.url, key_name="K", key=KEY), {}, 1)
        provider = Cached(asked, folder, Redactor({"K": KEY}))
        try:
            return [await provider.answer(request, lambda retry: None) for request in requests]
        finally:
            await provider.close()

    return asyncio.run(main())


def test_the_same_request_is_answered_from_the_cache_and_marked(tmp_path):
    with server.scripted(server.whole(usage={**server.USAGE, "cost": 0.5})) as scripted:
        first, second = ask(scripted, tmp_path, FIRST, FIRST)
        assert len(scripted.asked) == 1
    assert (first.from_cache, second.from_cache) == (False, True)
    assert (second.text, second.usage) == (first.text, first.usage)
    assert (first.cost_nanousd, second.cost_nanousd, second.price) == (500_000_000, 0, "cache")


@pytest.mark.parametrize(
    "other",
    [
        replace(FIRST, settings=replace(FIRST.settings, temperature=0.5)),
        replace(FIRST, settings=replace(FIRST.settings, thinking_level="high")),
        replace(FIRST, messages=(Message("user", "v"),)),
        replace(FIRST, model="house/n"),
        replace(FIRST, occasion="01"),
        replace(FIRST, occasion="00__r1"),
    ],
)
def test_whatever_the_answer_depends_on_is_part_of_the_key(tmp_path, other):
    with server.scripted() as scripted:
        ask(scripted, tmp_path, FIRST, other)
        assert len(scripted.asked) == 2


def test_a_damaged_file_is_no_answer(tmp_path):
    with server.scripted() as scripted:
        ask(scripted, tmp_path, FIRST)
        (kept,) = (path for path in tmp_path.rglob("*") if path.is_file())
        kept.write_bytes(b"{")
        (again,) = ask(scripted, tmp_path, FIRST)
    assert not again.from_cache


def test_no_key_is_kept(tmp_path):
    with server.scripted(server.whole(f"your key is {KEY}")) as scripted:
        ask(scripted, tmp_path, FIRST)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


def test_equal_requests_side_by_side_do_not_get_in_each_others_way(tmp_path):
    with server.scripted(server.streamed(pause=0.05)) as scripted:

        async def main():
            provider = Cached(HttpProvider(Endpoint("house", scripted.url), {}, 8), tmp_path, Redactor())
            try:
                return await asyncio.gather(*(provider.answer(FIRST, lambda retry: None) for _ in range(8)))
            finally:
                await provider.close()

        assert len({answer.text for answer in asyncio.run(main())}) == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(tmp_path, caplog):
    (tmp_path / "file").write_text("no folder")
    with server.scripted() as scripted:
        (answer,) = ask(scripted, tmp_path / "file", FIRST)
    assert answer.text.strip() == server.NO_ANSWER_TEXT
    assert "not kept in the cache" in caplog.text
