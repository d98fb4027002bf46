"""A server follows a harness that writes as clumsily as the real one: every outcome, no flicker, no 500."""

from __future__ import annotations

import itertools

import pytest
from harness import Harness
from server_room import listening, serving, until

from benchgen import paths
from benchgen.server.terms import Terms

TASKS = 12
ROUTES = ("status", "costs", "metrics", "workers", "runs")


@pytest.mark.slow
def test_every_outcome_of_a_clumsy_writer_is_shown_and_nothing_flickers(tmp_path):
    live, root = tmp_path / paths.LIVE, tmp_path / "ours"
    root.mkdir()
    seen: list[str] = []
    with serving(root, terms=Terms(live_files=(live,))) as server:
        routes = itertools.cycle(ROUTES)

        def ask() -> None:
            """What any client would ask, while the file is empty, half and whole."""
            seen.append(server.json("/api/benchmark/status")["status"])
            server.json(f"/api/benchmark/{next(routes)}")

        harness = Harness(tmp_path / paths.RESULTS_DIR, live, total=TASKS)
        harness.start("task_0")
        until(lambda: server.json("/api/benchmark/status")["status"] == "running")
        harness.between = ask
        for number in range(TASKS):
            if number:
                harness.start(f"task_{number}")
            harness.step(0)
            harness.step(1)
            broken = number % 5 == 4
            harness.finish(success=number % 3 > 0, error="it broke" if broken else None)
        assert set(seen) == {"running"}
        harness.between = lambda: None
        harness.end()
        until(lambda: server.json("/api/benchmark/runs")["runs"][0]["status"] == "completed")
        (run,) = server.json("/runs")["runs"]
        assert (run["total_tasks"], run["success_rate"]) == (TASKS, 8 / TASKS)
        shown = server.get(f"/run/{run['run_id']}/index.html").text
        assert all(f"task_{number}" in shown for number in range(TASKS))


@pytest.mark.slow
def test_a_stream_of_a_followed_run_has_numbers_without_a_gap_over_a_restart(tmp_path):
    harness = Harness(tmp_path)
    harness.start("task_0")
    events = "/api/runs/waa_eval_1/events"
    with serving(tmp_path) as server, listening(server, events) as told:
        first = next(seq for _, _, seq in told if seq)
    harness.step(0)
    harness.finish()
    harness.end()
    with serving(tmp_path) as server, listening(server, events, **{"Last-Event-ID": first}) as told:
        numbers = [int(seq) for _, _, seq in told if seq]
    assert numbers == list(range(int(first) + 1, int(first) + 1 + len(numbers)))
    assert len(numbers) >= 3
