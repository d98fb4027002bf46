"""Hostile requests of a second kind: broken framing, ranges, forms, names, slow senders, races. None gets through."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from factories import RUN_ID, make_run
from server_room import serving, until
from test_server_hostile import CONTROL, FORM, REMOVE, RUN, SECRET, post, send, tree
from test_server_launching import terms

from benchgen.server import patience, upload

__all__ = ["terms"]  # the fixture
UPLOAD = "/admin/datasets/upload"


@pytest.fixture
def server(tmp_path, terms):
    root = tmp_path / "results"
    folder = make_run(root)
    (root / "history.db").write_text(SECRET)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "config.json").write_text(SECRET)
    (folder / "large.log").write_bytes(b"x" * 100_000)
    (root / "run_20261121T024041Z_ffffff").symlink_to(tmp_path / "secret")
    (root / "datasets").mkdir()
    (root / "datasets" / "ds_0123456789ab").symlink_to(tmp_path / "secret")
    with serving(root, tmp_path / "tasks", terms) as one:
        until(lambda: one.get(f"/api/runs/{RUN_ID}").status_code == 200)
        yield one


def part(name: str = 'name="file"; filename="a.jsonl"', body: bytes = b"{}", more: bytes = b"") -> bytes:
    head = b"--b\r\nContent-Disposition: form-data; " + name.encode() + b"\r\n" + more
    return head + b"\r\n" + body + b"\r\n--b--\r\n"


def upload_of(body: bytes, kind: str = "multipart/form-data; boundary=b"):
    return post(UPLOAD, body, kind)


SMUGGLED = f"0\r\n\r\nDELETE /api/runs/{RUN_ID}?confirm={RUN_ID} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
HOSTILE = {
    "a length and chunks at once": post("/api/compare", SMUGGLED, Transfer_Encoding="chunked", Content_Length="4"),
    "two lengths": post("/api/compare", RUN, X="y\r\nContent-Length: 4"),
    "two hosts": ("GET /api/runs", b"", {"X": "y\r\nHost: evil.example"}),
    "a header folded over lines": ("GET /api/runs", b"", {"X": "y\r\n Host: evil.example", "Host": "evil.example"}),
    "a whole address as the target": ("GET http://evil.example/api/runs", b"", {}),
    "a tunnel": ("CONNECT evil.example:443", b"", {}),
    "an echo": ("TRACE /api/runs", b"", {"Cookie": SECRET}),
    "bytes that are no letters in the target": ("GET /run/\xff\xfe", b"", {}),
    "a name with a colon and a user": ("GET /", b"", {"Host": "localhost:80@evil.example"}),
    "a bracketed name that goes on": ("GET /", b"", {"Host": "[::1].evil.example"}),
    "an origin that is no address": post("/api/runs", Origin="http://["),
    "our origin under another scheme": post("/api/runs", Origin="ftp://{host}"),
    "our origin with a user": post("/api/runs", Origin="http://x@{host}"),
    "an empty origin": post("/api/runs", Origin=""),
    "a method in a header": post(f"/api/runs/{RUN_ID}", b"{}", X_HTTP_Method_Override="DELETE"),
    "a web socket of a foreign site elsewhere": ("GET /api/pages/stream", b"", {
        "Origin": "http://evil.example", "Connection": "Upgrade", "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA=="}),
    "a run behind a link": ("GET /artifacts/run_20261121T024041Z_ffffff/config.json", b"", {}),
    "the page of a run behind a link": ("GET /run/run_20261121T024041Z_ffffff/index.html", b"", {}),
    "a dataset behind a link": ("GET /dataset/ds_0123456789ab/index.html", b"", {}),
    "dots that are long in UTF-8": (f"GET /artifacts/{RUN_ID}/%c0%ae%c0%ae/history.db", b"", {}),
    "a run in wide letters": ("GET /api/runs/%EF%BD%92un_20261121T024041Z_a2ca88", b"", {}),
    "a run that is a sign": ("GET /artifacts/%F0%9F%92%A9/config.json", b"", {}),
    "a run that is nothing": ("GET /api/runs/%20", b"", {}),
    "a run with a NUL": ("GET /api/runs/run%00/events", b"", {}),
    "up from the assets": ("GET /assets/%2e%2e/%2e%2e/history.db", b"", {}),
    "up from a page": (f"GET /run/{RUN_ID}/files/%2e%2e/%2e%2e/history.db", b"", {}),
    "a stream about what lies above": ("GET /api/pages/stream?page=run/../history.db", b"", {}),
    "a stream about another's topic": (f"GET /api/pages/stream?page=events/{RUN_ID}", b"", {}),
    "a log far before its start": (f"GET /api/runs/{RUN_ID}/log?before=-1", b"", {}),
    "an offset beyond all": (f"GET /api/runs/{RUN_ID}/log?offset=1{'0' * 30}", b"", {}),
    "a log that is another file": (f"GET /api/runs/{RUN_ID}/log?stream=../../history.db", b"", {}),
    "an export into a path": (f"GET /api/runs/{RUN_ID}/export?format=../csv", b"", {}),
    "a range beyond the end": (f"GET /artifacts/{RUN_ID}/large.log", b"", {"Range": "bytes=200000-300000"}),
    "a form that is no form": post(CONTROL, b"do=remove", "multipart/form-data; boundary=b"),
    "a form of a hundred thousand fields": post(CONTROL, b"a=b&" * 100_000 + REMOVE, FORM),
    "half a character": post("/api/runs", RUN[:-1] + b', "name": "\\ud800"}'),
    "bytes that are no text": post("/api/runs", RUN[:-1] + b', "name": "\xff"}'),
    "a NUL in a name": post("/api/runs", RUN[:-1] + b', "name": "a\\u0000b"}'),
    "a name that steers a terminal": post("/api/runs", RUN[:-1] + b', "note": "\\u001b]0;x\\u0007"}'),
    "a retry of an option": post(f"/runs/{RUN_ID}/retry-single", b'{"attempt": "--results-dir=/tmp"}'),
    "a packed body": post("/api/runs", b"\x1f\x8b\x08\x00" + b"\0" * 100, Content_Encoding="gzip"),
    "a form without a boundary": upload_of(part(), "multipart/form-data"),
    "a boundary of nothing": upload_of(part(), "multipart/form-data; boundary="),
    "a boundary of a thousand letters": upload_of(part(), f"multipart/form-data; boundary={'b' * 1000}"),
    "a part whose head never ends": upload_of(part(more=b"X-Y: " + b"z" * (4 << 20))),
    "a part with ten thousand heads": upload_of(part(more=b"X-Y: z\r\n" * 10_000)),
    "a thousand parts before the file": upload_of(b"--b\r\nX: y\r\n\r\nz\r\n" * 20_000 + part()),
    "a form that never ends": upload_of(part()[:-7]),
    "a file within another form": upload_of(part(more=b"Content-Type: multipart/mixed; boundary=c\r\n", body=b"--c")),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_it_does_not_get_through_either(server, tmp_path, name):
    before, begun = tree(tmp_path / "results"), time.process_time()
    head, body, headers = HOSTILE[name]
    host = urlsplit(server.url).netloc
    given = {key: value and value.replace("{host}", host) for key, value in headers.items()}
    status, said = send(server, head, body, **given)
    assert 400 <= status < 500, said[:300]
    assert SECRET not in said and "Traceback" not in said and "root:" not in said
    assert tree(tmp_path / "results") == before
    assert not list((tmp_path / "results").rglob(".*.new"))
    assert time.process_time() - begun < 5
    assert server.json("/health")["status"] == "ok"


def test_a_thousand_ranges_get_no_more_than_the_file(server):
    status, said = send(server, f"GET /artifacts/{RUN_ID}/large.log", Range="bytes=" + "0-," * 1000 + "0-")
    assert status in (200, 206, 416) and len(said) < 110_000


def test_a_removal_that_names_another_run_removes_nothing(server, tmp_path):
    before = tree(tmp_path / "results")
    send(server, f"POST {CONTROL}", b"do=remove&confirm=run_1", Content_Type=FORM)
    assert tree(tmp_path / "results") == before


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_what_changes_something_is_not_done_by_another_method(server, tmp_path, method):
    before = tree(tmp_path / "results")
    for path in (f"/api/runs/{RUN_ID}?confirm={RUN_ID}", CONTROL, f"/api/runs/{RUN_ID}/cancel", "/api/runs"):
        send(server, f"{method} {path}")
    assert tree(tmp_path / "results") == before


def test_the_head_of_a_stream_ends_and_leaves_nothing_behind(server):
    for path in ("/api/pages/stream", "/api/benchmark-sse", f"/api/runs/{RUN_ID}/events"):
        assert send(server, f"HEAD {path}")[0] == 200
    assert server.app.state.broadcast.hub.frames("live/index.html") == {}


def raw(server, *pieces: bytes) -> bytes:
    """What the server says to bytes that are sent one by one, until it closes."""
    where = urlsplit(server.url)
    said = b""
    with socket.create_connection((where.hostname, where.port), 20) as line, suppress(OSError):
        for piece in pieces:
            line.sendall(piece)
        while more := line.recv(65536):
            said += more
    return said


HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize("pieces", [(b"",), (HEAD,), (HEAD + b"\r\n", HEAD)], ids=["none", "half", "the second"])
def test_half_a_head_holds_no_line_open(tmp_path, monkeypatch, pieces):
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.2)
    with serving(tmp_path) as one:
        begun = time.monotonic()
        raw(one, *pieces)
        assert time.monotonic() - begun < 15


def test_half_a_file_holds_nothing_open(tmp_path, monkeypatch, terms):
    monkeypatch.setattr(upload, "PATIENCE_SECONDS", 0.2)
    head = f"POST {UPLOAD} HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    body = part()[:-10]
    with serving(tmp_path / "results", tmp_path / "tasks", terms) as one:
        said = raw(one, f"{head}Connection: close\r\nContent-Length: 9999\r\n\r\n".encode() + body)
    assert b"nothing of the file came" in said
    assert not list((tmp_path / "results").rglob(".*.new"))


def test_who_removes_a_run_twice_at_once_is_told_so(server):
    path, answers = f"/api/runs/{RUN_ID}?confirm={RUN_ID}", []

    def remove() -> None:
        answers.append(send(server, f"DELETE {path}"))

    threads = [threading.Thread(target=remove) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = [status for status, _ in answers]
    assert statuses.count(200) == 1, answers
    assert set(statuses) <= {200, 404, 409}


def test_a_run_that_is_removed_under_its_streams_ends_or_says_so(server):
    with server.client.stream("GET", f"/api/pages/stream?page=run/{RUN_ID}/index.html") as answer:
        lines = answer.iter_lines()
        next(lines)
        send(server, f"DELETE /api/runs/{RUN_ID}?confirm={RUN_ID}")
        until(lambda: '"key":null' in next(lines).replace(" ", ""))
    assert server.get(f"/run/{RUN_ID}/index.html").status_code == 404


def test_there_are_forty_of_the_second_kind():
    assert len(HOSTILE) >= 40
