"""What the server asks of the command line: the models of endpoints, LM Studio's list and switch."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest
from server_room import serving
from test_lmstudio import studio

from benchgen.errors import BenchgenError
from benchgen.server.errands import Errands
from benchgen.server.terms import Terms

BENCHGEN = (sys.executable, "-m", "benchgen")
ECHO = (sys.executable, "-c", "import json, sys; print(json.dumps([sys.argv[1:], __import__('os').getpid()]))")


def test_many_who_ask_the_same_get_the_answer_of_one_process():
    async def crowd():
        errands = Errands(ECHO)
        return await asyncio.gather(*(errands.ask("list", "x", keep=60) for _ in range(5)))

    found = asyncio.run(crowd())
    assert found[0][0] == ["list", "x", "--json"]
    assert len({pid for _, pid in found}) == 1


def test_what_is_not_kept_is_asked_again():
    async def twice():
        errands = Errands(ECHO)
        return [await errands.ask("load", "x"), await errands.ask("load", "x")]

    (_, first), (_, second) = asyncio.run(twice())
    assert first != second


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import sys; sys.exit('benchgen: nobody is there\\n  start it')", "nobody is there"),
        ("1 / 0", "the server's log says how"),
        ("print('no json')", "benchgen list"),
        ("import time; time.sleep(60)", "no answer"),
    ],
)
def test_a_command_that_fails_says_why(program, said):
    with pytest.raises(BenchgenError) as caught:
        asyncio.run(Errands((sys.executable, "-c", program)).ask("list", within=1.5))
    assert said in str(caught.value)


@pytest.fixture
def site(tmp_path, monkeypatch):
    with studio("small/one", "big", loaded={"i": "big"}) as running:
        monkeypatch.setenv("LMSTUDIO_BASE_URL", running.url)
        with serving(tmp_path, terms=Terms(command=BENCHGEN)) as server:
            yield server, running


def test_lmstudio_lists_what_is_on_its_disk(site):
    server, running = site
    found = server.json("/models/lmstudio")
    assert found["base_url"] == running.url
    assert [(one["id"], one["is_loaded"]) for one in found["models"]] == [("small/one", False), ("big", True)]
    known = {one["name"]: one for one in server.json("/api/models")["endpoints"]}
    assert known["builtin"]["models"][0]["model"] == "builtin/reference"
    assert [one["model"] for one in known["lmstudio"]["models"]] == ["lmstudio/small/one", "lmstudio/big"]


def test_a_server_that_only_reads_loads_no_model(site):
    server, running = site
    answer = server.client.post("/models/lmstudio/switch", json={"model_id": "small/one"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "read_only")
    assert running.calls == []


def test_without_lmstudio_the_reason_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("LMSTUDIO_BASE_URL", "http://127.0.0.1:9/v1")
    with serving(tmp_path, terms=Terms(command=BENCHGEN)) as server:
        answer = server.get("/models/lmstudio")
    assert (answer.status_code, answer.json()["error"]["code"]) == (424, "lmstudio_not_running")
    assert "start" in json.dumps(answer.json())
