"""Two runs compared on their common tasks: a verdict, what one fixed and broke, and how their settings differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from benchgen import paths
from benchgen.numbers import paired
from benchgen.numbers.sentences import comparison_sentence
from benchgen.panels import costs, links, outcomes, run_head
from benchgen.panels.costs import Money
from benchgen.records.digest import ModelDigest, RunDigest

Change = Literal["fixed", "broke"]
ALL_MODELS = "all models"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs, as one model of it or all together."""

    run_id: str
    href: str
    run_name: str
    model: str
    is_mock: bool
    is_partial: bool
    created_at: str
    money: Money
    median_seconds: float | None
    avg_steps: float | None


@dataclass(frozen=True, slots=True)
class Discordant:
    """A task on which the two differ: `fixed` when b does better. Shares are of evaluated attempts."""

    task: str
    href: str | None
    title: str
    change: Change
    share_a: float
    share_b: float
    attempt_a: str | None
    attempt_b: str | None


@dataclass(frozen=True, slots=True)
class SettingDifference:
    name: str
    a: str | None
    b: str | None


@dataclass(frozen=True, slots=True)
class DomainDelta:
    domain: str
    rate_a: float | None
    rate_b: float | None
    difference: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """One model of run A against one of run B; `changed_tasks` had another version and are left out.

    `time_ratio`: how many times the median attempt of b takes that of a.
    """

    a: Side
    b: Side
    sentence: str
    result: paired.Comparison
    discordant: tuple[Discordant, ...]
    fixed: int
    broke: int
    both: int
    neither: int
    changed_tasks: tuple[str, ...]
    time_ratio: float | None
    domains: tuple[DomainDelta, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Run B against run A: a pair for each model that both have, else the two as wholes."""

    href: str
    run_a: str
    run_b: str
    benchmark_a: str
    benchmark_b: str
    same_tasks: bool
    pairs: tuple[Pair, ...]
    settings: tuple[SettingDifference, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    run: RunDigest
    model: ModelDigest | None

    @property
    def outcomes(self) -> outcomes.Outcomes:
        return outcomes.of_model(self.model) if self.model else outcomes.of_run(self.run)


def compare(a: RunDigest, b: RunDigest) -> Compare:
    """Run B against run A."""
    return Compare(
        href=links.compare(a.run_id, b.run_id),
        run_a=a.run_id,
        run_b=b.run_id,
        benchmark_a=a.benchmark_name,
        benchmark_b=b.benchmark_name,
        same_tasks=a.task_set == b.task_set,
        pairs=tuple(_pair(one, two) for one, two in _partners(a, b)),
        settings=tuple(_differences(a, b)),
    )


def _partners(a: RunDigest, b: RunDigest) -> list[tuple[_Part, _Part]]:
    of_b = {model.model_id: model for model in b.models}
    common = [(_Part(a, one), _Part(b, of_b[one.model_id])) for one in a.models if one.model_id in of_b]
    return common or [(_Part(a, _only(a)), _Part(b, _only(b)))]


def _only(run: RunDigest) -> ModelDigest | None:
    return run.models[0] if len(run.models) == 1 else None


def _pair(a: _Part, b: _Part) -> Pair:
    changed = changed_tasks(a.run, b.run)
    of_a = {task: outcome for task, outcome in a.outcomes.items() if task not in changed}
    of_b = {task: outcome for task, outcome in b.outcomes.items() if task not in changed}
    common = [task for task in of_a if task in of_b and of_a[task].evaluated and of_b[task].evaluated]
    found = tuple(_discordant(a, b, task, of_a[task].share, of_b[task].share) for task in common)
    differing = tuple(one for one in found if one.share_a != one.share_b)
    solved = [one for one in found if one.share_a == one.share_b]
    result = paired.compare(of_a, of_b)
    return Pair(
        a=_side(a),
        b=_side(b),
        sentence=comparison_sentence(result, *_names(a, b)),
        result=result,
        discordant=tuple(
            sorted(differing, key=lambda one: (one.change == "broke", one.share_a - one.share_b, one.task))
        ),
        fixed=sum(one.change == "fixed" for one in differing),
        broke=sum(one.change == "broke" for one in differing),
        both=sum(one.share_a > 0 for one in solved),
        neither=sum(one.share_a == 0 for one in solved),
        changed_tasks=tuple(sorted(changed)),
        time_ratio=_time_ratio(a, b),
        domains=_domains(a.run, of_a, of_b),
    )


def _names(a: _Part, b: _Part) -> tuple[str, str]:
    """What tells the two apart: their models, else their names, else their ids."""
    models = [part.model.model_id if part.model else ALL_MODELS for part in (a, b)]
    for one, two in (models, [a.run.run_name, b.run.run_name]):
        if one and two and one != two:
            return one, two
    return a.run.run_id, b.run.run_id


def changed_tasks(a: RunDigest, b: RunDigest) -> frozenset[str]:
    """Tasks of the same id that are not the same task any more."""
    both = (task for task in a.tasks if task in b.tasks)
    return frozenset(task for task in both if a.tasks[task].digest != b.tasks[task].digest)


def _discordant(a: _Part, b: _Part, task: str, share_a: float, share_b: float) -> Discordant:
    card = b.run.tasks.get(task) or a.run.tasks.get(task)
    change: Change = "fixed" if share_b > share_a else "broke"
    return Discordant(
        task,
        links.task_of(b.run.kind, task),
        card.title if card else "",
        change,
        share_a,
        share_b,
        _link(a, task),
        _link(b, task),
    )


def _link(part: _Part, task: str) -> str | None:
    if part.model is None or part.run.kind != "code":
        return None
    return links.attempt(part.run.run_id, paths.attempt_id(task, part.model.model_id, 0))


def _median(part: _Part) -> float | None:
    return part.model.median_seconds if part.model else None


def _time_ratio(a: _Part, b: _Part) -> float | None:
    """How many times b's median attempt takes a's."""
    of_a, of_b = _median(a), _median(b)
    return of_b / of_a if of_a and of_b is not None else None


def _side(part: _Part) -> Side:
    run, model = part.run, part.model
    return Side(
        run_id=run.run_id,
        href=links.run(run.run_id),
        run_name=run.run_name,
        model=model.model_id if model else ALL_MODELS,
        is_mock=model.is_mock if model else run.is_mock,
        is_partial=not run.is_complete,
        created_at=run.created_at,
        money=costs.of_model(model) if model else costs.total_of(costs.of_model(one) for one in run.models),
        median_seconds=_median(part),
        avg_steps=model.avg_steps if model else None,
    )


def _domains(run: RunDigest, of_a: outcomes.Outcomes, of_b: outcomes.Outcomes) -> tuple[DomainDelta, ...]:
    """Rates by domain over the common tasks."""
    groups: dict[str, list[str]] = {}
    for task in of_a:
        if task in of_b and task in run.tasks:
            groups.setdefault(run.tasks[task].domain, []).append(task)
    deltas = []
    for domain, tasks in groups.items():
        rates = [outcomes.rate_of({task: of[task] for task in tasks}).value for of in (of_a, of_b)]
        a, b = rates
        deltas.append(DomainDelta(domain, a, b, None if a is None or b is None else b - a))
    return tuple(deltas)


def _differences(a: RunDigest, b: RunDigest) -> Iterable[SettingDifference]:
    of_a = {s.name: s.value for s in run_head.settings_of(a.settings)} | {"samples": str(a.samples)}
    of_b = {s.name: s.value for s in run_head.settings_of(b.settings)} | {"samples": str(b.samples)}
    of_a |= {"sandbox used": a.sandbox, "commit": a.git_commit, **dict(a.versions)}
    of_b |= {"sandbox used": b.sandbox, "commit": b.git_commit, **dict(b.versions)}
    for name in dict.fromkeys([*of_a, *of_b]):
        if of_a.get(name) != of_b.get(name):
            yield SettingDifference(name, of_a.get(name), of_b.get(name))
