"""The keys that each kind of run adds to its `summary.json`, as the kind's own seed names them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any

from benchgen import clock
from benchgen.digest import models_of, total
from benchgen.numbers.rates import TaskOutcome, mean_pass_at_k, rate
from benchgen.records.attempt import Attempt
from benchgen.records.report import EngineTokens, Metric
from benchgen.records.run import folder_of
from benchgen.records.state import AttemptRow, RunState, Tally
from benchgen.records.status import MODEL_CATEGORIES, AttemptStatus, Category, Kind, status_of
from benchgen.records.summary import (
    AgentSummary,
    AttemptEntry,
    AttemptUsage,
    CodeMetrics,
    CodeSummary,
    CodeTokens,
    DatasetSummary,
    EpisodeEntry,
    OpenbenchSummary,
    Overall,
    Pricing,
    Summary,
    SupersededEntry,
    Timing,
)

_PRIMARY = ("accuracy", "acc", "score", "f1", "f1_score", "precision", "recall")
_INFRASTRUCTURE: tuple[Category, ...] = ("api_error", "harness", "not_runnable")
Shared = Mapping[str, Any]


def first_named(metrics: Sequence[Metric]) -> Metric | None:
    """The metric that stands for a run: by seed 002's order of names, else the first number."""
    known = {_bare(metric): metric for metric in reversed(metrics) if metric.value is not None}
    named = next((known[name] for name in _PRIMARY if name in known), None)
    return named or next((metric for metric in metrics if metric.value is not None), None)


def _bare(metric: Metric) -> str:
    """A metric's name without the scorer that stands before it where there are several."""
    return metric.name.rpartition("/")[2].lower()


def attempt_entry(outcome: Attempt, provider: str, cost_nanousd: int | None) -> AttemptEntry:
    """One attempt in seed 001's words."""
    usage, judge = outcome.usage, outcome.judge
    return AttemptEntry(
        task_id=outcome.task,
        model=outcome.model,
        provider=provider,
        sample_index=outcome.sample,
        status=status_of(outcome.category),
        return_code=judge.exit_code if judge else None,
        error=(outcome.message or outcome.category) if outcome.category else None,
        attempt_dir=outcome.folder,
        eval_command=judge.command if judge else None,
        eval_timeout_seconds=judge.timeout_seconds if judge else None,
        stdout_excerpt=outcome.stdout_excerpt,
        stderr_excerpt=outcome.stderr_excerpt,
        usage=AttemptUsage(usage.input, usage.output) if usage else None,
        api_latency_seconds=outcome.api_latency_seconds,
        duration_seconds=outcome.duration_seconds,
        cost_usd=_usd(cost_nanousd),
    )


def _code(state: RunState, outcomes: Iterable[Attempt], shared: Shared, output_dir: str) -> CodeSummary:
    config, settings = state.config, state.config.settings
    rows = list(state.counted_rows())
    providers = {spec.model_id: spec.provider for spec in models_of(state)}
    return CodeSummary(
        **shared,
        timestamp_utc=config.created_at,
        run_dir=f"{output_dir}/{config.run_id}",
        output_dir=output_dir,
        tasks=tuple(config.tasks),
        provider=next(iter(providers.values())) if len(set(providers.values())) == 1 else None,
        samples=config.samples,
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        include_tests=None if "include_tests" in settings.unsaid else settings.include_tests,
        install_deps=None if "install_deps" in settings.unsaid else settings.install_deps,
        attempts=tuple(
            attempt_entry(outcome, providers.get(outcome.model, ""), row.cost_nanousd)
            for row, outcome in zip(rows, outcomes, strict=True)
        ),
        superseded_attempts=tuple(_superseded(state)),
        status_counts=_sorted_counts(row.status for row in rows),
        model_status_counts={
            model: _sorted_counts(row.status for row in rows if row.model == model) for model in providers
        },
        task_status=_task_status(rows),
        metrics=_code_metrics(state, tuple(providers)),
        timing=Timing(sum(row.seconds for row in rows), sum(row.api_latency_seconds or 0.0 for row in rows)),
        token_usage=_code_tokens(state),
        pricing={model: Pricing(spending.price) for model, spending in state.spending.items()},
    )


def _superseded(state: RunState) -> Iterator[SupersededEntry]:
    for row in state.rows:
        by = state.superseded.get(row.attempt)
        if by is not None:
            folder, cost = folder_of(state.config, row.attempt), _usd(row.cost_nanousd)
            yield SupersededEntry(
                row.task, row.model, row.sample, row.status, folder, cost, folder_of(state.config, by)
            )


def _sorted_counts(statuses: Iterable[AttemptStatus]) -> dict[AttemptStatus, int]:
    return dict(sorted(Counter(statuses).items()))


def _task_status(rows: Iterable[AttemptRow]) -> dict[str, AttemptStatus]:
    """Passed where any attempt passed, else how the last one ended."""
    found: dict[str, AttemptStatus] = {}
    for row in rows:
        if found.get(row.task) != "passed":
            found[row.task] = row.status
    return found


