"""The JSON of seed 004's endpoints: its keys to the letter, unknown as null, durations from the now that is passed."""

from __future__ import annotations

from factories import at, attempt, model_spec, run_config, run_digest, run_events, run_state

from benchgen import codec
from benchgen.fold import fold
from benchgen.panels import api, api_runs
from benchgen.panels.costs import costs
from benchgen.panels.current_job import current_job
from benchgen.panels.domains import domains
from benchgen.panels.performance import performance
from benchgen.panels.workers import workers
from benchgen.records.events import AttemptPhase, AttemptStarted, Cost
from benchgen.records.run import Machine

NOW = at(40)


def going():
    machines = (
        Machine("azure_vm", "vm", "Standard_D4ds_v5", 192_000_000),
        Machine("gpu_time", "lambda_labs", "a10", 75),
    )
    config = run_config(tasks=6, machines=machines)
    running = attempt("task_5").attempt
    events = [
        *run_events(config, [attempt(f"task_{n}", started=1 + 2 * n) for n in range(4)], finished=False),
        AttemptStarted(at=at(20), attempt=running, task="task_5", model="acme/fast", sample=0, worker="local-1"),
        AttemptPhase(at=at(21), attempt=running, phase="applying"),
        Cost(at=at(22), machine="vm", kind="azure_vm", hours=2.5, cost_nanousd=480_000_000),
    ]
    return fold(config, iter(events))


def test_status_has_the_keys_of_the_seed():
    state = going()
    found = api.status(current_job(state), performance(state), NOW)
    job = found["current_job"]
    assert job.keys() >= {
        *("run_id", "model_id", "status", "total_tasks", "completed_tasks", "current_task"),
        *("elapsed_seconds", "eta_seconds", "avg_task_seconds", "eta_low_seconds", "eta_high_seconds"),
    }
    assert job["current_task"].keys() >= {"task_id", "instruction", "step", "total_steps_estimate"}
    assert (job["elapsed_seconds"], job["total_tasks"], job["completed_tasks"]) == (40.0, 6, 4)
    assert (job["current_task"]["step"], job["current_task"]["total_steps_estimate"]) == (3, 4)
    assert found["queue"][0]["task_id"] == "task_4" and found["queue"][0]["status"] == "pending"


def test_the_estimate_shrinks_as_now_moves_on():
    job, figures = current_job(going()), performance(going())
    first = api.status(job, figures, at(22))["current_job"]["eta_seconds"]
    second = api.status(job, figures, at(23))["current_job"]["eta_seconds"]
    assert first - second == 1.0


def test_without_a_run_everything_is_idle():
    assert api.status(None, None, NOW) == {"status": "idle", "current_job": None, "queue": []}
    assert api.progress(None)["status"] == "idle"
    assert api.live(None) == {"status": "idle"}
    assert api.costs(None)["total_cost_usd"] is None
    assert api.workers(None, NOW)["total_workers"] == 0


def test_a_dead_run_is_stale():
    job = current_job(going(), is_dead=True)
    assert api.status(job, None, NOW)["current_job"]["status"] == "stale"
    assert api.elapsed(job, NOW) == 22.0


def test_costs_have_the_keys_of_the_seed():
    found = api.costs(costs(going()))
    assert found["azure_vm"] == {
        "instance_type": "Standard_D4ds_v5",
        "hourly_rate_usd": 0.192,
        "hours_elapsed": 2.5,
        "cost_usd": 0.48,
    }
    assert found["gpu_time"]["lambda_labs"].keys() == found["azure_vm"].keys()
    assert found["api_calls"]["acme"].keys() >= {"model", "input_tokens", "output_tokens", "cost_usd", "models"}
    assert found["total_cost_usd"] == 0.486


def test_without_a_machine_the_keys_of_one_are_there():
    none = {"instance_type": None, "hourly_rate_usd": None, "hours_elapsed": 0.0, "cost_usd": 0.0}
    assert api.costs(None)["azure_vm"] == api.costs(costs(run_state()))["azure_vm"] == none


