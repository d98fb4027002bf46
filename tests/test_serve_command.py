"""`benchgen serve` as its users start it: addresses, tokens, ports, and a quick end."""

from __future__ import annotations

import re
import signal
import socket
import time

import httpx
import pytest
import toys
from factories import make_run
from server_room import serving, until

from benchgen.server.serving import address, listen
from benchgen.server.terms import Terms

TOKEN = "a-long-enough-token"


@pytest.mark.parametrize(
    "words",
    [("--host", "0.0.0.0"), ("--host", "0.0.0.0", "--token", TOKEN), ("--host", "::", "--allowed-host", "x.example"),
     ("--token", "short")],
)  # fmt: skip
def test_beyond_this_machine_a_token_and_a_name_are_needed(tmp_path, words):
    done = toys.run("serve", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert "--token" in done.stderr


def started(folder):
    """The process and its address, once it answers."""
    process = toys.start("serve", "--port", 0, cwd=folder)
    url = re.search(r"http://\S+", process.stderr.readline())[0]
    until(lambda: answers(url), 30)
    return process, url


def answers(url):
    try:
        return httpx.get(f"{url}health").json()["status"] == "ok"
    except httpx.TransportError:
        return False


def test_it_prints_the_address_it_really_has_and_ends_at_once(tmp_path):
    make_run(tmp_path / "benchmark_results", artifacts=False)
    process, url = started(tmp_path)
    with httpx.stream("GET", f"{url}api/pages/stream") as stream:
        next(stream.iter_lines())
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=10)
    assert time.monotonic() - begun < 3
    assert "Traceback" not in said


def test_a_second_ctrl_c_changes_nothing_about_its_end(tmp_path):
    process, url = started(tmp_path)
    process.send_signal(signal.SIGINT)
    until(lambda: not answers(url))
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)
    assert (process.returncode, "Traceback" in said) == (130, False)


def test_the_next_free_port_is_taken_unless_one_was_asked_for():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with listen("127.0.0.1", port, exact=False) as found:
            assert found.getsockname()[1] != port
            assert address(found) == f"http://127.0.0.1:{found.getsockname()[1]}/"
        with pytest.raises(Exception, match="the port is in use"):
            listen("127.0.0.1", port, exact=True)


def test_with_a_token_nobody_else_gets_in(tmp_path):
    with serving(tmp_path, terms=Terms(token=TOKEN)) as server:
        for path in ("/", "/api/benchmark/status", "/assets/x.css", "/?token=wrong", "/api/runs?token="):
            assert server.get(path).status_code == 401
        assert server.get("/", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        entered = server.get(f"/live/index.html?x=1&token={TOKEN}")
        assert (entered.status_code, entered.headers["location"]) == (303, "/live/index.html?x=1")
        escaped = server.get(f"/run/a%2Fb%3Fc?x=%26&token={TOKEN}&x=%2B&token=wrong", headers={"Cookie": ""})
        assert escaped.headers["location"] == "/run/a%2Fb%3Fc?x=%26&x=%2B"
        cookie = entered.headers["set-cookie"]
        assert "HttpOnly" in cookie and "samesite=strict" in cookie.lower() and TOKEN not in cookie
        assert server.get("/").status_code == 200


def test_another_name_is_answered_when_it_was_given(tmp_path):
    with serving(tmp_path, terms=Terms(allowed_hosts=("bench.example",))) as server:
        assert server.get("/", headers={"Host": "bench.example"}).status_code == 200
        assert server.get("/", headers={"Host": "other.example"}).status_code == 400
