"""Asking a real server that misbehaves: what each misdeed comes to, within the deadline and within the memory."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from pathlib import Path
from random import Random

import pytest
import scripted_server as server

from benchgen.providers.answer import Answer, ApiError, Request, Retry
from benchgen.providers.dialects import DIALECTS, Reading
from benchgen.providers.endpoints import Endpoint
from benchgen.providers.http import HttpProvider
from benchgen.providers.wire import retry_after
from benchgen.record import replace
from benchgen.records.message import Message
from benchgen.records.run import Settings
from benchgen.settings import PriceEntry

KEY = "sk-canary-0123456789abcdefghij"
DEADLINE = 1.5
PATIENT = Settings(timeout_seconds=10, max_retries=3)
HASTY = Settings(timeout_seconds=DEADLINE, max_retries=0)


def ask(endpoint: Endpoint, settings: Settings = HASTY, prices: dict | None = None, lanes: int = 1, most: int = 8):
    """The answers or errors of so many requests made at once, and the retries on the way."""
    retries: list[Retry] = []

    async def main() -> list[Answer | BaseException]:
        provider = HttpProvider(endpoint, prices or {}, most)
        messages = (Message("system", "s"), Message("user", "u"))
        requests = [Request(f"{endpoint.name}/m", messages, settings, Random(n)) for n in range(lanes)]
        try:
            asked = (provider.answer(request, retries.append) for request in requests)
            return await asyncio.gather(*asked, return_exceptions=True)
        finally:
            await provider.close()

    return asyncio.run(main()), retries


def house(scripted: server.ScriptedServer, **more: object) -> Endpoint:
    return Endpoint("house", scripted.url, key_name="HOUSE_KEY", key=KEY, **more)


def one(*script: server.Behaviour, settings: Settings = HASTY, **more: object) -> Answer:
    with server.scripted(*script) as scripted:
        (result,), _ = ask(house(scripted), settings, **more)
    if isinstance(result, BaseException):
        raise result
    return result


@pytest.mark.parametrize("said", [server.whole, server.streamed])
def test_an_answer_that_holds_half_a_character_is_an_answer(said):
    assert one(said("half \ud83d here")).text.rstrip() == "half \ufffd here"


def test_a_character_that_comes_in_two_halves_is_whole():
    halves = [server.line(server.chunk(half)) for half in ("so \ud83d", "\ude00 and \ud83d", " no")]
    end = server.line({**server.chunk(finish="st\ud83dop"), "model": "m\ude00"}) + server.line(b"[DONE]")
    found = one(server.body_of(b"".join(halves) + end, "text/event-stream"))
    assert (found.text, found.model, found.finish) == ("so \U0001f600 and \ufffd no", "m\ufffd", "st\ufffdop")
    failed = server.line({"error": {"message": "no \ud83d"}})
    with pytest.raises(ApiError, match="no \ufffd"):
        one(server.body_of(failed, "text/event-stream"))


BAD = {
    "429": (server.refused(429), "HTTP 429"),
    "500": (server.refused(500), "HTTP 500"),
    "503": (server.refused(503), "HTTP 503"),
    "402": (server.refused(402, "no credit"), "no credit"),
    "hang": (server.hanging, "deadline"),
    "trickle": (server.trickling, "deadline"),
    "cut": (server.cut_off, "broke off"),
    "early end": (server.ending_early, "broke off"),
    "html": (server.body_of(b"<html>hello</html>", "text/html"), "HTML"),
    "html error": (server.body_of(b"<html>hello</html>", "text/html", 502), "HTML"),
    "no choices": (server.body_of(b'{"choices": []}'), "no choices"),
    "stream without choices": (server.body_of(b"data: [DONE]\n\n", "text/event-stream"), "no choices"),
    "empty": (server.body_of(b""), "empty"),
    "error in 200": (server.body_of(b'{"error": {"message": "out of credits", "code": 402}}'), "out of credits"),
    "error in stream": (server.erring_midway, "upstream fell over"),
    "no json": (server.body_of(b"hello"), "no JSON"),
    "no object": (server.body_of(b"[1]"), "no JSON object"),
    "cut json": (server.body_of(b'{"choices": [{"mess'), "no JSON"),
    "redirect": (server.body_of(b"", status=302, Location="http://127.0.0.1:1/v1"), "no redirect is followed"),
    "odd packing": (server.body_of(b"x", **{"Content-Encoding": "br"}), "packed"),
    "bad packing": (server.body_of(b"x", **{"Content-Encoding": "gzip"}), "unpacked"),
    "bomb": (server.bomb(200), "too large"),
    "bomb of one line": (server.bomb(200, prefix=b"data: ", kind="text/event-stream"), "too large"),
    "endless": (server.endless, "too large"),
    "deep": (server.body_of(b"[" * 100_000), "no JSON"),
    "absurd numbers": (server.body_of(b'{"choices": [{"finish_reason": "error"}], "usage": {"cost": 1e999}}'), ""),
}


@pytest.mark.parametrize("name", BAD)
def test_each_misdeed_is_an_api_error_within_the_deadline_and_the_memory(name):
    behaviour, said = BAD[name]
    with server.scripted(behaviour) as scripted:
        tracemalloc.start()
        since = time.monotonic()
        (result,), _ = ask(house(scripted))
        took = time.monotonic() - since
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert isinstance(result, ApiError), result
    assert said in str(result)
    assert took < DEADLINE + 1
    assert peak < 50 << 20


def test_a_bomb_in_an_error_is_not_unpacked():
    packed = server.bomb(200)

    async def failing(request, body):
        response = await packed(request, body)
        response.set_status(500)
        return response

    tracemalloc.start()
    with server.scripted(failing) as scripted:
        (result,), _ = ask(house(scripted))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "HTTP 500" in str(result)
    assert peak < 50 << 20


def test_nobody_listening_is_an_api_error():
    (result,), _ = ask(Endpoint("house", "http://127.0.0.1:9/v1"))
    assert isinstance(result, ApiError)
    assert "no answer from http://127.0.0.1:9/v1: Connection refused" in str(result)


@pytest.mark.parametrize(
    "behaviour",
    [
        server.streamed(),
        server.streamed(kind="text/plain"),
        server.streamed(kind="application/json"),
        server.whole(server.NO_ANSWER_TEXT + " "),
        server.body_of(b'  {"choices": [{"message": {"content": "I have no change to propose. "}}],'
                       b' "usage": {"prompt_tokens": 1000, "completion_tokens": 200}}', "text/event-stream"),
    ],
)  # fmt: skip
def test_an_answer_is_read_whatever_its_content_type_says(behaviour):
    found = one(behaviour)
    assert found.text == server.NO_ANSWER_TEXT + " "
    assert (found.usage.input, found.usage.output) == (1000, 200)


def test_a_packed_answer_that_is_no_bomb_is_read():
    text = b'{"choices": [{"message": {"content": "' + b"a" * 1000 + b'"}}]}'
    packed = server.gzip.compress(text)
    assert one(server.body_of(packed, **{"Content-Encoding": "gzip"})).text == "a" * 1000


def test_a_streamed_answer_tells_its_first_token_and_its_speed():
    found = one(server.streamed(pause=0.05))
    assert 0.05 <= found.first_token_seconds <= found.latency_seconds


def test_an_answer_without_text_is_an_answer():
    assert one(server.whole(None)).text == ""


def test_reasoning_and_cached_tokens_are_parts_of_the_usage():
    details = {"prompt_tokens_details": {"cached_tokens": 300}, "completion_tokens_details": {"reasoning_tokens": 150}}
    usage = one(server.streamed(usage={**server.USAGE, **details})).usage
    assert (usage.input, usage.cached, usage.output, usage.reasoning) == (1000, 300, 200, 150)


@pytest.mark.parametrize("usage", [{}, {"prompt_tokens": None}, {"completion_tokens": 7}, {"total_tokens": 9}])
def test_tokens_that_a_provider_does_not_count_are_unknown_and_so_is_their_bill(usage):
    found = one(server.whole(usage=usage), prices={"house/m": PriceEntry(1, 1)})
    assert (found.usage, found.cost_nanousd, found.price) == (None, None, "unknown")


def test_anthropics_tokens_are_unknown_where_the_prompt_is_not_counted():
    reading = Reading()
    DIALECTS["anthropic"].take({"type": "message_start", "message": {"model": "m"}}, reading)
    DIALECTS["anthropic"].take({"type": "message_delta", "usage": {"output_tokens": 3}}, reading)
    assert reading.usage is None


@pytest.fixture
def in_new_york(monkeypatch):
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_new_york")
def test_a_date_without_a_zone_is_utc_wherever_this_machine_stands():
    assert retry_after("Thu, 01 Jan 1970 00:02:00 -0000", now=100.0) == 20.0


def test_the_cost_that_a_provider_reports_goes_before_any_price():
    found = one(server.whole(usage={**server.USAGE, "cost": 0.0123}), prices={"house/m": PriceEntry(1, 1)})
    assert (found.cost_nanousd, found.price) == (12_300_000, "reported")


def test_an_own_price_goes_before_none_and_no_price_stays_unknown():
    found = one(server.whole(), prices={"house/m": PriceEntry(3, 15)})
    assert (found.cost_nanousd, found.price) == (1000 * 3_000 + 200 * 15_000, "settings")
    assert (one(server.whole()).cost_nanousd, one(server.whole()).price) == (None, "unknown")


def test_anthropics_dialect_is_spoken_and_read():
    with server.scripted(server.anthropic) as scripted:
        settings = replace(HASTY, thinking_level="low", max_tokens=100)
        (found,), _ = ask(Endpoint("anthropic", scripted.url, "anthropic", "K", KEY), settings)
        body, headers = scripted.asked[0], scripted.headers[0]
    assert found.text == server.NO_ANSWER_TEXT
    assert (found.usage.input, found.usage.cached, found.usage.output) == (1000, 300, 200)
    assert body["system"] == "s"
    assert body["thinking"] == {"type": "enabled", "budget_tokens": 2048}
    assert headers["x-api-key"] == KEY


def test_settings_are_sent_only_when_they_are_set():
    with server.scripted() as scripted:
        ask(house(scripted))
        ask(house(scripted), replace(HASTY, temperature=0.0, top_p=0.5, seed=7, max_tokens=9, thinking_level="low"))
        plain, full = scripted.asked
    assert set(plain) == {"model", "messages", "stream", "stream_options"}
    assert (full["temperature"], full["top_p"], full["seed"], full["max_tokens"]) == (0.0, 0.5, 7, 9)
    assert full["reasoning_effort"] == "low"
    assert plain["model"] == "m"


def test_what_was_sent_is_kept_beside_the_answer_without_the_prompt_or_the_key():
    raw = one(server.whole(), settings=replace(HASTY, thinking_level="high")).raw
    assert b'"reasoning_effort": "high"' in raw
    assert b"messages" not in raw
    assert KEY.encode() not in raw


@pytest.mark.parametrize("status", [429, 500, 503, 529, 408])
def test_a_refusal_that_may_pass_is_tried_again_and_told(status):
    with server.scripted(server.refused(status, **{"Retry-After": "0"}), server.streamed()) as scripted:
        (found,), retries = ask(house(scripted), PATIENT)
    assert found.text.startswith(server.NO_ANSWER_TEXT)
    assert [(retry.http_status, retry.number, retry.provider) for retry in retries] == [(status, 1, "house")]


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404])
def test_a_refusal_that_will_not_pass_is_not_tried_again(status):
    with server.scripted(server.refused(status)) as scripted:
        (result,), retries = ask(house(scripted), PATIENT)
        assert len(scripted.asked) == 1
    assert isinstance(result, ApiError)
    assert not retries


@pytest.mark.parametrize("error", [b'{"message": "pay", "code": 402}', b'{"type": "invalid_request_error"}'])
def test_an_error_under_status_200_that_will_not_pass_is_not_tried_again(error):
    with server.scripted(server.body_of(b'{"error": %s}' % error)) as scripted:
        ask(house(scripted), PATIENT)
        assert len(scripted.asked) == 1


@pytest.mark.parametrize("behaviour", [server.retry_after(1), server.retry_after(in_seconds=2)])
def test_the_wait_that_a_server_names_is_kept(behaviour):
    with server.scripted(behaviour, server.streamed()) as scripted:
        ask(house(scripted), PATIENT)
        first, second = scripted.at
    assert 0.9 <= second - first < 4


def test_the_wait_that_a_server_names_is_capped_at_two_minutes():
    with server.scripted(server.retry_after(86_400)) as scripted:
        since = time.monotonic()
        (result,), _ = ask(house(scripted), replace(PATIENT, timeout_seconds=60))
    assert isinstance(result, ApiError)
    assert time.monotonic() - since < 5  # 120 s would pass the deadline: there is nothing to wait for


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7), ("-3", 0), ("Thu, 01 Jan 1970 00:01:50 GMT", 10), ("soon", None), (None, None)]
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value, seconds):
    assert retry_after(value, now=100.0) == seconds


def test_one_refusal_slows_all_lanes():
    refusal = server.retry_after(1)
    with server.scripted(refusal, server.streamed(pause=0.05)) as scripted:
        results, _ = ask(house(scripted), PATIENT, lanes=1)
        scripted.script = [refusal, refusal, refusal, refusal, server.streamed(pause=0.1)]
        scripted.at.clear()
        scripted.most_under_way = 0
        results, _ = ask(house(scripted), PATIENT, lanes=8)
        told = sorted(scripted.at)
    assert all(isinstance(result, Answer) for result in results)
    after = [at for at in told if at > told[7] + 0.5]  # the first eight went out together
    assert after
    assert min(after) - told[0] >= 0.9
    assert sum(at < min(after) + 0.05 for at in after) <= 4  # eight lanes were halved at each refusal


def test_a_key_goes_to_its_own_address_and_nowhere_else():
    with server.scripted(server.whole()) as other:
        with server.scripted(server.body_of(b"", status=307, Location=other.url + "/chat/completions")) as scripted:
            ask(house(scripted))
            assert scripted.headers[0]["Authorization"] == f"Bearer {KEY}"
        assert other.asked == []


def test_a_key_that_a_server_repeats_is_in_no_error_and_no_retry():
    with server.scripted(server.refused(500, f"bad key {KEY}", **{"Retry-After": "0"})) as scripted:
        (result,), retries = ask(house(scripted), replace(PATIENT, max_retries=1))
    assert KEY not in str(result) + repr(retries) + repr(house(scripted))
    assert "[redacted HOUSE_KEY]" in str(result)


def test_half_a_key_is_in_no_error_either():
    long = f"{'x' * 290} {KEY}"
    for behaviour in (server.refused(400, long), server.body_of(b"y" * 4080 + f" {KEY}".encode(), status=400)):
        with server.scripted(behaviour) as scripted:
            (result,), _ = ask(house(scripted))
        assert KEY[:9] not in str(result)


def test_a_queue_before_an_endpoint_does_not_count_against_the_deadline():
    with server.scripted(server.streamed(pause=0.6)) as scripted:
        results, _ = ask(house(scripted), HASTY, lanes=5, most=1)  # the last one waits for 2.4 of its 1.5 seconds
    assert all(isinstance(result, Answer) for result in results)


def test_who_waits_as_long_as_a_server_says_is_served_however_often_it_says_so():
    with server.scripted(*[server.retry_after(1)] * 3, server.streamed()) as scripted:
        (result,), retries = ask(house(scripted), replace(PATIENT, max_retries=1))
    assert isinstance(result, Answer)
    assert [retry.number for retry in retries] == [1, 2, 3]


def test_without_retries_a_refusal_ends_it_whatever_it_says():
    with server.scripted(server.retry_after(1), server.streamed()) as scripted:
        (result,), _ = ask(house(scripted), replace(PATIENT, max_retries=0))
    assert isinstance(result, ApiError)


def test_a_refusal_for_want_of_credit_is_not_tried_again_under_any_status():
    body = b'{"error": {"message": "you exceeded your quota", "code": "insufficient_quota"}}'
    with server.scripted(server.body_of(body, status=429)) as scripted:
        (result,), retries = ask(house(scripted), PATIENT)
    assert "exceeded your quota" in str(result)
    assert not retries


def test_an_answer_in_parts_is_read_without_its_thoughts():
    parts = [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "a "}, {"type": "text", "text": "b"}, 3]
    assert one(server.whole(parts)).text == "a b"


def test_the_scripted_server_is_part_of_the_tests_alone():
    package = Path(__file__).parent.parent / "benchgen"
    assert not [path for path in package.rglob("*.py") if "scripted_server" in path.read_text()]
