"""Hostile requests, sent as bytes to the real server: none gets through; our own page, programs and downloads do."""

from __future__ import annotations

import hashlib
import os
import socket
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from factories import RUN_ID, make_run
from server_room import serving, until
from test_server_launching import terms

__all__ = ["terms"]  # the fixture
SECRET = "what-nobody-may-read"
JSON = "application/json"
RUN = b'{"benchmark": "toy_0", "model": "builtin/mock?pass=1&latency=0"}'
SAFE = "default-src 'none'; sandbox"


@pytest.fixture
def server(tmp_path, terms):
    root = tmp_path / "results"
    folder = make_run(root)
    (root / "history.db").write_text(SECRET)
    (tmp_path / "secret").write_text(SECRET)
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "up").symlink_to(tmp_path)
    (folder / ".hidden").write_text(SECRET)
    (folder / "page.html").write_text("<script>alert(1)</script>")
    os.mkfifo(folder / "fifo")
    with serving(root, tmp_path / "tasks", terms) as one:
        until(lambda: one.get(f"/api/runs/{RUN_ID}").status_code == 200)
        yield one


def send(server, head: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
    """The status and the whole answer to a request that no client would tidy up."""
    where = urlsplit(server.url)
    given = {"Host": where.netloc, "Connection": "close", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items() if value is not None)
    with socket.create_connection((where.hostname, where.port), 20) as line:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused before it was all sent
            line.sendall(f"{head} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + body)
        said = b""
        with suppress(ConnectionResetError):
            while more := line.recv(65536):
                said += more
    text = said.decode("utf-8", "replace")
    return int(text.split(" ", 2)[1]), text


def tree(root: Path) -> dict[str, str]:
    """Everything in the results folder by its content."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and path.name not in (".lock", ".root.lock")
    }


def post(path: str, body: bytes = RUN, kind: str = JSON, **headers: str):
    return f"POST {path}", body, {"Content_Type": kind, **headers}


CONTROL = f"/run/{RUN_ID}/control"
FORM = "application/x-www-form-urlencoded"
REMOVE = f"do=remove&confirm={RUN_ID}".encode()
CHUNKED = b"200000\r\n" + b" " * 0x200000 + b"\r\n0\r\n\r\n"
HOSTILE = {
    "rebound name": ("GET /", b"", {"Host": "evil.example"}),
    "rebound name with ours in it": ("GET /api/runs", b"", {"Host": "127.0.0.1.evil.example"}),
    "the address of a cloud's keys": ("GET /", b"", {"Host": "169.254.169.254"}),
    "no name at all": ("GET /", b"", {"Host": ""}),
    "rebound write": post("/api/runs", Host="evil.example"),
    "cross-site JSON": post("/api/runs", Sec_Fetch_Site="cross-site", Origin="http://evil.example"),
    "cross-site JSON dressed as text": post("/api/runs", kind="text/plain", Origin="http://evil.example"),
    "text without a word of where it comes from": post("/api/runs", kind="text/plain"),
    "another port of this machine": post("/runs", Origin="http://127.0.0.1:1"),
    "an origin that hides": post("/runs", Origin="null"),
    "cross-site form that starts": post("/new/index.html", b"tasks=all&models=builtin/noop", FORM,
                                        Origin="http://evil.example"),
    "cross-site form that removes": post(CONTROL, REMOVE, FORM, Sec_Fetch_Site="same-site"),
    "cross-site removal": (f"DELETE /api/runs/{RUN_ID}?confirm={RUN_ID}", b"", {"Sec_Fetch_Site": "cross-site"}),
    "foreign web socket": (f"GET /runs/{RUN_ID}/stream", b"", {
        "Origin": "http://evil.example", "Connection": "Upgrade", "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA=="}),
    "up": (f"GET /artifacts/{RUN_ID}/../history.db", b"", {}),
    "up, encoded": (f"GET /artifacts/{RUN_ID}/%2e%2e/history.db", b"", {}),
    "up, encoded twice": (f"GET /artifacts/{RUN_ID}/%252e%252e/history.db", b"", {}),
    "a slash in the run": ("GET /artifacts/..%2fhistory.db", b"", {}),
    "the folder above as a run": ("GET /artifacts/../history.db", b"", {}),
    "an absolute path": (f"GET /artifacts/{RUN_ID}//etc/passwd", b"", {}),
    "a backslash": (f"GET /artifacts/{RUN_ID}/..%5chistory.db", b"", {}),
    "a NUL": (f"GET /artifacts/{RUN_ID}/config.json%00.txt", b"", {}),
    "a link to a file": (f"GET /artifacts/{RUN_ID}/link", b"", {}),
    "a link to a folder": (f"GET /artifacts/{RUN_ID}/up/secret", b"", {}),
    "a pipe that would hang": (f"GET /artifacts/{RUN_ID}/fifo", b"", {}),
    "a hidden file": (f"GET /artifacts/{RUN_ID}/.hidden", b"", {}),
    "a body too large": post("/api/runs", b" " * (2 << 20)),
    "a body too large that does not say so": post("/api/runs", CHUNKED, Content_Length=None,
                                                  Transfer_Encoding="chunked"),
    "half a body of JSON": post("/api/runs", RUN[:-2]),
    "NaN": post("/api/runs", RUN[:-1] + b', "temperature": NaN}'),
    "a number beyond all": post("/api/runs", RUN[:-1] + b', "temperature": 1e999}'),
    "a number of 5,000 digits": post("/api/runs", RUN[:-1] + b', "samples": ' + b"9" * 5000 + b"}"),
    "nested too deep": post("/api/runs", b'{"tasks": ' + b"[" * 100_000),
    "an option as a target": post("/api/runs", RUN.replace(b"toy_0", b"--results-dir=/tmp")),
    "a command as a model": post("/api/runs", RUN.replace(b"builtin/mock?pass=1&latency=0", b"x; touch y")),
    "a path as a target": post("/api/runs", RUN.replace(b"toy_0", b"../../etc/passwd")),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_it_does_not_get_through(server, tmp_path, name):
    before = tree(tmp_path / "results")
    head, body, headers = HOSTILE[name]
    status, said = send(server, head, body, **headers)
    assert 400 <= status < 500, said[:300]
    assert SECRET not in said and "Traceback" not in said and "root:" not in said
    assert tree(tmp_path / "results") == before


def test_there_are_at_least_as_many_as_were_asked_for():
    assert len(HOSTILE) >= 27


def test_a_page_made_by_a_model_is_a_download_that_runs_nothing(server):
    answer = server.get(f"/artifacts/{RUN_ID}/page.html")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"
    assert (answer.headers["content-security-policy"], answer.headers["x-content-type-options"]) == (SAFE, "nosniff")


def test_an_address_puts_no_line_into_the_head_of_an_answer(server):
    for path in ("/ui/run.html?run=x%0d%0aSet-Cookie:%20a=b", "/compare?ids=a%0d%0aSet-Cookie:%20a=b,c"):
        _, said = send(server, f"GET {path}")
        assert "\r\nset-cookie" not in said.lower()


@pytest.mark.parametrize("path", ["//evil.example", "/ui/run.html?run=//evil.example/", "/%5cevil.example/run"])
def test_no_address_leads_to_another_site(server, path):
    _, said = send(server, f"GET {path}")
    leads = [line.split(": ", 1)[1] for line in said.splitlines() if line.lower().startswith("location:")]
    assert all(where.startswith("/") and not where.startswith(("//", "/\\")) for where in leads)


OWN = [
    {"Sec_Fetch_Site": "same-origin"},
    {"Sec_Fetch_Site": "none"},
    {},  # curl
]


@pytest.mark.parametrize("headers", OWN)
def test_our_own_page_and_programs_get_through(server, headers):
    status, said = send(server, "POST /api/launch/preview", RUN, Content_Type=JSON, **headers)
    assert status == 200 and "benchgen run toy_0" in said


def test_our_own_origin_and_downloads_get_through(server):
    where = server.url.rstrip("/")
    assert send(server, "POST /api/launch/preview", RUN, Content_Type=JSON, Origin=where)[0] == 200
    assert server.get(f"/artifacts/{RUN_ID}/config.json").json()["run_id"] == RUN_ID
    assert send(server, f"GET /artifacts/{RUN_ID}/config.json", Sec_Fetch_Site="none")[0] == 200
