"""A run's own streams: numbered events without gap or repeat, lines of its logs, attempts over a web socket."""

from __future__ import annotations

import os
import shutil

import pytest
from factories import RUN_ID, attempt, attempt_events, make_run, run_config
from server_room import listening, serving
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from benchgen.catalog.tasks import Catalog
from benchgen.records.events import RunFinished
from benchgen.server import harness_routes
from benchgen.server.app import make_app
from benchgen.server.run_feed import RunFeed
from benchgen.store.locks import runner_lock
from benchgen.store.log import append
from benchgen.store.runs import Results
from benchgen.store.tails import last_lines, lines_since

EVENTS = f"/api/runs/{RUN_ID}/events"
END = RunFinished(status="completed", exit_code=0)


@pytest.fixture
def going(tmp_path):
    folder = make_run(tmp_path / "results", run_config(tasks=4), finished=False, upto=1, artifacts=False)
    with runner_lock(folder):
        yield folder


def feed(folder, after=None):
    results = Results(folder.parent)
    return RunFeed(folder, results.config(folder.name), after)


def test_a_new_reader_is_told_how_the_run_stands_and_then_what_is_new(going):
    reader = feed(going)
    first = reader.poll()
    assert [one.name for one in first] == ["status", "progress"]
    assert first[1].data["completed"] == 1 and first[1].data["percent"] == 25.0
    append(going, [*attempt_events(attempt("task_1")), END])
    told = reader.poll()
    assert [one.seq for one in told] == list(range(first[0].seq + 1, first[0].seq + 6))
    assert told[-2].data["completed"] == 2 and told[-2].data["status"] == "passed"
    assert told[-1].name == "completed"
    assert reader.poll() == []


@pytest.mark.parametrize("after", range(9))
def test_whoever_comes_back_misses_no_event_and_gets_none_twice(going, after):
    append(going, [END])
    told = [one for one in feed(going, after).poll() if one.seq]
    assert [one.seq for one in told] == list(range(after + 1, 9))


def test_lines_of_the_log_come_once_and_say_where_the_next_begins(going):
    log = going / "stderr.log"
    log.write_text("one\ntwo\nthr")
    reader = feed(going)
    assert [one.data["line"] for one in reader.poll() if one.name == "log_line"] == ["one", "two"]
    with log.open("a") as file:
        file.write("ee\nfour\n")
    assert [(one.data["line"], one.data["offset"]) for one in reader.poll()] == [("three", 19), ("four", 19)]


def test_a_reader_far_behind_is_moved_to_the_end_of_a_long_log(tmp_path):
    log = tmp_path / "stderr.log"
    log.write_bytes(b"a line\n" * 100_000)
    tail = lines_since(log, 7)
    assert tail.offset == 700_000
    assert 0 < len(tail.lines) < 10_000
    assert tail.skipped > 600_000
    assert last_lines(log, 3).lines == ("a line",) * 3


@pytest.mark.parametrize("content", [b"", b"no newline", b"\xff\xfe\n", b"x" * 200_000])
def test_any_bytes_are_lines_or_none(tmp_path, content):
    log = tmp_path / "stderr.log"
    log.write_bytes(content)
    assert all(isinstance(line, str) for line in last_lines(log, 5).lines)
    assert lines_since(log, 10**9).offset <= len(content)


def test_the_stream_carries_the_numbers_and_ends_with_the_run(going):
    with serving(going.parent) as server, listening(server, EVENTS) as events:
        name, data, number = next(events)
        assert (name, data["status"], number) == ("status", "running", str(data["seq"]))
        append(going, [*attempt_events(attempt("task_1")), END])
        seen = list(events)
        numbers = [int(number) for _, _, number in seen if number]
        assert numbers[1:] == list(range(data["seq"] + 1, data["seq"] + 6))
        assert [name for name, _, _ in seen][-1] == "completed"
        resumed = server.get(EVENTS, headers={"Last-Event-ID": str(numbers[-1])})
        assert resumed.status_code == 204


def test_the_stream_of_a_run_that_is_removed_ends(going):
    with serving(going.parent) as server, listening(server, EVENTS) as events:
        next(events)
        shutil.rmtree(going)
        assert "heartbeat" not in [name for name, _, _ in events]


