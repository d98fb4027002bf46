"""Every shape that the five seed documents show, against what a server answers: each key there, each value of its kind.

A shape is written as the document has it, with kinds in place of values. null stands for what nobody knows, and more
keys than a document shows are ours to add.
"""

from __future__ import annotations

from typing import Any

import pytest
from factories import RUN_ID, attempt, attempt_events, make_run, make_runs, run_config
from patterns import MIXED
from server_room import listening, serving, until
from test_lmstudio import studio
from test_server_launching import FAST, terms

from benchgen.store.locks import runner_lock
from benchgen.store.log import append

__all__ = ["terms"]  # the fixture
TEXT, COUNT, NUMBER, FLAG = str, int, float, bool
ANY = object
OTHER, THIRD = "run_20261121T044041Z_000002", "run_20261121T034041Z_000001"


def faults(shape: Any, value: Any, at: str = "") -> list[str]:
    """Where a value is not as the shape has it."""
    if value is None or shape is ANY:
        return []
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{at} is no object"]
        if "*" in shape:  # any names, each with the same beneath
            return [fault for name, one in value.items() for fault in faults(shape["*"], one, f"{at}.{name}")]
        missing = [f"{at}.{name} is missing" for name in shape if name not in value]
        return missing + [
            f for name, one in shape.items() if name in value for f in faults(one, value[name], f"{at}.{name}")
        ]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{at} is no list"]
        return [fault for index, one in enumerate(value) for fault in faults(shape[0], one, f"{at}[{index}]")]
    kinds = (int, float) if shape is float else (shape,)
    is_right = isinstance(value, kinds) and (shape is bool or not isinstance(value, bool))
    return [] if is_right else [f"{at} is {value!r}, not {shape.__name__}"]


def test_a_shape_finds_what_is_wrong():
    shape = {"a": COUNT, "b": [{"c": TEXT}]}
    assert faults(shape, {"a": 1, "b": [{"c": "x"}, {"c": None}], "more": 1}) == []
    assert faults(shape, {"a": True, "b": [{}]}) == [".a is True, not int", ".b[0].c is missing"]
    assert faults(shape, {"b": {}}) == [".a is missing", ".b is no list"]


JOB = {
    "run_id": TEXT, "model_id": TEXT, "status": TEXT, "total_tasks": COUNT, "completed_tasks": COUNT,
    "current_task": {"task_id": TEXT, "instruction": TEXT, "step": COUNT, "total_steps_estimate": NUMBER},
    "elapsed_seconds": NUMBER, "eta_seconds": NUMBER, "avg_task_seconds": NUMBER,
}  # fmt: skip
QUEUE = [{"task_id": TEXT, "status": TEXT}]
PAID = {"instance_type": TEXT, "hourly_rate_usd": NUMBER, "hours_elapsed": NUMBER, "cost_usd": NUMBER}
COSTS = {
    "azure_vm": PAID,
    "api_calls": {"*": {"model": TEXT, "input_tokens": COUNT, "output_tokens": COUNT, "cost_usd": NUMBER}},
    "gpu_time": {"*": PAID},
    "total_cost_usd": NUMBER,
}
DOMAINS = {"*": {"total": COUNT, "success": COUNT, "rate": NUMBER, "avg_steps": NUMBER}}
METRICS = {
    "success_rate_over_time": [{"task_idx": COUNT, "success_rate": NUMBER}],
    "avg_steps_per_task": [{"task_idx": COUNT, "avg_steps": NUMBER}],
    "domain_breakdown": DOMAINS,
    "episode_success_metrics": {
        "first_action_accuracy": NUMBER, "episode_success_rate": NUMBER, "avg_steps_to_success": NUMBER,
        "avg_steps_to_failure": NUMBER,
    },
}  # fmt: skip
WORKERS = {
    "total_workers": COUNT, "active_workers": COUNT, "idle_workers": COUNT,
    "workers": [{"worker_id": TEXT, "status": TEXT, "current_task": TEXT, "tasks_completed": COUNT,
                 "uptime_seconds": NUMBER, "idle_time_seconds": NUMBER}],
}  # fmt: skip
RUN_LINE = {"run_id": TEXT, "model_id": TEXT, "created_at": TEXT, "total_tasks": COUNT, "success_rate": NUMBER,
            "avg_steps": NUMBER}  # fmt: skip
