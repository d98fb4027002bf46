"""The cards of a run's page, and the same figures for each of its models."""

from __future__ import annotations

from collections.abc import Mapping

from benchgen.numbers.describe import Summary, summarise
from benchgen.numbers.rates import PassAtK, Rate, mean_pass_at_k, mean_pass_hat_k
from benchgen.panels import costs, links, outcomes
from benchgen.panels.costs import Money
from benchgen.panels.flaky import Flaky, flaky
from benchgen.record import Record
from benchgen.records.run import ModelSpec
from benchgen.records.state import RunState
from benchgen.records.status import CATEGORIES, MODEL_CATEGORIES, Category


class Figures(Record):
    """What a run, or one model of it, came to. `seconds` describes attempts, None where nothing finished.

    `lacks_usage`: some answers came without a count of tokens, so that the sums of tokens are lower bounds.
    """

    rate: Rate
    passed: int
    evaluated: int
    finished: int
    total: int
    left_out: int
    money: Money
    per_solve: Money | None
    input_tokens: int | None
    output_tokens: int | None
    lacks_usage: bool
    tokens_per_second: float | None
    seconds: Summary
    avg_steps: float | None
    passed_later: int


class Reason(Record):
    """How many attempts ended in one category, of which `counts` says whether it is in the rate."""

    category: Category
    count: int
    counts: bool


class ModelFigures(Record):
    """One model's part; pass@k and pass^k are None where each task has a single sample."""

    model: str
    href: str
    is_mock: bool
    figures: Figures
    pass_at_k: PassAtK | None
    pass_hat_k: PassAtK | None


class RunCards(Record):
    """The whole run, each model, and pass@k / pass^k where there are several samples.

    `reasons` say why attempts did not pass, the most frequent first.
    """

    run_id: str
    whole: Figures
    models: tuple[ModelFigures, ...]
    pass_at_k: tuple[PassAtK, ...]
    pass_hat_k: tuple[PassAtK, ...]
    flaky: Flaky
    started_at: str | None
    finished_at: str | None
    updated_at: str | None
    turns: int
    reasons: tuple[Reason, ...]


def run_cards(state: RunState) -> RunCards:
    """The figures of a run at this event."""
    seconds = _seconds(state)
    whole, each = outcomes.of_state(state), outcomes.by_model(state)
    ks = (state.config.samples,) if state.config.samples > 1 and len(state.config.models) == 1 else ()
    return RunCards(
        run_id=state.config.run_id,
        whole=_figures(state, seconds, whole, None),
        models=tuple(_model(state, seconds, each.get(spec.model_id, {}), spec) for spec in state.config.models),
        pass_at_k=tuple(mean_pass_at_k(whole.values(), k) for k in ks),
        pass_hat_k=tuple(mean_pass_hat_k(whole.values(), k) for k in ks),
        flaky=flaky(state),
        started_at=state.started_at,
        finished_at=state.finished_at,
        updated_at=state.updated_at,
        turns=state.config.settings.turns,
        reasons=_reasons(state),
    )


def _reasons(state: RunState) -> tuple[Reason, ...]:
    found = outcomes.tally_of(state.sums_of()).categories
    every = [Reason(name, found[name], name in MODEL_CATEGORIES) for name in CATEGORIES if found.get(name)]
    return tuple(sorted(every, key=lambda one: -one.count))


def _model(
    state: RunState, seconds: Mapping[str, list[float]], of_tasks: outcomes.Outcomes, spec: ModelSpec
) -> ModelFigures:
    k = state.config.samples
    return ModelFigures(
        model=spec.model_id,
        href=links.model(spec.model_id),
        is_mock=spec.is_mock,
        figures=_figures(state, seconds, of_tasks, spec.model_id),
        pass_at_k=mean_pass_at_k(of_tasks.values(), k) if k > 1 else None,
        pass_hat_k=mean_pass_hat_k(of_tasks.values(), k) if k > 1 else None,
    )


def _seconds(state: RunState) -> dict[str, list[float]]:
    """How long the attempts of each model took that ended by its doing, scored or not."""
    taken: dict[str, list[float]] = {}
    for row in state.counted_rows():
        if row.is_timed:
            taken.setdefault(row.model, []).append(row.seconds)
    return taken


def _figures(
    state: RunState, taken: Mapping[str, list[float]], of_tasks: outcomes.Outcomes, model: str | None
) -> Figures:
    config = state.config
    tally = outcomes.tally_of(state.sums_of(model))
    spending = [one for by, one in state.spending.items() if model in (None, by)]
    money = costs.of_state(state, model)
    lacks_usage = any(one.answers_without_usage for one in spending)
    said = any(one.answers > one.answers_without_usage for one in spending)
    seconds = sum(one.timed_seconds for one in spending)
    return Figures(
        rate=outcomes.rate_of(of_tasks),
        passed=tally.passed,
        evaluated=tally.evaluated,
        finished=tally.finished,
        total=state.total if model is None else state.total // max(1, len(config.models)),
        left_out=tally.excluded,
        money=money,
        per_solve=costs.per_solve(money, tally.passed),
        input_tokens=sum(one.input_tokens for one in spending) if said else None,
        output_tokens=sum(one.output_tokens for one in spending) if said else None,
        lacks_usage=lacks_usage,
        tokens_per_second=outcomes.ratio(sum(one.timed_output_tokens for one in spending), seconds),
        seconds=summarise(one for by, several in taken.items() if model in (None, by) for one in several),
        avg_steps=outcomes.ratio(tally.steps, tally.steps_count),
        passed_later=tally.passed_later,
    )
