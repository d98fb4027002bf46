"""One run in a list, a line for each of its models, with the change since the comparable run before."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from benchgen.numbers.paired import paired_test
from benchgen.numbers.rates import LEVEL, Interval, Rate
from benchgen.panels import costs, links, outcomes
from benchgen.panels.costs import Money
from benchgen.panels.remembered import Remembered
from benchgen.records.digest import ModelDigest, RunDigest
from benchgen.records.report import Metric
from benchgen.records.status import Kind, RunStatus
from benchgen.summary_kinds import first_named

Direction = Literal["up", "down", "unclear"]


@dataclass(frozen=True, slots=True)
class Delta:
    """The change of a rate since another run on the common tasks; a direction only where the paired test sees one."""

    run_id: str
    href: str
    tasks: int
    difference: float
    interval: Interval | None
    direction: Direction


@dataclass(frozen=True, slots=True)
class RunLine:
    """One model in one run. `is_partial`: not every planned attempt has an outcome."""

    run_id: str
    run_name: str
    href: str
    benchmark_name: str
    kind: Kind
    model: str
    model_href: str
    status: RunStatus
    is_partial: bool
    is_mock: bool
    created_at: str
    started_at: str | None
    finished_at: str | None
    tasks: int
    finished: int
    total: int
    rate: Rate
    money: Money
    median_seconds: float | None
    avg_steps: float | None
    delta: Delta | None
    metric: Metric | None = None


def lines(
    digests: Iterable[RunDigest], remembered: Remembered | None = None, most: int | None = None
) -> tuple[RunLine, ...]:
    """A line for each model of each run, newest first, `most` of them; each compared with the model's run before."""
    kept = remembered or Remembered()
    before: dict[tuple[object, ...], tuple[RunDigest, ModelDigest]] = {}
    found: deque[tuple[RunDigest, ModelDigest, tuple[RunDigest, ModelDigest] | None]] = deque(maxlen=most)
    for digest in sorted(digests, key=lambda d: (d.created_at, d.run_id)):
        same = comparable(digest)
        for model in digest.models:
            key = (model.model_id, *same)
            found.append((digest, model, before.get(key)))
            if digest.is_complete:
                before[key] = (digest, model)
    return tuple(
        kept.of("line", (digest, model, *(last or ())), partial(_line, digest, model, last))
        for digest, model, last in reversed(found)
    )


def engine_metric(digest: RunDigest) -> Metric | None:
    """The number that stands for a run by the word of an engine that scored it."""
    return first_named(digest.report.metrics) if digest.report else None


def comparable(digest: RunDigest) -> tuple[object, ...]:
    """What two runs must share for their rates to be compared: benchmark, tasks, and how answers were asked for."""
    settings = digest.settings
    return (
        digest.kind,
        digest.benchmark_name,
        digest.task_set,
        digest.samples,
        settings.temperature,
        settings.prompt_version,
        settings.turns,
        settings.edit_format,
        settings.include_tests,
    )


def delta(run_a: RunDigest, a: ModelDigest, b: ModelDigest) -> Delta | None:
    """The change from `a` to `b` over the tasks evaluated in both; None when there is no such task."""
    of_a, of_b = outcomes.of_model(a), outcomes.of_model(b)
    common = sorted(task for task in of_a if of_a[task].evaluated and task in of_b and of_b[task].evaluated)
    if not common:
        return None
    differences = [of_b[task].share - of_a[task].share for task in common]
    test = paired_test(differences)
    mean = sum(differences) / len(differences)
    seen = test is not None and test.p < 1 - LEVEL
    direction: Direction = ("up" if mean > 0 else "down") if seen else "unclear"
    interval = test.interval() if test else None
    return Delta(run_a.run_id, links.run(run_a.run_id), len(common), mean, interval, direction)


def _line(digest: RunDigest, model: ModelDigest, before: tuple[RunDigest, ModelDigest] | None) -> RunLine:
    return RunLine(
        run_id=digest.run_id,
        run_name=digest.run_name,
        href=links.run(digest.run_id),
        benchmark_name=digest.benchmark_name,
        kind=digest.kind,
        model=model.model_id,
        model_href=links.model(model.model_id),
        status=digest.status,
        is_partial=not digest.is_complete,
        is_mock=model.is_mock,
        created_at=digest.created_at,
        started_at=digest.started_at,
        finished_at=digest.finished_at,
        tasks=len(digest.tasks),
        finished=model.finished,
        total=digest.total // max(1, len(digest.models)),
        rate=outcomes.rate_of(outcomes.of_model(model)),
        money=costs.of_model(model),
        median_seconds=model.median_seconds,
        avg_steps=model.avg_steps,
        delta=delta(before[0], before[1], model) if before else None,
        metric=engine_metric(digest),
    )