DELTA = {"success_rate": NUMBER, "avg_steps": NUMBER, "domain_deltas": {"*": {"success_rate": NUMBER}}}
TRACKER = {
    "status": TEXT, "total_tasks": COUNT, "tasks_completed": COUNT,
    "current_task": {"task_id": TEXT, "instruction": TEXT, "domain": TEXT, "steps": [ANY],
                     "result": {"success": FLAG, "score": NUMBER, "num_steps": COUNT, "total_time_seconds": NUMBER}},
}  # fmt: skip
METRIC = {"name": TEXT, "value": NUMBER, "unit": TEXT}
BENCHMARK_RUN = {"run_id": TEXT, "benchmark": TEXT, "model": TEXT, "status": TEXT, "created_at": TEXT,
                 "finished_at": TEXT, "primary_metric": METRIC}  # fmt: skip
SUMMARY = {
    "schema_version": COUNT, "primary_metric": METRIC, "notes": [TEXT], "raw": {"source": TEXT, "hint": TEXT},
    "breakdowns": [{"name": TEXT, "items": [{"key": TEXT, "value": NUMBER, "unit": TEXT}]}],
    "run_id": TEXT, "timestamp_utc": TEXT, "tasks": [TEXT], "models": [TEXT], "metrics": {"model_accuracy": ANY},
    "attempts": [{"task_id": TEXT, "model": TEXT, "status": TEXT, "sample_index": COUNT, "attempt_dir": TEXT,
                  "duration_seconds": NUMBER, "error": TEXT,
                  "usage": {"prompt_tokens": COUNT, "completion_tokens": COUNT}}],
    "token_usage": {"prompt_tokens": COUNT, "completion_tokens": COUNT, "total_cost_usd": NUMBER},
}  # fmt: skip
BENCHMARK = {
    "benchmark_id": TEXT, "model_id": TEXT, "model_name": TEXT, "dataset_id": TEXT, "dataset_name": TEXT,
    "status": TEXT, "progress": NUMBER, "completed": COUNT, "total": COUNT, "throughput": NUMBER,
    "eta_seconds": NUMBER, "started_at": TEXT,
}  # fmt: skip
SHAPES = {
    "/api/benchmark/status": {"current_job": JOB, "queue": QUEUE},
    "/api/benchmark/costs": COSTS,
    "/api/benchmark/metrics": METRICS,
    "/api/benchmark/workers": WORKERS,
    "/api/benchmark/runs": {"runs": [RUN_LINE]},
    f"/api/benchmark/compare?runs={RUN_ID},{OTHER}": {"comparison": {"run_a": RUN_LINE, "run_b": RUN_LINE,
                                                                    "delta": DELTA}},
    "/api/benchmark-live": TRACKER,
    "/api/benchmark-progress": {"status": TEXT, "provider": TEXT, "tasks_total": COUNT, "tasks_complete": COUNT,
                                "message": TEXT},
    "/api/tasks": [{"task_id": TEXT, "task_type": TEXT, "status": TEXT, "title": TEXT, "description": TEXT,
                    "progress_percent": NUMBER, "elapsed_seconds": NUMBER, "metadata": {"*": ANY}}],
    "/api/vms": [ANY],
    "/api/health": {"status": TEXT},
    "/api/benchmarks": [{"name": TEXT, "category": TEXT, "description_short": TEXT, "tags": [TEXT]}],
    "/api/benchmarks/toy_0": {"name": TEXT, "category": TEXT, "description": TEXT, "tags": [TEXT],
                              "defaults": {"*": ANY}, "notes": [TEXT]},
    "/api/runs": [BENCHMARK_RUN],
    f"/api/runs/{OTHER}": {**BENCHMARK_RUN, "config": {"run_id": TEXT}, "command": TEXT, "artifacts": {"*": TEXT},
                           "summary": SUMMARY, "log_tail": [TEXT]},
    "/runs": {"runs": [{"run_id": TEXT}]},
    f"/runs/{OTHER}": {"summary": SUMMARY},
    "/leaderboard": {"models": [{"model_id": TEXT, "thinking_level": TEXT, "best_accuracy": NUMBER,
                                 "cost_at_best": NUMBER, "duration_at_best": NUMBER, "best_run_id": TEXT}]},
    "/health": {"status": TEXT},
    "/admin/datasets": {"datasets": [{"id": TEXT, "name": TEXT, "count": COUNT, "uploaded_at": TEXT}]},
    "/admin/benchmarks": {"benchmarks": [BENCHMARK]},
    "/admin/benchmarks/active": {"benchmarks": [BENCHMARK]},
    "/admin/models": {"models": [{"model_id": TEXT, "name": TEXT}]},
}  # fmt: skip


