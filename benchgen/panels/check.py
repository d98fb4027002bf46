"""The gate of a run: does each model reach what was asked, and has it dropped since a baseline?"""

from __future__ import annotations

from collections.abc import Iterator

from benchgen.numbers.gate import Gate, judge
from benchgen.numbers.rates import Rate
from benchgen.numbers.sentences import gate_sentence, rate_sentence
from benchgen.panels import outcomes
from benchgen.panels.compare import compare
from benchgen.panels.pair import Pair
from benchgen.record import Record
from benchgen.records.digest import RunDigest


class Demand(Record):
    """What is asked of a run: `fail_under` as a share, None for nothing; `max_drop` as a share, since a baseline."""

    fail_under: float | None = None
    max_drop: float = 0.05


class ModelCheck(Record):
    """One model: its rate, whether it reaches `fail_under`, and the gate against the baseline; None where not asked.

    `sentences` say both in words, and what else a reader must know.
    """

    model: str
    is_mock: bool
    rate: Rate
    reaches: bool | None
    gate: Gate | None
    sentences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return self.reaches is not False and (self.gate is None or self.gate.passed)


class Check(Record):
    """All models of a run. `is_complete`: every planned attempt has an outcome, so that the answer is final."""

    run_id: str
    baseline: str | None
    demand: Demand
    models: tuple[ModelCheck, ...]
    is_complete: bool
    passed: bool


def check(run: RunDigest, baseline: RunDigest | None, demand: Demand) -> Check:
    """The answer for each model of `run`; a model that the baseline does not have is only said to be missing there."""
    pairs = compare(baseline, run).pairs if baseline else ()
    models = tuple(_models(run, {pair.b.model: pair for pair in pairs}, demand, has_baseline=baseline is not None))
    return Check(
        run_id=run.run_id,
        baseline=baseline.run_id if baseline else None,
        demand=demand,
        models=models,
        is_complete=run.is_complete,
        passed=all(model.passed for model in models),
    )


def _models(run: RunDigest, pairs: dict[str, Pair], demand: Demand, *, has_baseline: bool) -> Iterator[ModelCheck]:
    for model in run.models:
        rate = outcomes.rate_of(outcomes.of_model(model))
        pair = pairs.get(model.model_id)
        gate = judge(pair.result, demand.max_drop) if pair else None
        said = [*_reached(rate, demand.fail_under), *([rate.note] if rate.note else [])]
        if pair and gate:
            said.append(gate_sentence(gate, "the baseline", "this run"))
        elif has_baseline:
            said.append("the baseline does not have this model")
        yield ModelCheck(model.model_id, model.is_mock, rate, _reaches(rate, demand.fail_under), gate, tuple(said))


def _reaches(rate: Rate, fail_under: float | None) -> bool | None:
    """A rate that nobody knows reaches nothing."""
    return None if fail_under is None else rate.value is not None and rate.value >= fail_under - 1e-12


def _reached(rate: Rate, fail_under: float | None) -> list[str]:
    if fail_under is None:
        return []
    word = "reaches" if _reaches(rate, fail_under) else "stays under"
    return [f"{rate_sentence(rate)} {word} {100 * fail_under:g} %"]