def test_a_web_socket_gets_every_attempt_and_the_summary_whatever_it_says_itself(going):
    app = make_app(going.parent, Catalog(going))
    with (
        TestClient(app, base_url="http://localhost") as client,
        client.websocket_connect(f"ws://localhost/runs/{RUN_ID}/stream") as socket,
    ):
        first = socket.receive_json()
        socket.send_bytes(b"nobody listens to this")
        assert (first["type"], len(first["attempts"]), first["total"]) == ("init", 1, 4)
        append(going, [*attempt_events(attempt("task_1")), END])
        second, third = socket.receive_json(), socket.receive_json()
        assert (second["type"], second["attempt"]["task_id"]) == ("attempt", "task_1")
        assert (third["type"], third["summary"]["status"]) == ("complete", "completed")


def test_a_web_socket_of_no_run_is_closed_with_4404(going):
    app = make_app(going.parent, Catalog(going))
    with (
        TestClient(app, base_url="http://localhost") as client,
        client.websocket_connect("ws://localhost/runs/nope/stream") as socket,
    ):
        assert socket.receive_json()["type"] == "error"
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 4404


def test_a_web_socket_of_a_run_that_is_removed_says_so_and_is_closed(going):
    app = make_app(going.parent, Catalog(going))
    with (
        TestClient(app, base_url="http://localhost") as client,
        client.websocket_connect(f"ws://localhost/runs/{RUN_ID}/stream") as socket,
    ):
        assert socket.receive_json()["type"] == "init"
        shutil.rmtree(going)
        assert socket.receive_json() == {"type": "error", "run_id": RUN_ID, "message": f"no run {RUN_ID!r}"}
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 4404


def test_a_web_socket_of_a_run_that_is_removed_says_so_though_its_config_lies_there_still(going):
    app = make_app(going.parent, Catalog(going))
    with (
        TestClient(app, base_url="http://localhost") as client,
        client.websocket_connect(f"ws://localhost/runs/{RUN_ID}/stream") as socket,
    ):
        assert socket.receive_json()["type"] == "init"
        (going / "events.jsonl").unlink()
        assert socket.receive_json() == {"type": "error", "run_id": RUN_ID, "message": f"no run {RUN_ID!r}"}


def test_a_fault_of_ours_in_a_web_socket_is_not_swallowed(going, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    app = make_app(going.parent, Catalog(going))
    with (
        TestClient(app, base_url="http://localhost") as client,
        pytest.raises(ZeroDivisionError),
        client.websocket_connect(f"ws://localhost/runs/{RUN_ID}/stream") as socket,
    ):
        socket.receive_json()
        monkeypatch.setattr(harness_routes, "_entries", fail)
        append(going, attempt_events(attempt("task_1")))
        socket.receive_json()


def test_a_web_socket_of_another_origin_is_refused(going):
    app = make_app(going.parent, Catalog(going))
    address, headers = f"ws://localhost/runs/{RUN_ID}/stream", {"Origin": "http://evil.example"}
    with (
        TestClient(app, base_url="http://localhost") as client,
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(address, headers=headers),
    ):
        pass


OUT = ["../config.json", "..%2f..%2fx", "%2e%2e/x", "/etc/passwd", "a/../../x", ".hidden", "link", "folder/link",
       "config.json%00.txt", "..\\x", "folder", "fifo"]  # fmt: skip


@pytest.mark.parametrize("name", OUT)
def test_nothing_but_regular_files_of_the_run_is_given_out(going, name):
    (going.parent / "secret").write_text("secret")
    (going / "folder").mkdir()
    for link in (going / "link", going / "folder" / "link"):
        link.symlink_to(going.parent / "secret")
    (going / ".hidden").write_text("secret")
    os.mkfifo(going / "fifo")
    app = make_app(going.parent, Catalog(going))
    with TestClient(app, base_url="http://localhost") as client:
        answer = client.get(f"/artifacts/{RUN_ID}/{name}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_an_artifact_is_a_download_that_can_run_nothing(going):
    (going / "page.html").write_text("<script>alert(1)</script>")
    app = make_app(going.parent, Catalog(going))
    with TestClient(app, base_url="http://localhost") as client:
        answer = client.get(f"/artifacts/{RUN_ID}/page.html")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"
    assert "sandbox" in answer.headers["content-security-policy"]
