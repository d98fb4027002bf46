"""A run as tables to pass on: its models with their figures, and the attempts that did not pass."""

from __future__ import annotations

from collections.abc import Iterable

from benchgen.numbers.money import dollars
from benchgen.numbers.sentences import in_percent
from benchgen.panels import costs, outcomes
from benchgen.panels.costs import Money
from benchgen.panels.sheets import Sheet
from benchgen.records.digest import ModelDigest, RunDigest
from benchgen.records.state import AttemptRow

MOST_ATTEMPTS = 500
_MODELS = ("model", "pass@1", "95 %", "passed", "left out", "cost", "median time", "output tokens")
_ATTEMPTS = ("task", "model", "sample", "status", "why", "says")


def models_sheet(run: RunDigest) -> Sheet:
    """A line for each model; what is not known is a word or empty, never 0."""
    return Sheet(_MODELS, tuple(_model(model) for model in run.models))


def failures_sheet(rows: Iterable[AttemptRow]) -> Sheet:
    """The attempts that did not pass, as many as a reader can take."""
    found = [row for row in rows if row.category is not None][:MOST_ATTEMPTS]
    return Sheet(
        _ATTEMPTS,
        tuple((row.task, row.model, row.sample, row.status, row.category, row.message[:200]) for row in found),
    )


def _model(model: ModelDigest) -> tuple[str | int | None, ...]:
    rate = outcomes.rate_of(outcomes.of_model(model))
    interval = rate.interval
    return (
        model.model_id + (" (mock)" if model.is_mock else ""),
        "no result" if rate.value is None else f"{in_percent(rate.value)} %",
        f"{100 * interval.low:.0f}–{100 * interval.high:.0f}" if interval else None,
        f"{rate.passed}/{rate.evaluated}",
        model.excluded,
        _dollars(costs.of_model(model)),
        None if model.median_seconds is None else f"{model.median_seconds:.1f} s",
        model.output_tokens,
    )


def _dollars(money: Money) -> str:
    if money.is_local:
        return "local"
    return dollars(money.nanousd, is_lower_bound=money.is_lower_bound)
