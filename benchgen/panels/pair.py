"""One column of a comparison against the first: the verdict, what was fixed and broken, ratios of time and cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from benchgen.numbers import paired
from benchgen.numbers.describe import Ratio, geometric_mean_ratio
from benchgen.numbers.rates import TaskOutcome
from benchgen.numbers.sentences import comparison_sentence
from benchgen.panels import links
from benchgen.panels.sides import Part, Side
from benchgen.record import Record
from benchgen.records.digest import RunDigest, TaskTally

Change = Literal["fixed", "broke"]
MOST_LISTED = 100


class Discordant(Record):
    """A task on which the two differ: `fixed` when b does better. Shares are of evaluated attempts."""

    task: str
    href: str | None
    title: str
    change: Change
    share_a: float
    share_b: float
    attempt_a: str | None
    attempt_b: str | None


class Delta(Record):
    """What b has more than a, as seed 004 names it: rates over the common tasks as shares, steps as they are."""

    success_rate: float | None
    avg_steps: float | None
    domain_deltas: dict[str, float | None]


class Pair(Record):
    """b against a. `changed_tasks` had another version and are left out; `seconds`, `cost`: how many times b is a.

    `discordant` holds the fixed and the broken ones that are listed, `hidden` counts those beyond.
    """

    a: Side
    b: Side
    sentence: str
    result: paired.Comparison
    discordant: tuple[Discordant, ...]
    hidden: int
    fixed: int
    broke: int
    both: int
    neither: int
    changed_tasks: tuple[str, ...]
    seconds: Ratio
    cost: Ratio
    delta: Delta

    @property
    def has_shares(self) -> bool:
        """Whether several samples make an outcome more than passed or failed."""
        return any(share not in (0.0, 1.0) for one in self.discordant for share in (one.share_a, one.share_b))


def pair(a: Part, b: Part, side_a: Side, side_b: Side) -> Pair:
    """The comparison of two columns on the tasks that both evaluated."""
    changed = changed_tasks(a.run, b.run)
    of_a, of_b = _without(changed, a), _without(changed, b)
    common = [task for task in of_a if task in of_b and of_a[task].evaluated and of_b[task].evaluated]
    alike = [task for task in common if of_a[task].share == of_b[task].share]
    differing = [_discordant(a, b, task, of_a[task].share, of_b[task].share) for task in common]
    differing = [one for one in differing if one.share_a != one.share_b]
    differing.sort(key=lambda one: (one.change == "broke", -abs(one.share_a - one.share_b)))
    result = paired.compare(of_a, of_b)
    return Pair(
        a=side_a,
        b=side_b,
        sentence=comparison_sentence(result, side_a.label, side_b.label),
        result=result,
        discordant=_listed(differing),
        hidden=max(0, len(differing) - len(_listed(differing))),
        fixed=sum(one.change == "fixed" for one in differing),
        broke=sum(one.change == "broke" for one in differing),
        both=sum(of_a[task].share > 0 for task in alike),
        neither=sum(of_a[task].share == 0 for task in alike),
        changed_tasks=tuple(sorted(changed)),
        seconds=_ratio(a, b, common, "seconds"),
        cost=_ratio(a, b, common, "cost_nanousd"),
        delta=Delta(result.difference, _minus(side_b.avg_steps, side_a.avg_steps), _domains(a.run, of_a, of_b)),
    )


def changed_tasks(a: RunDigest, b: RunDigest) -> frozenset[str]:
    """Tasks of the same id that are not the same task any more."""
    both = (task for task in a.tasks if task in b.tasks)
    return frozenset(task for task in both if a.tasks[task].digest != b.tasks[task].digest)


def _without(changed: frozenset[str], part: Part) -> dict[str, TaskOutcome]:
    return {task: outcome for task, outcome in part.outcomes.items() if task not in changed}


def _listed(differing: list[Discordant]) -> tuple[Discordant, ...]:
    """Both kinds have their place where not all can be listed."""
    fixed = [one for one in differing if one.change == "fixed"]
    broke = [one for one in differing if one.change == "broke"]
    half = MOST_LISTED // 2
    fixed_shown = max(half, MOST_LISTED - len(broke))
    return (*fixed[:fixed_shown], *broke[: MOST_LISTED - min(len(fixed), fixed_shown)])


def _discordant(a: Part, b: Part, task: str, share_a: float, share_b: float) -> Discordant:
    card = b.run.tasks.get(task) or a.run.tasks.get(task)
    return Discordant(
        task=task,
        href=links.task_of(b.run.kind, task),
        title=card.title if card else "",
        change="fixed" if share_b > share_a else "broke",
        share_a=share_a,
        share_b=share_b,
        attempt_a=_link(a, task),
        attempt_b=_link(b, task),
    )


def _link(part: Part, task: str) -> str | None:
    return links.first_attempt(part.run, task, part.model.model_id) if part.model else None


def _ratio(a: Part, b: Part, tasks: Iterable[str], what: Literal["seconds", "cost_nanousd"]) -> Ratio:
    """Over the common tasks of which both are known; of a local model there is no bill, of several models no task's."""
    if a.model is None or b.model is None or (what == "cost_nanousd" and (a.model.is_local or b.model.is_local)):
        return geometric_mean_ratio(())
    of_a, of_b = a.model.tasks, b.model.tasks
    known = ((_value(of_a[task], what), _value(of_b[task], what)) for task in tasks)
    return geometric_mean_ratio((one, two) for one, two in known if one is not None and two is not None)


def _value(tally: TaskTally, what: Literal["seconds", "cost_nanousd"]) -> float | None:
    return tally.seconds if what == "seconds" else tally.cost_nanousd


def _domains(run: RunDigest, a: dict[str, TaskOutcome], b: dict[str, TaskOutcome]) -> dict[str, float | None]:
    """The difference of the rates in each domain over the common tasks."""
    differences: dict[str, list[float]] = {}
    for task, one in a.items():
        if task in b and task in run.tasks and run.tasks[task].domain:
            found = differences.setdefault(run.tasks[task].domain, [])
            if one.evaluated and b[task].evaluated:
                found.append(b[task].share - one.share)
    return {domain: sum(found) / len(found) if found else None for domain, found in differences.items()}


def _minus(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b