@pytest.fixture
def server(tmp_path, terms):
    """Three runs that have ended, and the newest one that goes on with two of six attempts done."""
    root = tmp_path / "results"
    list(make_runs(root, 3))
    running = make_run(
        root, run_config(run_id=RUN_ID, tasks=6, created_at="2026-11-21T09:40:41.000Z"), MIXED, finished=False, upto=2
    )
    append(running, attempt_events(attempt("task_2"))[:2])
    with runner_lock(running), serving(root, tmp_path / "tasks", terms) as one:
        until(lambda: one.json("/api/benchmark/status")["current_job"])
        yield one


def test_every_shape_is_answered(server):
    found = {path: faults(shape, server.json(path)) for path, shape in SHAPES.items()}
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
    job = server.json("/api/benchmark/status")["current_job"]
    assert (job["run_id"], job["completed_tasks"], job["current_task"]["task_id"]) == (RUN_ID, 2, "task_2")


def test_the_combined_stream_speaks_to_both_clients(server):
    combined = {"current_job": JOB, "costs": COSTS, "metrics": METRICS, "workers": WORKERS, "domain_breakdown": DOMAINS}
    with listening(server, "/api/benchmark-sse?interval=1") as events:
        seen = {}
        while not {"message", "connected", "status", "progress", "heartbeat"} <= seen.keys():
            name, data, _ = next(events)
            seen[name] = data
    assert faults(combined, seen["message"]) == []
    assert faults(SHAPES["/api/benchmark-progress"], seen["progress"]) == []


@pytest.fixture
def idle(tmp_path, terms):
    """Three runs that have ended: the next one starts at once."""
    list(make_runs(tmp_path / "results", 3))
    with serving(tmp_path / "results", tmp_path / "tasks", terms) as one:
        yield one


UPLOADED = {"dataset_id": TEXT, "name": TEXT, "count": COUNT, "uploaded_at": TEXT}
RESULTS = {
    "benchmark_id": TEXT, "model_name": TEXT, "dataset_name": TEXT, "status": TEXT, "total_time_seconds": NUMBER,
    "throughput": NUMBER,
    "results": [{"custom_id": TEXT, "response": {"status_code": COUNT, "body": {"choices": [{"message": {
        "content": TEXT}}]}}}],
}  # fmt: skip


@pytest.fixture
def model(monkeypatch):
    """A model that answers rows, at an address that the run's own process finds."""
    with studio("m", loaded={"i": "m"}) as running:
        monkeypatch.setenv("LMSTUDIO_BASE_URL", running.url)
        yield "lmstudio/m"


@pytest.mark.slow
def test_a_dataset_goes_from_its_upload_to_its_results(model, idle):
    def until_ended(benchmark_id):
        def line():
            lines = idle.json("/admin/benchmarks")["benchmarks"]
            return next(one for one in lines if one["benchmark_id"] == benchmark_id)

        until(lambda: line()["status"] == "completed", 90)
        return line()

    rows = '{"custom_id": "candidate-1", "method": "POST", "url": "/v1/chat/completions", "body": {"messages": '
    rows += '[{"role": "user", "content": "hello"}]}}\n'
    uploaded = idle.client.post("/admin/datasets/upload", files={"file": ("batch.jsonl", rows)})
    assert uploaded.status_code == 201 and faults(UPLOADED, uploaded.json()) == []
    asked = {"model_id": model, "dataset_id": uploaded.json()["dataset_id"]}
    started = idle.client.post("/admin/benchmarks/run", json=asked)
    assert faults({"benchmark_id": TEXT, "status": TEXT, "started_at": TEXT}, started.json()) == []
    assert faults(BENCHMARK, until_ended(started.json()["benchmark_id"])) == []
    assert faults(RESULTS, idle.json(f"/admin/benchmarks/{started.json()['benchmark_id']}/results")) == []


@pytest.mark.slow
def test_runs_are_started_as_seeds_000_and_002_start_them(idle):
    begun = idle.client.post("/api/runs", json={
        "benchmark": "toy_0", "model": FAST, "limit": 10, "temperature": 0.0, "top_p": 1.0, "max_tokens": 1024,
        "timeout": 120, "epochs": 1, "max_connections": 10,
    })  # fmt: skip
    assert (begun.status_code, faults({"run_id": TEXT}, begun.json())) == (201, [])
    other = idle.client.post("/runs", json={"models": [FAST], "tasks": ["toy_1"], "samples": 1})
    assert faults({"run_id": TEXT, "status": TEXT, "stream": TEXT}, other.json()) == []
    compared = idle.client.post("/api/compare", json={"run_ids": [OTHER, THIRD]}).json()
    assert faults({"runs": [BENCHMARK_RUN], "metrics": [{"name": TEXT, "values": {"*": NUMBER}}]}, compared) == []
    gone = idle.client.post(f"/api/runs/{begun.json()['run_id']}/cancel")
    assert gone.json()["status"] in ("canceled", "completed")