def test_an_unknown_price_is_null_and_the_total_a_lower_bound():
    state = run_state(cost_nanousd=None)
    found = api.costs(costs(state))
    assert found["api_calls"]["acme"]["cost_usd"] is None
    assert found["total_is_lower_bound"] is True


def test_metrics_have_the_keys_of_the_seed():
    state = run_state(run_config(tasks=4), {"task_0": "tests_failed"})
    found = api.metrics(performance(state), domains(state))
    assert found["success_rate_over_time"][0] == {"task_idx": 0, "success_rate": 0.0}
    assert found["success_rate_over_time"][-1] == {"task_idx": 3, "success_rate": 0.75}
    assert found["avg_steps_per_task"][-1].keys() == {"task_idx", "avg_steps"}
    assert found["domain_breakdown"]["text"] == {"total": 2, "success": 1, "rate": 0.5, "avg_steps": 1.0, "excluded": 0}
    assert found["episode_success_metrics"] == {
        "first_action_accuracy": None,
        "episode_success_rate": 0.75,
        "avg_steps_to_success": 1.0,
        "avg_steps_to_failure": 1.0,
    }


def test_nothing_evaluated_is_null_and_not_zero():
    state = run_state(run_config(tasks=2), "api_error")
    found = api.metrics(performance(state), domains(state))
    assert found["episode_success_metrics"]["episode_success_rate"] is None
    assert found["domain_breakdown"]["text"]["rate"] is None


def test_workers_have_the_keys_of_the_seed():
    found = api.workers(workers(going()), NOW)
    assert (found["total_workers"], found["active_workers"], found["idle_workers"]) == (1, 1, 0)
    assert found["workers"][0].keys() >= {
        *("worker_id", "status", "current_task", "tasks_completed", "uptime_seconds", "idle_time_seconds"),
    }


def test_runs_have_the_keys_of_the_seed():
    entry = api_runs.runs([run_digest()])["runs"][0]
    assert entry.keys() >= {"run_id", "model_id", "created_at", "total_tasks", "success_rate", "avg_steps"}
    assert (entry["model_id"], entry["total_tasks"], entry["success_rate"]) == ("acme/fast", 2, 1.0)


def test_a_run_of_several_models_has_no_single_model():
    digest = run_digest(run_config(models=["a/a", "b/b"]))
    assert api_runs.runs([digest])["runs"][0]["model_id"] is None


def test_a_comparison_is_a_minus_b():
    better = run_digest(run_config(run_id="run_a", tasks=4))
    worse = run_digest(run_config(run_id="run_b", tasks=4), [None, "tests_failed"])
    found = api_runs.comparison(better, worse)["comparison"]
    assert found.keys() >= {"run_a", "run_b", "delta"}
    assert (found["run_a"]["run_id"], found["delta"]["success_rate"]) == ("run_a", 0.5)
    assert found["delta"]["domain_deltas"]["graphs"] == {"success_rate": 1.0}
    assert found["paired"][0]["difference"] == 0.5


def test_the_seeds_leaderboard_is_the_best_run_of_each_model():
    runs = [
        run_digest(run_config(run_id="run_a", created_at=at(0)), None),
        run_digest(run_config(run_id="run_b", created_at=at(9)), "tests_failed"),
    ]
    found = api_runs.best_runs(runs)["models"]
    assert [(one["model_id"], one["best_run_id"], one["best_accuracy"], one["runs"]) for one in found] == [
        ("acme/fast", "run_a", 1.0, 2)
    ]
    assert found[0].keys() >= {"thinking_level", "cost_at_best", "duration_at_best"}


def test_background_tasks_have_the_keys_of_the_seed():
    entry = api.background_tasks([current_job(going())], NOW)[0]
    assert entry.keys() == {
        *("task_id", "task_type", "status", "title", "description"),
        *("progress_percent", "elapsed_seconds", "metadata"),
    }


def test_every_answer_is_json():
    state = run_state(run_config(models=[model_spec("a/a", is_local=True)]))
    for answer in (
        api.status(current_job(state), performance(state), NOW),
        api.costs(costs(state)),
        api.metrics(performance(state), domains(state)),
        api.workers(workers(state), NOW),
        api_runs.run_list([run_digest()]),
    ):
        assert codec.compact(answer)
