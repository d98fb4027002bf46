"""Episodes on pages and over HTTP: steps, screenshots and logs, also while they grow."""

from __future__ import annotations

import pytest
from harness import PNG
from server_room import listening, serving, until

from benchgen.panels import links
from benchgen.tracker import Result, Task, Tracker


@pytest.fixture
def going(tmp_path):
    tracker = Tracker("notes", "agent/one", total_tasks=2, root=tmp_path)
    tracker.start_task(Task("write_1", "Write a note", "write"), worker="w-1")
    tracker.record_step(0, PNG, {"type": "click", "x": 3}, "the menu", correct=True)
    yield tracker
    tracker.finish()


def page_of(tracker: Tracker) -> str:
    return links.attempt(tracker.run_id, "write_1__agent/one__sample00")


def test_an_episode_has_a_page_while_it_is_under_way(going, tmp_path):
    with serving(tmp_path) as server:
        page = server.get("/" + page_of(going)).text
        assert "Write a note" in page and "the menu" in page and "✓ right" in page
        assert server.get(f"/run/{going.run_id}/files/tasks/write_1/screenshots/step_000.png").content == PNG
        assert page_of(going).rpartition("/a/")[2] in server.get(f"/run/{going.run_id}/index.html").text


def test_the_page_of_an_episode_grows_step_by_step_and_leads_to_its_outcome(going, tmp_path):
    with serving(tmp_path) as server, listening(server, f"/api/pages/stream?page={page_of(going)}") as events:

        def wait_for(panel, words):
            for _, said, _ in events:
                if said["id"] == panel and words in said.get("html", ""):
                    return

        wait_for("episode", "the menu")
        going.record_step(1, None, {"type": "type", "text": "milk"}, "now the note")
        wait_for("episode", "now the note")
        going.record_log("it is saved", "success")
        going.finish_task(Result(True, 1.0))
        wait_for("running_head", "It has ended")
        until(lambda: "it is saved" in server.get("/" + page_of(going)).text)
        assert 'data-level="SUCCESS"' in server.get("/" + page_of(going)).text


def test_a_task_is_told_with_its_steps_while_it_runs_and_when_it_has_ended(going, tmp_path):
    with serving(tmp_path) as server:
        where = f"/api/benchmark/tasks/{going.run_id}/write_1"
        running = server.json(where)
        assert running["definition"] == {"task_id": "write_1", "instruction": "Write a note", "domain": "write"}
        assert (running["execution"]["status"], running["execution"]["success"]) == ("running", None)
        assert running["execution"]["steps"][0]["action"] == {"type": "click", "x": 3}
        going.finish_task(Result(False, 0.0, error="lost", error_type="agent"))
        until(lambda: server.json(where)["execution"]["success"] is False)
        (shot,) = server.json(where)["screenshots"]
        answer = server.get(shot)
        assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")


@pytest.mark.parametrize(
    "name",
    ["../task.json", "..%2Ftask.json", "task.json", "step_404.png", "%2e%2e%2f%2e%2e%2fconfig.json", "..%5Cx.png"],
)
def test_nothing_but_a_screenshot_is_served_as_one(going, tmp_path, name):
    with serving(tmp_path) as server:
        for task in ("write_1", "..", "%2e%2e"):
            answer = server.get(f"/api/benchmark/screenshots/{going.run_id}/{task}/{name}")
            assert answer.status_code == 404


def test_an_unknown_task_is_not_found(going, tmp_path):
    with serving(tmp_path) as server:
        assert server.get(f"/api/benchmark/tasks/{going.run_id}/nobody").status_code == 404
        assert server.get("/api/benchmark/tasks/nobody/write_1").status_code == 404
