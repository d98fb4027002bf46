"""LM Studio through its REST interface: one model in memory, none twice, and none left over after a run."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from random import Random

import pytest
import scripted_server as server
import toys
from aiohttp import web

from benchgen.providers.answer import ApiError, Request
from benchgen.providers.endpoints import Endpoint
from benchgen.providers.http import HttpProvider
from benchgen.providers.lmstudio import LmStudio, NotRunning, Shelf
from benchgen.records.message import Message
from benchgen.records.run import Settings


class Studio(server.ScriptedServer):
    """A scripted server with models on its disk; `loaded` maps instances to models, `calls` is what was changed."""

    def __init__(self, *keys: str) -> None:
        super().__init__()
        self.keys, self.loaded, self.calls = keys, {}, []
        self.token: str | None = None

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/api/v1/models", self._shelf)
        app.router.add_post("/api/v1/models/load", self._load)
        app.router.add_post("/api/v1/models/unload", self._unload)

    async def _shelf(self, request: web.Request) -> web.Response:
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return web.json_response({"error": {"message": f"bad token, not {self.token}"}}, status=401)
        models = [
            {"key": key, "loaded_instances": [{"id": name} for name, of in self.loaded.items() if of == key]}
            for key in self.keys
        ]
        return web.json_response({"models": models})

    async def _load(self, request: web.Request) -> web.Response:
        key = (await request.json())["model"]
        if key not in self.keys:
            return web.json_response({"error": {"message": "no such model"}}, status=400)
        self.calls.append(("load", key))
        self.loaded[f"{key}:{len(self.calls)}"] = key
        return web.json_response({"status": "loaded"})

    async def _unload(self, request: web.Request) -> web.Response:
        key = self.loaded.pop((await request.json())["instance_id"])
        self.calls.append(("unload", key))
        return web.json_response({})


@contextmanager
def studio(*keys: str, loaded: dict[str, str] | None = None):
    with Studio(*keys) as running:
        running.loaded = loaded or {}
        yield running


def ask(running: Studio, *keys: str):
    """The answers to requests that are made at once."""

    async def main():
        provider = LmStudio(HttpProvider(Endpoint("lmstudio", running.url), {}, 4), Shelf(running.url))
        settings = Settings(timeout_seconds=5, max_retries=0)
        requests = [Request(f"lmstudio/{key}", (Message("user", "u"),), settings, Random(1)) for key in keys]
        try:
            asked = (provider.answer(request, lambda retry: None) for request in requests)
            return await asyncio.gather(*asked, return_exceptions=True)
        finally:
            await provider.close()

    return asyncio.run(main())


def test_a_model_is_loaded_before_it_is_asked_and_unloaded_after_the_run():
    with studio("a") as running:
        (answer,) = ask(running, "a")
        assert running.calls == [("load", "a"), ("unload", "a")]
    assert answer.text.strip() == server.NO_ANSWER_TEXT


def test_a_loaded_model_is_not_loaded_twice():
    with studio("a", loaded={"a:0": "a"}) as running:
        ask(running, "a")
        assert ("load", "a") not in running.calls


def test_another_model_is_unloaded_first():
    with studio("a", "b", loaded={"b:0": "b"}) as running:
        ask(running, "a")
        assert running.calls[:2] == [("unload", "b"), ("load", "a")]


def test_one_model_is_in_memory_at_a_time_however_the_requests_come():
    with studio("a", "b") as running:
        answers = ask(running, "a", "b", "a", "b")
        assert [name for name, _ in running.calls] == ["load", "unload"] * 2
        assert running.loaded == {}
    assert all(not isinstance(answer, Exception) for answer in answers)


def test_a_model_that_cannot_be_loaded_is_an_api_error():
    with studio("a") as running:
        (answer,) = ask(running, "z")
    assert isinstance(answer, ApiError)
    assert "no such model" in str(answer)


def test_a_model_is_loaded_by_hand(tmp_path):
    with studio("a", "b", loaded={"b:0": "b"}) as running:
        done = toys.run("load", "lmstudio/a", "--json", cwd=tmp_path, LMSTUDIO_BASE_URL=running.url)
        assert list(running.loaded.values()) == ["a"]
    assert '"lmstudio/a"' in done.stdout
    assert done.returncode == 0


def test_a_token_is_sent_where_one_is_set_and_asked_for_where_none_is(tmp_path):
    with studio("a") as running:
        running.token = "sk-canary-0123456789abcdefghij"
        words = {"cwd": tmp_path, "LMSTUDIO_BASE_URL": running.url}
        done = toys.run("load", "lmstudio/a", **words, LM_API_TOKEN=running.token)
        refused = toys.run("load", "lmstudio/a", **words, LM_API_TOKEN="")
        wrong = toys.run("load", "lmstudio/a", **words, LM_API_TOKEN="another-canary-token")
    assert done.returncode == 0, done.stderr
    assert "LM_API_TOKEN" in refused.stderr
    assert "canary" not in refused.stderr + wrong.stderr


def test_a_model_whose_loading_was_broken_off_is_unloaded(tmp_path):
    with studio("a") as running:

        async def main():
            provider = LmStudio(HttpProvider(Endpoint("lmstudio", running.url), {}, 4), Shelf(running.url))
            provider._shelf.load = hanging
            asked = asyncio.ensure_future(provider.answer(request, lambda retry: None))
            await loading.wait()
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
            await provider.close()

        async def hanging(key):
            running.loaded["a:1"] = key
            loading.set()
            await asyncio.Event().wait()

        loading, request = asyncio.Event(), Request("lmstudio/a", (), Settings(), Random(1))
        asyncio.run(main())
        assert running.loaded == {}


def test_answers_of_lm_studio_are_kept_by_the_cache_too(tmp_path):
    tasks = toys.make_catalog(tmp_path / "tasks", 1)
    words = ("run", "all", "-m", "lmstudio/a", "--cache", "--tasks-dir", tasks)
    with studio("a") as running:
        for _ in range(2):
            done = toys.run(*words, cwd=tmp_path, LMSTUDIO_BASE_URL=running.url, XDG_CACHE_HOME=str(tmp_path / "cache"))
            assert done.returncode == 0, done.stderr
        assert len(running.asked) == 1
        assert running.loaded == {}


def test_each_model_of_a_run_is_loaded_once(tmp_path):
    tasks = toys.make_catalog(tmp_path / "tasks", 2)
    words = ("run", "all", "-m", "lmstudio/a", "-m", "lmstudio/b", "--samples", 2, "-j", 2, "--tasks-dir", tasks)
    with studio("a", "b") as running:
        done = toys.run(*words, cwd=tmp_path, LMSTUDIO_BASE_URL=running.url)
        assert running.calls == [("load", "a"), ("unload", "a"), ("load", "b"), ("unload", "b")]
    assert done.returncode == 0, done.stderr


def test_each_model_of_a_dataset_run_is_loaded_once_too(tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(f'{{"id": "r{number}", "prompt": "say {number}"}}\n' for number in range(12)))
    words = ("run", rows, "-m", "lmstudio/a", "-m", "lmstudio/b", "-m", "lmstudio/c", "-j", 3)
    with studio("a", "b", "c") as running:
        done = toys.run(*words, cwd=tmp_path, LMSTUDIO_BASE_URL=running.url)
        assert running.calls == [(word, key) for key in "abc" for word in ("load", "unload")]
        assert len(running.asked) == 36
    assert done.returncode == 0, done.stderr


def test_models_are_listed_with_what_is_loaded():
    with studio("a", "b", loaded={"b:0": "b"}) as running:
        models = asyncio.run(Shelf(running.url).models())
    assert [(model.key, bool(model.instances)) for model in models] == [("a", False), ("b", True)]


def test_it_is_said_when_lm_studio_is_not_running():
    with pytest.raises(NotRunning) as caught:
        asyncio.run(Shelf("http://127.0.0.1:9/v1").models())
    assert "LM Studio is not running here" in str(caught.value)
    assert "LMSTUDIO_BASE_URL" in str(caught.value)
