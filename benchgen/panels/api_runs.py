"""The JSON of the seeds' lists of runs, comparisons and best runs, from digests."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from benchgen.clock import between
from benchgen.numbers.rates import Rate, TaskOutcome
from benchgen.panels import costs, outcomes
from benchgen.panels.compare import Compare, compare
from benchgen.panels.remembered import Remembered
from benchgen.records.digest import ModelDigest, RunDigest

Json = dict[str, Any]
NANO = 1_000_000_000


def usd(nanousd: int | None) -> float | None:
    """Dollars of nano-dollars; None stays unknown."""
    return None if nanousd is None else nanousd / NANO


def runs(digests: Iterable[RunDigest], remembered: Remembered | None = None) -> Json:
    """`/api/benchmark/runs` of seed 004, newest first."""
    kept = remembered or Remembered()
    return {"runs": [kept.of("entry", (digest,), partial(run_entry, digest)) for digest in digests]}


def run_entry(digest: RunDigest) -> Json:
    """One run with the keys of seed 004."""
    rate = outcomes.rate_of(outcomes.of_run(digest))
    return {
        "run_id": digest.run_id,
        "model_id": model_id(digest),
        "models": [model.model_id for model in digest.models],
        "created_at": digest.created_at,
        "status": digest.status,
        "total_tasks": len(digest.tasks) or digest.total,
        "success_rate": rate.value,
        "success_rate_ci": _bounds(rate),
        "avg_steps": avg_steps(digest),
        "is_mock": digest.is_mock,
    }


def comparison(a: RunDigest, b: RunDigest) -> Json:
    """`/api/benchmark/compare?runs=A,B` of seed 004, whose delta is A minus B."""
    entry_a, entry_b = full_entry(a), full_entry(b)
    domains = {
        name: {"success_rate": _minus(entry["rate"], entry_b["domain_breakdown"][name]["rate"])}
        for name, entry in entry_a["domain_breakdown"].items()
        if name in entry_b["domain_breakdown"]
    }
    delta = {
        "success_rate": _minus(entry_a["success_rate"], entry_b["success_rate"]),
        "avg_steps": _minus(entry_a["avg_steps"], entry_b["avg_steps"]),
        "domain_deltas": domains,
    }
    return {"comparison": {"run_a": entry_a, "run_b": entry_b, "delta": delta, "paired": _paired(compare(b, a))}}


def full_entry(digest: RunDigest) -> Json:
    """One run with all metrics that its digest holds."""
    groups: dict[str, dict[str, TaskOutcome]] = {}
    for task, outcome in outcomes.of_run(digest).items():
        card = digest.tasks.get(task)
        if card and card.domain:
            groups.setdefault(card.domain, {})[task] = outcome
    only = digest.models[0] if len(digest.models) == 1 else None
    return {
        **run_entry(digest),
        "benchmark_name": digest.benchmark_name,
        "domain_breakdown": {
            name: domain_entry(outcomes.rate_of(group), _avg_steps(digest, group)) for name, group in groups.items()
        },
        "first_action_accuracy": only.first_action_accuracy if only else None,
        "avg_steps_to_success": only.avg_steps_to_success if only else None,
        "avg_steps_to_failure": only.avg_steps_to_failure if only else None,
        "total_cost_usd": usd(costs.of_run(digest).nanousd),
    }


def _avg_steps(digest: RunDigest, tasks: Iterable[str]) -> float | None:
    """Mean steps of some tasks over all models, each evaluated attempt counting once."""
    tallies = [model.tasks[task] for task in tasks for model in digest.models if task in model.tasks]
    known = [(tally.steps, tally.evaluated) for tally in tallies if tally.steps is not None]
    return outcomes.ratio(sum(steps * count for steps, count in known), sum(count for _, count in known))


def run_list(digests: Iterable[RunDigest]) -> list[Json]:
    """`/api/runs` of seed 002: a plain list."""
    return [
        {
            "run_id": digest.run_id,
            "benchmark": digest.benchmark_name,
            "model": model_id(digest),
            "models": [model.model_id for model in digest.models],
            "kind": digest.kind,
            "status": digest.status,
            "created_at": digest.created_at,
            "finished_at": digest.finished_at,
            "primary_metric": _primary(digest),
            "is_mock": digest.is_mock,
        }
        for digest in digests
    ]


def best_runs(digests: Iterable[RunDigest]) -> Json:
    """`/leaderboard` of seeds 000 and 001: each model's best complete run, whatever its benchmark."""
    best: dict[tuple[str, str | None], tuple[float, RunDigest, ModelDigest]] = {}
    counts: dict[tuple[str, str | None], int] = {}
    for digest in digests:
        for model in digest.models:
            key = (model.model_id, digest.settings.thinking_level)
            counts[key] = counts.get(key, 0) + 1
            value = outcomes.share_of(model)
            if digest.is_complete and value is not None and (key not in best or value > best[key][0]):
                best[key] = (value, digest, model)
    entries = [_best(key, found, counts[key]) for key, found in best.items()]
    return {"models": sorted(entries, key=lambda entry: (-entry["best_accuracy"], entry["model_id"]))}


def domain_entry(rate: Rate, avg_steps_of_domain: float | None) -> Json:
    """A domain with the keys of seed 004; what could not be evaluated is beside the total, not in it."""
    return {
        "total": rate.evaluated,
        "success": rate.passed,
        "rate": rate.value,
        "avg_steps": avg_steps_of_domain,
        "excluded": rate.left_out,
    }


def model_id(digest: RunDigest) -> str | None:
    return digest.models[0].model_id if len(digest.models) == 1 else None


def avg_steps(digest: RunDigest) -> float | None:
    """Mean steps over the models of a run, weighed by their finished attempts."""
    known = [(model.avg_steps, model.finished) for model in digest.models if model.avg_steps is not None]
    return outcomes.ratio(sum(steps * count for steps, count in known), sum(count for _, count in known))


def _best(key: tuple[str, str | None], found: tuple[float, RunDigest, ModelDigest], runs_of_model: int) -> Json:
    value, digest, model = found
    ended = digest.started_at and digest.finished_at
    return {
        "model_id": key[0],
        "thinking_level": key[1],
        "best_accuracy": value,
        "cost_at_best": usd(costs.of_model(model).nanousd),
        "duration_at_best": between(digest.started_at or "", digest.finished_at or "") if ended else None,
        "best_run_id": digest.run_id,
        "runs": runs_of_model,
        "is_mock": model.is_mock,
    }


def _paired(found: Compare) -> list[Json]:
    """A minus B on common tasks, a test for each model that both have."""
    return [
        {
            "model_a": pair.b.model,
            "model_b": pair.a.model,
            "tasks": pair.result.tasks,
            "difference": pair.result.difference,
            "interval": [pair.result.interval.low, pair.result.interval.high] if pair.result.interval else None,
            "p": pair.result.p,
            "smallest_visible": pair.result.visible,
        }
        for pair in found.pairs
    ]


def _primary(digest: RunDigest) -> Json | None:
    value = outcomes.rate_of(outcomes.of_run(digest)).value
    return None if value is None else {"name": "accuracy", "value": value, "unit": None}


def _bounds(rate: Rate) -> list[float] | None:
    return [rate.interval.low, rate.interval.high] if rate.interval else None


def _minus(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b
