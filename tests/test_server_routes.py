"""docs/http-api.md against the application: every row is there and does what it says, every route has its row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from factories import make_runs
from server_room import serving
from starlette.routing import Route, WebSocketRoute

from benchgen.catalog.tasks import Catalog
from benchgen.server.app import endpoints, make_app

TABLE = (Path(__file__).parents[1] / "docs" / "http-api.md").read_text("utf-8")
ROW = re.compile(r"^\| [\w ]+ \| (GET|POST|DELETE|PATCH|WS) `([^`]+)` \| (served|redirected|refused) \|", re.MULTILINE)
ROWS = ROW.findall(TABLE)
RUN = "run_20261121T024041Z_000000"
OTHER = "run_20261121T034041Z_000001"


def plain(path: str) -> str:
    return path.replace(":path}", "}")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("results")
    list(make_runs(root, 3))
    with serving(root) as one:
        yield one


def test_every_route_has_its_row_and_every_row_its_route():
    app = make_app(Path("nowhere"), Catalog(Path("nowhere")))
    routes = {
        (method, plain(route.path))
        for route in app.routes
        if isinstance(route, Route) and route.path != "/{path:path}" and route.path != "/ui"
        for method in (route.methods or set()) - {"HEAD"}
    }
    routes |= {("WS", route.path) for route in app.routes if isinstance(route, WebSocketRoute)}
    assert {(method, path) for method, path, _ in ROWS} == routes


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, what in ROWS if what == "refused"])
def test_a_refused_route_says_why(server, method, path):
    answer = server.client.request(method, path.replace("{run_id}", RUN).replace("{dataset_id}", "ds_0"), json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_served")
    assert answer.json()["error"]["message"] in TABLE or "cloud" in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", [path for _, path, what in ROWS if what == "redirected"])
def test_a_redirected_route_leads_to_a_page(server, path):
    answer = server.get(path)
    assert answer.status_code == 307
    if path != "/runs/new":
        assert server.get(answer.headers["location"]).status_code == 200


def test_the_description_holds_every_route_and_the_bodies(server):
    described = server.json("/api/openapi.json")
    form = described["paths"]["/dataset/upload"]["post"]["responses"]["4XX"]["content"]
    assert set(form) == {"application/json", "text/html"}
    assert {(method.upper(), path) for path, methods in described["paths"].items() for method in methods} == {
        (one.method, plain(one.path)) for one in endpoints()
    }
    assert "run_ids" in described["components"]["schemas"]["CompareBody"]["properties"]
    assert "benchmark" in described["components"]["schemas"]["LaunchBody"]["properties"]


# Keys that the seed documents show, by address.
SHAPES = {
    "/api/benchmark/status": {"current_job", "queue"},
    "/api/benchmark/costs": {"azure_vm", "api_calls", "gpu_time", "total_cost_usd"},
    "/api/benchmark/metrics": {"success_rate_over_time", "avg_steps_per_task", "domain_breakdown",
                               "episode_success_metrics"},
    "/api/benchmark/workers": {"total_workers", "active_workers", "idle_workers", "workers"},
    "/api/benchmark/runs": {"runs"},
    f"/api/benchmark/compare?runs={RUN},{OTHER}": {"comparison"},
    "/api/benchmark-live": {"status", "total_tasks", "tasks_completed", "current_task"},
    "/api/benchmark-progress": {"status", "provider", "tasks_total", "tasks_complete", "message"},
    f"/api/runs/{RUN}": {"run_id", "status", "config", "command", "artifacts", "summary", "log_tail", "benchmark",
                         "model", "created_at", "finished_at", "primary_metric"},
    "/runs": {"runs"},
    f"/runs/{RUN}": {"summary"},
    "/leaderboard": {"models"},
    "/health": {"status"},
    "/admin/benchmarks": {"benchmarks"},
    "/admin/benchmarks/active": {"benchmarks"},
    "/admin/models": {"models"},
}  # fmt: skip


@pytest.mark.parametrize("path", SHAPES)
def test_an_answer_has_the_keys_of_the_seeds(server, path):
    assert set(server.json(path)) >= SHAPES[path]


LINES = {
    ("/api/benchmark/runs", "runs"): {"run_id", "model_id", "created_at", "total_tasks", "success_rate", "avg_steps"},
    ("/leaderboard", "models"): {"model_id", "thinking_level", "best_accuracy", "cost_at_best", "duration_at_best",
                                 "best_run_id", "runs"},
    ("/admin/benchmarks", "benchmarks"): {"benchmark_id", "model_id", "model_name", "dataset_id", "dataset_name",
                                          "status", "progress", "completed", "total", "throughput", "eta_seconds",
                                          "started_at"},
    ("/admin/models", "models"): {"model_id", "name", "source"},
    ("/api/tasks", None): {"task_id", "task_type", "status", "title", "description", "progress_percent",
                           "elapsed_seconds", "metadata"},
    ("/api/runs", None): {"run_id", "benchmark", "model", "status", "created_at", "finished_at", "primary_metric"},
    ("/api/benchmarks", None): {"name", "category", "description_short"},
}  # fmt: skip


@pytest.mark.parametrize(("path", "key"), LINES)
def test_a_line_of_a_list_has_the_keys_of_the_seeds(server, path, key):
    answer = server.json(path)
    lines = answer if key is None else answer[key]
    assert lines
    assert set(lines[0]) >= LINES[path, key]


def test_the_plain_list_is_paged_with_headers(server):
    page = server.get("/api/runs?page=2&per_page=2")
    assert [line["run_id"] for line in page.json()] == [RUN]
    assert page.headers["x-total-count"] == "3"
    assert 'page=1&per_page=2>; rel="prev"' in page.headers["link"]


@pytest.mark.parametrize("query", ["page=0", "page=x", "per_page=0", "per_page=99999", "page=-1", "page=%00", "page="])
def test_a_page_that_is_none_is_refused(server, query):
    assert server.get(f"/api/runs?{query}").status_code == 400


def test_a_browser_is_led_from_the_api_to_the_page(server):
    for path, page in (("/runs", "/history/index.html"), (f"/runs/{RUN}", f"/run/{RUN}/index.html")):
        answer = server.get(path, headers={"Accept": "text/html,application/xhtml+xml"})
        assert (answer.status_code, answer.headers["location"]) == (303, page)
        assert answer.headers["vary"] == "Accept"
        assert server.get(path).headers["vary"] == "Accept"


def test_runs_are_compared_metric_by_metric(server):
    found = server.client.post("/api/compare", json={"run_ids": [RUN, OTHER]}).json()
    assert [run["run_id"] for run in found["runs"]] == [RUN, OTHER]
    assert found["metrics"][0] == {"name": "success_rate", "values": {RUN: 1.0, OTHER: 1.0}}
    assert found["warnings"] == []


@pytest.mark.parametrize("path", ["/api/runs/nope", "/runs/nope", "/api/runs/nope/events", "/api/benchmarks/nope"])
def test_what_is_not_there_is_refused(server, path):
    assert server.get(path).status_code == 404


CHANGING = [
    ("POST", "/api/runs"),
    ("POST", "/runs"),
    ("POST", f"/api/runs/{RUN}/cancel"),
    ("DELETE", f"/api/runs/{RUN}"),
]


@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_a_server_that_only_reads_refuses_to_change(server, method, path):
    answer = server.client.request(method, path, json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "read_only")
