"""A run's state to its `summary.json`, always a valid one: what is missing is None, and `notes` say why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from benchgen import paths
from benchgen.digest import digest_of, models_of
from benchgen.numbers.rates import Rate, TaskOutcome, outcome_of, rate
from benchgen.records.attempt import Attempt
from benchgen.records.digest import RunDigest
from benchgen.records.report import Breakdown, BreakdownItem, Metric
from benchgen.records.state import RunState
from benchgen.records.summary import CostParts, Raw, Summary
from benchgen.records.task import TaskCard
from benchgen.summary_kinds import SUMMARY_OF, first_named

_GROUPS: Mapping[str, Callable[[TaskCard], str]] = {
    "language": lambda card: card.language,
    "difficulty": lambda card: card.difficulty,
    "domain": lambda card: card.domain,
}


_FREE = ("builtin", "replay")
_NOTHING = TaskOutcome(0, 0)


def summarise(
    state: RunState,
    outcomes: Iterable[Attempt],
    output_dir: str = paths.RESULTS_DIR,
    digest: RunDigest | None = None,
) -> Summary:
    """The summary of a run in any state. Pure: the same log gives the same bytes.

    `outcomes` are those of `state.counted_rows()`, in that order; a kind that lists no attempts does not read them.
    The digest, where it is made already, holds what the state of a run of many rows leaves out: each task's tally.
    """
    shared = _shared(state, task_outcomes(digest or digest_of(state)))
    return SUMMARY_OF[state.config.kind](state, outcomes, shared, output_dir)


def task_outcomes(digest: RunDigest) -> dict[str, TaskOutcome]:
    """Each task over all models: the independent units of the run's one success rate."""
    found: dict[str, TaskOutcome] = {}
    for model in digest.models:
        for task, tally in model.tasks.items():
            before = found.get(task, _NOTHING)
            found[task] = outcome_of(
                before.passed + tally.passed, before.evaluated + tally.evaluated, before.left_out + tally.excluded
            )
    return found


def _shared(state: RunState, outcomes: Mapping[str, TaskOutcome]) -> dict[str, Any]:
    config, report = state.config, state.report
    models = tuple(spec.model_id for spec in models_of(state))
    overall = rate(outcomes.values())
    interval = overall.interval
    return {
        "kind": config.kind,
        "run_id": config.run_id,
        "run_name": config.run_name,
        "benchmark_name": config.benchmark_name,
        "status": state.status,
        "model_id": models[0] if len(models) == 1 else None,
        "models": models,
        "created_at": config.created_at,
        "finished_at": state.finished_at,
        "num_tasks": len(config.tasks) or config.total or (report and report.samples) or len(outcomes),
        "num_success": sum(outcome.passed > 0 for outcome in outcomes.values()),
        "success_rate": overall.value,
        "success_rate_ci": (interval.low, interval.high) if interval else None,
        "primary_metric": _primary(state, overall),
        "breakdowns": report.breakdowns if report else _breakdowns(state, outcomes),
        "notes": tuple(_notes(state, overall)),
        "raw": _raw(state),
        "cost_usd": cost_usd(state),
        "cost_parts": _cost_parts(state),
        "is_mock": config.is_mock,
    }


def cost_usd(state: RunState) -> float | None:
    """What the run cost, machines included; None as soon as a part of it is unknown."""
    answers = state.spending.values()
    may_have_cost = state.config.kind in ("openbench", "agent") or state.has_asked()
    nobody_reports = may_have_cost and not answers and not state.machines
    if nobody_reports or any(spending.answers_unpriced for spending in answers):
        return None
    nanousd = sum(spending.cost_nanousd for spending in answers)
    return (nanousd + sum(machine.cost_nanousd for machine in state.machines.values())) / 1e9


def _cost_parts(state: RunState) -> CostParts:
    """What the cost is made of; of answers without a price nothing is in it, as `cost_usd` says by being None."""
    answers = sum(spending.cost_nanousd for spending in state.spending.values())
    machines = sum(machine.cost_nanousd for machine in state.machines.values())
    return CostParts(
        counted_usd=(answers - state.replaced_nanousd - state.open_nanousd) / 1e9,
        superseded_usd=state.replaced_nanousd / 1e9,
        unfinished_usd=state.open_nanousd / 1e9,
        machines_usd=machines / 1e9,
    )


def _primary(state: RunState, overall: Rate) -> Metric | None:
    if state.report is not None:
        return first_named(state.report.metrics)
    if overall.value is None:
        return None
    name = {"code": "pass_at_1", "dataset": "accuracy", "openbench": "accuracy", "agent": "success_rate"}
    return Metric(name[state.config.kind], overall.value)


def _breakdowns(state: RunState, outcomes: Mapping[str, TaskOutcome]) -> tuple[Breakdown, ...]:
    """The success rate by what the tasks' cards say; a grouping that says nothing is left out."""
    found: list[Breakdown] = []
    for name, group_of in _GROUPS.items():
        groups: defaultdict[str, list[TaskOutcome]] = defaultdict(list)
        for task, outcome in outcomes.items():
            card = state.config.tasks.get(task)
            if card is not None and group_of(card):
                groups[group_of(card)].append(outcome)
        if groups:
            items = (BreakdownItem(key, rate(groups[key]).value) for key in sorted(groups))
            found.append(Breakdown(name, tuple(items)))
    return tuple(found)


def _notes(state: RunState, overall: Rate) -> list[str]:
    notes = list(state.report.notes) if state.report else []
    if state.error:
        notes.append(state.error)
    if state.status != "completed":
        notes.append(f"the run is {state.status}: {state.finished} of {state.total} attempts have an outcome")
    if state.finished and overall.note:
        notes.append(overall.note)
    if state.superseded:
        cost = state.replaced_nanousd
        money = f"; what they cost, ${cost / 1e9:.6f}, is part of the run's cost" if cost else ""
        notes.append(f"{len(state.superseded)} attempts were replaced by retries and do not count{money}")
    if state.dropped_requests and any(spec.provider not in _FREE for spec in state.config.models):
        notes.append(
            f"{state.dropped_requests} attempts waited for an answer when the run was broken off: "
            "what a provider may have billed for those is not known and in no number"
        )
    if state.config.settings.turns > 1:
        later = sum(tally.passed_later for tally in state.sums_of())
        notes.append(f"{later} attempts passed only at a later turn, told what failed, and count as not passed")
    if state.sandbox == "none":
        notes.append("model-written code ran without a sandbox")
    if any(spending.answers_unpriced for spending in state.spending.values()):
        notes.append("the price of some answers is unknown: the cost is a lower bound")
    notes += [limit.message for limit in state.limits if not limit.warning]
    notes += [f"{count} events of the unknown type {name}" for name, count in state.unknown_events.items()]
    return notes


def _raw(state: RunState) -> Raw:
    if state.report is not None and state.report.source:
        return Raw(state.report.source, state.report.hint)
    return Raw(paths.EVENTS, "every number is counted from this log")
