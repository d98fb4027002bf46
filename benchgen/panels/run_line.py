"""One run in a list, a line for each of its models, with the change since the comparable run before."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Literal, TypeAlias, overload

from benchgen.numbers.paired import paired_test
from benchgen.numbers.rates import LEVEL, Interval, Rate
from benchgen.panels import costs, links, outcomes
from benchgen.panels.costs import Money
from benchgen.panels.remembered import Remembered
from benchgen.record import Record
from benchgen.records.digest import ModelDigest, RunDigest
from benchgen.records.report import Metric
from benchgen.records.status import Kind, RunStatus
from benchgen.summary_kinds import first_named

Direction = Literal["up", "down", "unclear"]
_Parts: TypeAlias = tuple[RunDigest, ModelDigest, tuple[RunDigest, ModelDigest] | None]


class Delta(Record):
    """The change of a rate since another run on the common tasks; a direction only where the paired test sees one."""

    run_id: str
    href: str
    tasks: int
    difference: float
    interval: Interval | None
    direction: Direction


class RunLine(Record):
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


class Names:
    """What benchmarks are called among `digests`: where two sets of tasks have one name, a digest tells them apart."""

    def __init__(self, digests: Iterable[RunDigest]) -> None:
        self._sets: dict[tuple[Kind, str], set[str]] = {}
        for digest in digests:
            self._sets.setdefault((digest.kind, digest.benchmark_name), set()).add(digest.task_set)

    def is_shared(self, digest: RunDigest) -> bool:
        """Whether runs of other tasks have the same name."""
        return len(self._sets[digest.kind, digest.benchmark_name]) > 1

    def of(self, digest: RunDigest) -> str:
        """The name to show."""
        told_apart = self.is_shared(digest) and digest.task_set
        return f"{digest.benchmark_name}, {digest.task_set[:6]}" if told_apart else digest.benchmark_name


class Lines(Sequence[RunLine]):
    """A line for each model of each run, newest first, each compared with the model's run before.

    A line is made when it is looked at: a page that shows a hundred of a long history leaves the others alone.
    """

    def __init__(self, digests: Iterable[RunDigest], remembered: Remembered | None = None) -> None:
        every = tuple(digests)
        self._kept = remembered or Remembered()
        self._parts = [*_with_those_before(every)][::-1]
        self._names = Names(every)

    def __len__(self) -> int:
        return len(self._parts)

    @overload
    def __getitem__(self, place: int) -> RunLine: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[RunLine, ...]: ...

    def __getitem__(self, place: int | slice) -> RunLine | tuple[RunLine, ...]:
        if isinstance(place, slice):
            return tuple(map(self._line, self._parts[place]))
        return self._line(self._parts[place])

    def of_model(self, model: str) -> tuple[RunLine, ...]:
        """The lines of one model."""
        return tuple(self._line(parts) for parts in self._parts if parts[1].model_id == model)

    def of_runs(self, run_ids: Container[str]) -> tuple[RunLine, ...]:
        """The lines of some runs."""
        return tuple(self._line(parts) for parts in self._parts if parts[0].run_id in run_ids)

    def _line(self, parts: _Parts) -> RunLine:
        digest, model, before = parts
        kept, name = self._kept, self._names.of(digest)
        what = "line told apart" if self._names.is_shared(digest) else "line"
        return kept.of(what, (digest, model, *(before or ())), lambda: _line(digest, model, before, kept, name))


def lines(digests: Iterable[RunDigest], remembered: Remembered | None = None) -> tuple[RunLine, ...]:
    """All of the lines at once."""
    return Lines(digests, remembered)[:]


def _with_those_before(digests: Iterable[RunDigest]) -> Iterator[_Parts]:
    """Each model of each run, oldest first, with the comparable run of the model before."""
    before: dict[tuple[object, ...], tuple[RunDigest, ModelDigest]] = {}
    for digest in oldest_first(digests):
        same = comparable(digest)
        for model in digest.models:
            key = (model.model_id, *same)
            yield digest, model, before.get(key)
            if digest.is_complete:
                before[key] = (digest, model)


def oldest_first(digests: Iterable[RunDigest]) -> list[RunDigest]:
    return sorted(digests, key=lambda digest: (digest.created_at, digest.run_id))


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


def rate_of(model: ModelDigest, kept: Remembered) -> Rate:
    """The rate of one model in one run: lines and trends show the same ones."""
    return kept.of("rate", (model,), lambda: outcomes.rate_of(outcomes.of_model(model)))


def _line(
    digest: RunDigest,
    model: ModelDigest,
    before: tuple[RunDigest, ModelDigest] | None,
    kept: Remembered,
    name: str,
) -> RunLine:
    return RunLine(
        run_id=digest.run_id,
        run_name=digest.run_name,
        href=links.run(digest.run_id),
        benchmark_name=name,
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
        rate=rate_of(model, kept),
        money=costs.of_model(model),
        median_seconds=model.median_seconds,
        avg_steps=model.avg_steps,
        delta=delta(before[0], before[1], model) if before else None,
        metric=engine_metric(digest),
    )
