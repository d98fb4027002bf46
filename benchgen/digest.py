"""A run's state in brief: the counts and sums that pages across runs are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from benchgen.numbers.describe import summarise
from benchgen.records.digest import ModelDigest, RunDigest, TaskTally
from benchgen.records.run import ModelSpec
from benchgen.records.state import AttemptRow, RunState, Spending, Tally


def digest_of(state: RunState) -> RunDigest:
    """The run in brief. Pure: the same log gives the same bytes."""
    config = state.config
    rows: defaultdict[str, list[AttemptRow]] = defaultdict(list)
    for row in state.counted_rows():
        rows[row.model].append(row)
    tallies: defaultdict[str, dict[str, Tally]] = defaultdict(dict)
    for (task, model), tally in state.tallies.items():
        tallies[model][task] = tally
    return RunDigest(
        run_id=config.run_id,
        run_name=config.run_name,
        benchmark_name=config.benchmark_name,
        kind=config.kind,
        status=state.status,
        created_at=config.created_at,
        started_at=state.started_at,
        finished_at=state.finished_at,
        updated_at=state.updated_at,
        total=state.total,
        finished=state.finished,
        samples=config.samples,
        task_set=config.task_set,
        settings=config.settings,
        tasks=config.tasks,
        models=tuple(
            _model(spec, tallies[spec.model_id], rows[spec.model_id], state.spending.get(spec.model_id))
            for spec in models_of(state)
        ),
        machine_nanousd=sum(machine.cost_nanousd for machine in state.machines.values()),
        note=config.note,
        error=state.error,
        sandbox=state.sandbox,
        git_commit=config.git.commit if config.git else None,
        command=config.command,
        versions=config.versions,
        report=state.report,
        seq=state.seq,
        log_bytes=state.log_bytes,
        format=config.format,
        dataset_id=config.dataset_id,
        benchmark_id=config.benchmark_id,
    )


def models_of(state: RunState) -> tuple[ModelSpec, ...]:
    """The models of the plan, then those that only the log knows (an engine's own, another harness's)."""
    planned = {spec.model_id: spec for spec in state.config.models}
    for model in {model: None for _, model in state.tallies if model not in planned}:
        planned[model] = ModelSpec(model, "")
    for model, spending in state.spending.items():
        planned.setdefault(model, ModelSpec(model, spending.provider))
    return tuple(planned.values())


def _model(
    spec: ModelSpec, tallies: Mapping[str, Tally], rows: Iterable[AttemptRow], spending: Spending | None
) -> ModelDigest:
    counted = list(rows)
    whole = total(tallies.values())
    times = summarise(row.seconds for row in counted if row.evaluated)
    money = spending or Spending(spec.provider, spec.model_id)
    has_price = money.answers > money.answers_unpriced
    has_usage = money.answers > money.answers_without_usage
    return ModelDigest(
        model_id=spec.model_id,
        provider=spec.provider,
        is_mock=spec.is_mock,
        is_local=spec.is_local,
        finished=whole.finished,
        passed=whole.passed,
        evaluated=whole.evaluated,
        categories={str(name): count for name, count in whole.categories.items()},
        tasks=_tasks(tallies, counted),
        cost_nanousd=money.cost_nanousd if has_price else None,
        cost_is_lower_bound=money.answers_unpriced > 0,
        input_tokens=money.input_tokens if has_usage else None,
        output_tokens=money.output_tokens if has_usage else None,
        tokens_per_second=_ratio(money.timed_output_tokens, money.timed_seconds),
        median_seconds=times.median,
        p90_seconds=times.p90,
        total_seconds=sum(row.seconds for row in counted),
        latency_seconds=sum(row.api_latency_seconds or 0.0 for row in counted),
        avg_steps=_ratio(whole.steps, whole.steps_count),
        first_action_accuracy=_ratio(whole.first_actions_correct, whole.first_actions),
        avg_steps_to_success=_ratio(whole.steps_passed, whole.steps_passed_count),
        avg_steps_to_failure=_ratio(whole.steps - whole.steps_passed, whole.steps_count - whole.steps_passed_count),
        avg_score=_ratio(whole.score, whole.score_count),
        passed_later=whole.passed_later,
        first_token_seconds=summarise(_first_tokens(counted)).median,
    )


def _first_tokens(rows: Iterable[AttemptRow]) -> Iterator[float]:
    """How long each answer took to begin, where that was measured."""
    found = (row.outline.first_token_seconds for row in rows)
    return (seconds for seconds in found if seconds is not None)


def _tasks(tallies: Mapping[str, Tally], rows: Iterable[AttemptRow]) -> dict[str, TaskTally]:
    evaluated: defaultdict[str, list[AttemptRow]] = defaultdict(list)
    for row in rows:
        if row.evaluated:
            evaluated[row.task].append(row)
    return {task: _task(tally, evaluated.get(task, [])) for task, tally in tallies.items()}


def _task(tally: Tally, rows: list[AttemptRow]) -> TaskTally:
    costs = [row.cost_nanousd for row in rows]
    known = [cost for cost in costs if cost is not None]
    return TaskTally(
        passed=tally.passed,
        evaluated=tally.evaluated,
        excluded=tally.finished - tally.evaluated,
        steps=_ratio(tally.steps, tally.steps_count),
        seconds=_ratio(sum(row.seconds for row in rows), len(rows)),
        cost_nanousd=_ratio(sum(known), len(known)) if len(known) == len(costs) else None,
    )


def total(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    every = list(tallies)
    if len(every) == 1 and len(every[0].categories) < 2:  # each row of a dataset has one of its own
        return every[0]
    categories: dict[str, int] = {}
    for tally in every:
        for category, count in tally.categories.items():
            categories[category] = categories.get(category, 0) + count
    sums = {name: sum(getattr(tally, name) for tally in every) for name in _SUMMED}
    return Tally(categories=dict(sorted(categories.items())), **sums)  # type: ignore[arg-type]


_SUMMED = tuple(name for name in Tally.__dataclass_fields__ if name != "categories")


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
