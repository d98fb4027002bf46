"""The runs of a comparison, each as one model of it or all together: what they are called and what they took."""

from __future__ import annotations

from collections.abc import Sequence

from benchgen.numbers.rates import LEFT_OUT_WARNING, Rate
from benchgen.panels import costs, links, outcomes
from benchgen.panels.costs import Money
from benchgen.record import Record
from benchgen.records.digest import ModelDigest, RunDigest
from benchgen.records.status import Kind

ALL_MODELS = "all models"
LETTERS = "ABCD"


class Part(Record):
    """What stands in one column: one model of a run, or the run as a whole."""

    run: RunDigest
    model: ModelDigest | None

    @property
    def outcomes(self) -> outcomes.Outcomes:
        return outcomes.of_model(self.model) if self.model else outcomes.of_run(self.run)

    @property
    def models(self) -> Sequence[ModelDigest]:
        return (self.model,) if self.model else self.run.models


class Side(Record):
    """One column. `rate` is over the tasks that all columns share, ranks over all pairs of columns (None for two).

    `warns`: so many attempts are left out that the rate may not be what it seems.
    """

    letter: str
    run_id: str
    href: str
    run_name: str
    kind: Kind
    label: str
    model: str
    is_mock: bool
    is_partial: bool
    created_at: str
    rate: Rate
    best_rank: int | None
    worst_rank: int | None
    money: Money
    per_solve: Money | None
    median_seconds: float | None
    output_tokens: int | None
    tokens_per_second: float | None
    avg_steps: float | None
    first_action_accuracy: float | None
    avg_score: float | None
    left_out: int
    warns: bool


def partners(runs: Sequence[RunDigest]) -> list[tuple[Part, ...]]:
    """The runs by each model that all of them have, else as wholes."""
    have = [{model.model_id: model for model in run.models} for run in runs]
    common = [name for name in have[0] if all(name in models for models in have)]
    if common:
        return [tuple(Part(run, models[name]) for run, models in zip(runs, have, strict=True)) for name in common]
    return [tuple(Part(run, run.models[0] if len(run.models) == 1 else None) for run in runs)]


def labels(parts: Sequence[Part]) -> list[str]:
    """What tells them apart: their models, else the names that people gave them, else their letters."""
    models = [part.model.model_id if part.model else ALL_MODELS for part in parts]
    given = [part.run.run_name if part.run.run_name != part.run.run_id else "" for part in parts]
    for names in (models, given):
        if all(names) and len(set(names)) == len(names):
            return names
    return [*LETTERS[: len(parts)]]


def side(letter: str, label: str, part: Part, rate: Rate, ranks: tuple[int | None, int | None]) -> Side:
    """One column; figures that only a single model has are None for a run of several."""
    run, model = part.run, part.model
    money = costs.total_of(costs.of_model(one) for one in part.models)
    left_out = sum(one.excluded for one in part.models)
    return Side(
        letter=letter,
        run_id=run.run_id,
        href=links.run(run.run_id),
        run_name=run.run_name,
        kind=run.kind,
        label=label,
        model=model.model_id if model else ALL_MODELS,
        is_mock=any(one.is_mock for one in part.models),
        is_partial=not run.is_complete,
        created_at=run.created_at,
        rate=rate,
        best_rank=ranks[0],
        worst_rank=ranks[1],
        money=money,
        per_solve=costs.per_solve(money, sum(one.passed for one in part.models)),
        median_seconds=model.median_seconds if model else None,
        output_tokens=model.output_tokens if model else None,
        tokens_per_second=model.tokens_per_second if model else None,
        avg_steps=model.avg_steps if model else None,
        first_action_accuracy=model.first_action_accuracy if model else None,
        avg_score=model.avg_score if model else None,
        left_out=left_out,
        warns=left_out > LEFT_OUT_WARNING * sum(one.evaluated + one.excluded for one in part.models),
    )
