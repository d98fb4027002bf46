"""From a model's name to who answers for it, and what is refused before anything is asked."""

from __future__ import annotations

import pytest

from benchgen.errors import BenchgenError, UsageError
from benchgen.providers.cache import Cached
from benchgen.providers.http import HttpProvider
from benchgen.providers.lmstudio import LmStudio
from benchgen.providers.registry import Reach, check_thinking, resolve
from benchgen.record import replace
from benchgen.records.attempt import Usage
from benchgen.settings import EndpointEntry, Secrets, read

KEYS = Secrets({"OPENROUTER_API_KEY": "sk-or-1", "ANTHROPIC_API_KEY": "sk-ant-1"})


@pytest.fixture
def reach(tmp_path):
    settings = replace(read({}, tmp_path).settings, endpoints={"house": EndpointEntry("http://127.0.0.1:9/v1")})
    return Reach(settings, KEYS)


def one(name: str, reach: Reach):
    (found,) = resolve([name], reach)
    return found


def test_models_of_one_endpoint_share_its_provider_and_so_its_pace(reach):
    first, second = resolve(["openrouter/a/b", "openrouter/c/d"], reach)
    assert first.provider is second.provider
    assert isinstance(first.provider, HttpProvider)


def test_lm_studio_has_a_provider_of_its_own_and_sends_no_bill(reach):
    found = one("lmstudio/a", reach)
    assert isinstance(found.provider, LmStudio)
    assert found.priced(Usage(10, 10)).nanousd == 0


def test_a_cache_stands_before_the_endpoint_where_it_is_asked_for(reach, tmp_path):
    assert isinstance(one("house/m", replace(reach, cache=tmp_path)).provider, Cached)


def test_a_listed_price_is_known_before_the_run_and_an_unlisted_one_is_not(reach):
    assert one("openrouter/openai/gpt-4o", reach).priced(Usage(1_000_000, 0)).nanousd > 0
    assert one("openrouter/nobody/nothing", reach).priced(Usage(1, 1)).nanousd is None


def test_a_longer_prompt_is_priced_by_its_own_tier(reach):
    model = one("openrouter/google/gemini-2.5-pro", reach)
    short, long = (model.priced(Usage(tokens, 0)).nanousd for tokens in (100_000, 1_000_000))
    assert long > 10 * short


def test_another_address_gets_no_key_and_is_not_free(reach):
    found = one("openrouter/nobody/nothing", replace(reach, base_url="http://127.0.0.1:9/v1"))
    assert not found.spec.is_local
    assert found.priced(Usage(1, 1)).nanousd is None


@pytest.mark.parametrize("base_url", ["http://example.org/v1", "ftp://x", "https://me:secret@example.org/v1", "x"])
def test_an_address_that_is_neither_https_nor_here_is_refused(reach, base_url):
    with pytest.raises(UsageError):
        resolve(["house/m"], replace(reach, base_url=base_url))


def test_a_missing_key_is_one_sentence(reach):
    with pytest.raises(BenchgenError) as caught:
        resolve(["openai/gpt-4o"], reach)
    assert caught.value.exit_code == 1
    assert "OPENAI_API_KEY is not set" in str(caught.value)


def test_a_thinking_level_that_an_endpoint_does_not_know_is_refused(reach):
    models = resolve(["anthropic/claude-x"], reach)
    check_thinking(models, "high")
    with pytest.raises(UsageError):
        check_thinking(models, "enormous")
    check_thinking(resolve(["openrouter/a/b"], reach), "enormous")


@pytest.mark.parametrize("key", ["sk-1 sk-2", "sk-1\nHost: x", "schlüssel"])
def test_a_key_that_no_header_can_hold_is_refused_and_not_repeated(reach, key):
    with pytest.raises(BenchgenError) as caught:
        one("openrouter/a/b", replace(reach, secrets=Secrets({"OPENROUTER_API_KEY": key})))
    assert "OPENROUTER_API_KEY holds characters" in str(caught.value)
    assert key not in str(caught.value)
