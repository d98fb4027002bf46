"""Streams while a run goes on: what changes reaches every listener, a dead runner is shown as dead."""

from __future__ import annotations

import shutil
import time

import pytest
import toys
from factories import RUN_ID, attempt, attempt_events, make_run, run_config
from server_room import listening, serving, until

from benchgen.records.events import RunFinished
from benchgen.store.locks import runner_lock
from benchgen.store.log import append


@pytest.fixture
def going(tmp_path):
    """A run of four tasks with one outcome, its runner alive."""
    folder = make_run(tmp_path / "results", run_config(tasks=4), finished=False, upto=1, artifacts=False)
    with runner_lock(folder):
        yield folder


@pytest.fixture
def server(going):
    with serving(going.parent) as one:
        yield one


def finish(folder, task):
    append(folder, attempt_events(attempt(task)))


def test_the_panel_stream_sends_all_panels_and_then_those_that_change(server, going):
    with listening(server, "/api/pages/stream") as events:
        shown = {}
        while "matrix" not in shown:
            _, data, _ = next(events)
            shown[data["id"]] = data.get("html", "")
        assert {"current_job", "costs", "performance", "workers", "domains", "recent_runs"} <= shown.keys() | {
            "performance",
            "recent_runs",
            "workers",
        }
        finish(going, "task_1")
        changed = next(data for _, data, _ in events if data["id"] == "current_job")
        assert "<strong>2</strong>" in changed["html"]


def test_a_runs_own_page_is_kept_new_by_its_stream(server, going):
    with listening(server, f"/api/pages/stream?page=run/{RUN_ID}/index.html") as events:
        finish(going, "task_1")
        seen = set()
        while not {"current_job", "attempts", "timeline", "run_cards"} <= seen:
            _, data, _ = next(events)
            if "task_1" in data.get("html", "") or "2 of 4" in data.get("html", ""):
                seen.add(data["id"])
            else:
                seen.add(data["id"])


def test_another_page_hears_that_it_is_out_of_date(server, going):
    key = server.get("/history/index.html").headers["etag"].strip('"')
    with listening(server, "/api/pages/stream?page=history/index.html") as events:
        assert next(data["key"] for _, data, _ in events if data["id"] == "page") == key
        finish(going, "task_1")
        assert next(data["key"] for _, data, _ in events if data["id"] == "page") != key


def test_polling_gives_the_same_panels(server):
    panels = {one["id"]: one for one in server.json("/api/pages/panels")["panels"]}
    assert "<strong>1</strong>" in panels["current_job"]["html"]
    run = {one["id"] for one in server.json(f"/api/pages/panels?page=run/{RUN_ID}/index.html")["panels"]}
    assert {"run_head", "attempts", "latency", "breakdown-language"} <= run


@pytest.mark.parametrize("page", ["nope", "events/x", "benchmark-sse", "run/nope/index.html"])
def test_a_stream_of_nothing_is_refused(server, page):
    assert server.get(f"/api/pages/stream?page={page}").status_code == 404
    assert server.get(f"/api/pages/panels?page={page}").status_code == 404


def test_the_combined_stream_serves_both_clients_of_seed_004(server, going):
    with listening(server, "/api/benchmark-sse?interval=0") as events:
        name, data, _ = next(events)
        assert (name, data) == ("connected", {"interval": 1})
        name, data, _ = next(events)
        keys = {"current_job", "queue", "costs", "metrics", "workers", "domain_breakdown", "runs", "seq"}
        assert (name, set(data)) == ("message", keys)
        assert data["current_job"]["completed_tasks"] == 1
        finish(going, "task_1")
        finish(going, "task_2")
        names, completed = set(), []
        while not {"message", "status", "progress", "task_complete", "heartbeat"} <= names or len(completed) < 2:
            name, data, _ = next(events)
            names.add(name)
            completed += [data["task"]] if name == "task_complete" else []
        assert completed == ["task_1", "task_2"]


@pytest.mark.parametrize(("given", "status"), [("x", 400), ("nan", 400), ("1e9", 200), ("-5", 200)])
def test_the_interval_is_clamped_or_refused(server, given, status):
    with server.client.stream("GET", f"/api/benchmark-sse?interval={given}") as answer:
        assert answer.status_code == status


def test_no_more_streams_are_opened_than_may_be(server):
    server.app.state.broadcast.hub._most = 0
    assert server.get("/api/pages/stream").status_code == 503


def test_a_runner_that_is_gone_is_shown_as_dead(tmp_path):
    folder = make_run(tmp_path, run_config(tasks=4), finished=False, upto=1, artifacts=False)
    with serving(tmp_path) as server:
        with runner_lock(folder):
            until(lambda: server.json("/api/benchmark/status")["status"] == "running")
        until(lambda: server.json("/api/benchmark/status")["status"] == "stale", 5)
        assert server.json("/api/benchmark-live")["status"] == "stale"


def test_the_run_that_ends_stays_on_the_page_and_the_status_is_idle(server, going):
    append(going, [RunFinished(status="completed", exit_code=0)])
    until(lambda: server.json("/api/benchmark/status") == {"status": "idle", "current_job": None, "queue": []})
    assert server.json("/api/benchmark-live")["status"] == "complete"
    assert RUN_ID in server.get("/live/index.html").text


def test_a_new_run_is_taken_up_and_a_deleted_one_is_let_go(tmp_path):
    first = make_run(tmp_path, artifacts=False)
    with serving(tmp_path) as server:
        second = make_run(tmp_path, run_config(run_id="second", tasks=4), finished=False, upto=1, artifacts=False)
        with runner_lock(second):
            until(lambda: (server.json("/api/benchmark/status")["current_job"] or {}).get("run_id") == "second")
        shutil.rmtree(second)
        until(lambda: [run["run_id"] for run in server.json("/api/benchmark/runs")["runs"]] == [first.name])
        assert server.json("/api/benchmark/status")["status"] == "idle"


def test_streams_end_within_a_second_when_the_server_does(going):
    with serving(going.parent) as server:
        opened = [server.client.stream("GET", "/api/pages/stream") for _ in range(5)]
        for stream in opened:
            next(stream.__enter__().iter_lines())
        begun = time.monotonic()
    assert time.monotonic() - begun < 1.5


@pytest.mark.slow
def test_a_killed_runner_is_shown_as_dead_within_20_seconds(tmp_path):
    tasks = toys.make_catalog(tmp_path / "tasks", 3)
    results = tmp_path / "benchmark_results"
    results.mkdir()
    with serving(results, tasks) as server:
        words = ("run", "all", "-m", "builtin/mock?pass=1&latency=30", "--tasks-dir", tasks)
        process = toys.start(*words, cwd=tmp_path)
        until(lambda: server.json("/api/benchmark/status")["status"] == "running", 60)
        toys.kill(process)
        process.communicate()
        until(lambda: server.json("/api/benchmark/status")["status"] == "stale", 20)
