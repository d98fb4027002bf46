"""Who may ask: names, origins, bodies; and what a fault of ours says."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
from factories import make_run
from server_room import serving
from starlette.testclient import TestClient

from benchgen.catalog.tasks import Catalog
from benchgen.server import replies
from benchgen.server.app import make_app

WRITE = "/api/compare"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("results")
    make_run(root)
    with serving(root) as one:
        yield one


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "169.254.169.254", ""])
def test_a_name_that_is_not_ours_is_refused(server, host):
    assert server.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:8000"])
def test_this_machine_has_several_names(server, host):
    assert server.get("/", headers={"Host": host}).status_code == 200


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_page_of_another_origin_changes_nothing(server, headers):
    answer = server.client.post(WRITE, json={"run_ids": []}, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross_origin")


def test_our_own_page_and_programs_may_write(server):
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": server.url.rstrip("/")}, {}):
        assert server.client.post(WRITE, json={"run_ids": []}, headers=headers).status_code == 400


def test_nobody_else_may_read_our_answers(server):
    answer = server.get("/api/benchmark/runs", headers={"Origin": "http://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_must_be_json(server, media):
    answer = server.client.post(WRITE, content=b'{"run_ids": ["a", "b"]}', headers={"Content-Type": media})
    assert answer.status_code == 400


BROKEN = [b"", b"{", b"[]", b"\xff", b'{"run_ids": 5}', b"[" * 100_000, b'{"run_ids": [NaN]}']


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_body_is_refused_with_the_reason(server, content):
    answer = server.client.post(WRITE, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_a_body_without_end_is_cut_off(server):
    answer = server.client.post(WRITE, content=b" " * (2 << 20), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_a_fault_of_ours_shows_no_traceback(tmp_path, monkeypatch):
    make_run(tmp_path)
    app = make_app(tmp_path, Catalog(tmp_path))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
        monkeypatch.setattr(app.state.broadcast, "messages", lambda: 1 / 0)
        answer = client.get("/api/benchmark/status")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "Traceback" not in answer.text and "ZeroDivision" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_half_a_body_holds_no_line_open(tmp_path, monkeypatch):
    monkeypatch.setattr(replies, "BODY_SECONDS", 0.2)
    head = f"POST {WRITE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with serving(tmp_path) as one:
        where = urlsplit(one.url)
        with socket.create_connection((where.hostname, where.port)) as line:
            line.sendall(f"{head}Content-Length: 9\r\n\r\n".encode() + b'{"r')
            assert b"400" in line.recv(4096).splitlines()[0]
