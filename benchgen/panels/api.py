"""The JSON of seed 004's live endpoints, from the panels of the pages; durations are added from an explicit now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchgen import codec
from benchgen.clock import between
from benchgen.panels.api_runs import domain_entry, usd
from benchgen.panels.attempts import AttemptLine
from benchgen.panels.costs import Costs, MachineLine, Money, ProviderCost
from benchgen.panels.current_job import CurrentJob
from benchgen.panels.domains import Domains
from benchgen.panels.performance import Performance
from benchgen.panels.workers import WorkerLine, Workers
from benchgen.store.live import Live

Json = dict[str, Any]
PHASES = ("prompting", "waiting", "applying", "testing")
_SPELLED = {"queued": "setup", "running": "running", "completed": "complete", "failed": "error", "canceled": "error"}


def status(job: CurrentJob | None, performance: Performance | None, now: str) -> Json:
    """`/api/benchmark/status`: the current job with its durations, and what waits."""
    if job is None:
        return {"status": "idle", "current_job": None, "queue": []}
    said = "stale" if job.is_dead else job.status
    left = _eta(job, now)
    entry = {
        "run_id": job.run_id,
        "model_id": model_id(job),
        "models": list(job.models),
        "status": said,
        "total_tasks": job.total,
        "completed_tasks": job.finished,
        "current_task": _current_task(job, performance),
        "elapsed_seconds": elapsed(job, now),
        "eta_seconds": left[0],
        "eta_low_seconds": left[1],
        "eta_high_seconds": left[2],
        "avg_task_seconds": job.mean_seconds,
        "is_mock": job.is_mock,
    }
    queue = [
        {"task_id": one.task, "model_id": one.model, "sample": one.sample, "status": "pending"} for one in job.queue
    ]
    return {"status": said, "current_job": entry, "queue": queue}


def costs(panel: Costs | None) -> Json:
    """`/api/benchmark/costs`; an unknown price is null, and the total then a lower bound."""
    if panel is None:
        return {
            "azure_vm": _machines(()),
            "api_calls": {},
            "gpu_time": {},
            "total_cost_usd": None,
            "total_is_lower_bound": False,
        }
    gpus = [machine for machine in panel.machines if machine.kind == "gpu_time"]
    rest = [machine for machine in panel.machines if machine.kind != "gpu_time"]
    return {
        "azure_vm": _machines(rest),
        "api_calls": {provider.provider: _provider(provider) for provider in panel.providers},
        "gpu_time": {machine.machine: _machines([machine]) for machine in gpus},
        "total_cost_usd": usd(panel.total.nanousd),
        "total_is_lower_bound": panel.total.is_lower_bound or panel.total.nanousd is None,
        "projected_cost_usd": usd(panel.projected.nanousd) if panel.projected else None,
        "budget_usd": usd(panel.budget_nanousd),
    }


def metrics(panel: Performance | None, domains: Domains | None) -> Json:
    """`/api/benchmark/metrics`."""
    return {
        "success_rate_over_time": [
            {"task_idx": point.evaluated - 1, "success_rate": point.value} for point in (panel.points if panel else ())
        ],
        "avg_steps_per_task": [
            {"task_idx": point.evaluated - 1, "avg_steps": point.avg_steps} for point in (panel.steps if panel else ())
        ],
        "domain_breakdown": domain_breakdown(domains),
        "episode_success_metrics": {
            "first_action_accuracy": panel.first_action_accuracy if panel else None,
            "episode_success_rate": panel.rate.value if panel else None,
            "avg_steps_to_success": panel.avg_steps_to_success if panel else None,
            "avg_steps_to_failure": panel.avg_steps_to_failure if panel else None,
        },
    }


def domain_breakdown(panel: Domains | None) -> Json:
    return {group.key: domain_entry(group.rate, group.avg_steps) for group in (panel.groups if panel else ())}


def workers(panel: Workers | None, now: str, registered: Sequence[str] = ()) -> Json:
    """`/api/benchmark/workers`; machines that are `registered` and have said nothing are of unknown status."""
    unheard = _unheard(panel, registered)
    return {
        "total_workers": (panel.total if panel else 0) + len(unheard),
        "active_workers": panel.active if panel else 0,
        "idle_workers": panel.idle if panel else 0,
        "workers": [*(_worker(line, now) for line in (panel.lines if panel else ())), *map(_machine, unheard)],
    }


def vms(panel: Workers | None, now: str, registered: Sequence[str] = ()) -> list[Json]:
    """`/api/vms`: the workers that name their host, and machines that are registered. Where those are, stays here."""
    heard = [{"name": line.host, **_worker(line, now)} for line in (panel.lines if panel else ()) if line.host]
    return [*heard, *({"name": name, **_machine(name)} for name in _unheard(panel, registered))]


def _unheard(panel: Workers | None, registered: Sequence[str]) -> list[str]:
    known = {name for line in (panel.lines if panel else ()) for name in (line.worker, line.host)}
    return [name for name in registered if name not in known]


def _machine(name: str) -> Json:
    return {
        "worker_id": name,
        "status": "unknown",
        "current_task": None,
        "tasks_completed": None,
        "uptime_seconds": None,
        "idle_time_seconds": None,
        "host": None,
    }


def live(tracker: Live | None, *, is_dead: bool = False) -> Json:
    """`/api/benchmark-live`: the live tracker as `store` writes it, `stale` when its run has died."""
    if tracker is None:
        return {"status": "idle"}
    return codec.plain(tracker) | ({"status": "stale"} if is_dead else {})


def progress(job: CurrentJob | None) -> Json:
    """`/api/benchmark-progress`."""
    if job is None:
        return {"status": "idle", "provider": None, "tasks_total": 0, "tasks_complete": 0, "message": ""}
    return {
        "status": "stale" if job.is_dead else _SPELLED[job.status],
        "provider": ", ".join(dict.fromkeys(model.partition("/")[0] for model in job.models)),
        "tasks_total": job.total,
        "tasks_complete": job.finished,
        "message": job.detail or f"{job.finished} of {job.total} attempts finished",
    }


def named_progress(job: CurrentJob | None) -> Json:
    """What the named event `progress` says beside that, in the words of the client of seed 004's origin."""
    return {
        "tasks_completed": job.finished if job else 0,
        "total_tasks": job.total if job else 0,
        "current_task": job.running[0].task if job and job.running else None,
    }