def _code_metrics(state: RunState, models: Sequence[str]) -> CodeMetrics:
    outcomes: defaultdict[str, list[TaskOutcome]] = defaultdict(list)
    for (_, model), tally in state.tallies.items():
        outcomes[model].append(TaskOutcome(tally.passed, tally.evaluated, tally.excluded))
    rates = {model: rate(outcomes[model]) for model in models}
    accuracy = {model: _mean([float(o.passed > 0) for o in outcomes[model] if o.evaluated]) for model in models}
    success = {model: _ratio(each.passed, each.evaluated) for model, each in rates.items()}
    return CodeMetrics(
        model_accuracy=accuracy,
        model_attempt_success=success,
        pass_at_1={model: each.value for model, each in rates.items()},
        pass_at_k={model: mean_pass_at_k(outcomes[model], state.config.samples).value for model in models},
        overall=Overall(_mean(_known(accuracy)), _mean(_known(success))),
        api_errors_excluded=_whole(state).categories.get("api_error", 0),
    )


def _code_tokens(state: RunState) -> CodeTokens:
    tokens, spending = _tokens(state), state.spending.values()
    has_price = any(each.answers > each.answers_unpriced for each in spending)
    cost = _usd(sum(each.cost_nanousd for each in spending)) if has_price else None
    return CodeTokens(tokens.input_tokens, tokens.output_tokens, cost)


def _dataset(state: RunState, outcomes: Iterable[Attempt], shared: Shared, output_dir: str) -> DatasetSummary:
    whole, tokens = _whole(state), _tokens(state)
    seconds = None
    if state.started_at and (state.finished_at or state.updated_at):
        seconds = clock.between(state.started_at, state.finished_at or state.updated_at or "")
    answers = sum(spending.answers - spending.answers_without_usage for spending in state.spending.values())
    unanswered = sum(count for name, count in whole.categories.items() if name not in MODEL_CATEGORIES)
    return DatasetSummary(
        **shared,
        dataset_id=state.config.dataset_id,
        dataset_name=state.config.benchmark_name,
        completed=state.finished,
        total=state.total,
        successful=whole.finished - unanswered,
        failed=unanswered,
        total_time_seconds=seconds,
        throughput=_ratio(tokens.output_tokens, seconds),
        prompt_tokens=tokens.input_tokens,
        completion_tokens=tokens.output_tokens,
        total_tokens=tokens.total_tokens,
        avg_prompt_tokens=_ratio(tokens.input_tokens, answers),
        avg_completion_tokens=_ratio(tokens.output_tokens, answers),
    )


def _openbench(state: RunState, outcomes: Iterable[Attempt], shared: Shared, output_dir: str) -> OpenbenchSummary:
    report = state.report
    metrics, tokens = (report.metrics, report.token_usage) if report else ((), None)
    return OpenbenchSummary(**shared, metrics=metrics, token_usage=tokens or _tokens(state))


def _agent(state: RunState, outcomes: Iterable[Attempt], shared: Shared, output_dir: str) -> AgentSummary:
    whole = _whole(state)
    return AgentSummary(
        **shared,
        avg_score=_ratio(whole.score, whole.score_count),
        avg_steps=_ratio(whole.steps, whole.steps_count),
        avg_time_seconds=_ratio(whole.seconds, whole.finished),
        num_infrastructure_failures=sum(whole.categories.get(name, 0) for name in _INFRASTRUCTURE),
        tasks=tuple(_episode(outcome) for outcome in outcomes),
    )


def _episode(outcome: Attempt) -> EpisodeEntry:
    """A fault of ours or the provider's is an error; a no of the judge is a reason."""
    said = outcome.message or outcome.category
    is_fault = outcome.category is not None and status_of(outcome.category) in ("error", "api_error", "skipped")
    return EpisodeEntry(
        task_id=outcome.task,
        success=outcome.category is None,
        score=outcome.score,
        num_steps=outcome.steps,
        error=said if is_fault else None,
        reason=said if not is_fault else None,
        error_type=outcome.error_type or (outcome.category if is_fault else None),
    )


def _tokens(state: RunState) -> EngineTokens:
    spending = state.spending.values()
    if not any(each.answers > each.answers_without_usage for each in spending):
        return EngineTokens(None, None, None)
    taken, given = sum(each.input_tokens for each in spending), sum(each.output_tokens for each in spending)
    return EngineTokens(taken, given, taken + given)


def _whole(state: RunState) -> Tally:
    return total(state.sums_of())


def _known(values: Mapping[str, float | None]) -> list[float]:
    return [value for value in values.values() if value is not None]


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def _usd(nanousd: int | None) -> float | None:
    return None if nanousd is None else nanousd / 1e9


SUMMARY_OF: Mapping[Kind, Callable[[RunState, Iterable[Attempt], Shared, str], Summary]] = {
    "code": _code,
    "dataset": _dataset,
    "openbench": _openbench,
    "agent": _agent,
}