def task_complete(line: AttemptLine) -> Json:
    """The named event `task_complete`: an attempt that has finished, with the keys of that client beside ours."""
    return {**codec.plain(line), "task_id": line.task, "success": line.category is None}


def background_tasks(jobs: Sequence[CurrentJob], now: str) -> list[Json]:
    """`/api/tasks`: each run as one background task."""
    return [
        {
            "task_id": job.run_id,
            "task_type": "benchmark_run",
            "status": "stale" if job.is_dead else job.status,
            "title": job.run_name or job.benchmark_name,
            "description": f"{job.benchmark_name}: {', '.join(job.models)}",
            "progress_percent": None if job.share is None else round(100 * job.share, 1),
            "elapsed_seconds": elapsed(job, now),
            "metadata": {"kind": job.kind, "total_tasks": job.total, "completed_tasks": job.finished},
        }
        for job in jobs
    ]


def elapsed(job: CurrentJob, now: str) -> float | None:
    """Seconds since the run started, up to its end or, when it died, to its last event."""
    if job.started_at is None:
        return None
    until = job.finished_at or (job.updated_at if job.is_dead else now)
    return between(job.started_at, until or now)


def model_id(job: CurrentJob) -> str | None:
    """The model of a run; null when there are several."""
    return job.models[0] if len(job.models) == 1 else None


def _eta(job: CurrentJob, now: str) -> tuple[float | None, float | None, float | None]:
    if job.eta is None:
        return None, None, None
    return between(now, job.eta.at), between(now, job.eta.low_at), between(now, job.eta.high_at)


def _current_task(job: CurrentJob, performance: Performance | None) -> Json | None:
    if not job.running:
        return None
    one = job.running[0]
    step, steps = one.step, _steps_estimate(performance)
    if one.phase in PHASES:
        step, steps = PHASES.index(one.phase) + 1, len(PHASES)
    return {
        "task_id": one.task,
        "instruction": one.title,
        "step": step,
        "total_steps_estimate": steps,
        "phase": one.phase,
        "model_id": one.model,
        "worker_id": one.worker,
    }


def _steps_estimate(performance: Performance | None) -> int | None:
    return round(performance.avg_steps) if performance and performance.avg_steps is not None else None


def _worker(line: WorkerLine, now: str) -> Json:
    return {
        "worker_id": line.worker,
        "status": line.status,
        "current_task": line.current_task,
        "tasks_completed": line.done,
        "uptime_seconds": line.uptime_seconds(now),
        "idle_time_seconds": line.idle_seconds(now),
        "host": line.host,
    }


def _machines(machines: Sequence[MachineLine]) -> Json:
    """Machines as one; where there is none, clients of seed 004 read its keys all the same."""
    rates = [machine.hourly_nanousd for machine in machines if machine.hourly_nanousd is not None]
    return {
        "instance_type": ", ".join(dict.fromkeys(m.instance_type or m.machine for m in machines)) or None,
        "hourly_rate_usd": usd(sum(rates)) if rates else None,
        "hours_elapsed": max((machine.hours for machine in machines), default=0.0),
        "cost_usd": usd(sum(machine.nanousd for machine in machines)),
    }


def _provider(provider: ProviderCost) -> Json:
    return {
        "model": provider.models[0].model,
        **_tokens(provider.input_tokens, provider.output_tokens, provider.money),
        "models": {one.model: _tokens(one.input_tokens, one.output_tokens, one.money) for one in provider.models},
    }


def _tokens(given: int | None, made: int | None, money: Money) -> Json:
    return {"input_tokens": given, "output_tokens": made, "cost_usd": usd(money.nanousd), "is_local": money.is_local}
