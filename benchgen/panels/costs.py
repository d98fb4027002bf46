"""The costs panel: what answers and machines cost so far, what the whole run will, and what it may."""

from __future__ import annotations

from collections.abc import Iterable

from benchgen.record import Record
from benchgen.records.digest import ModelDigest, RunDigest
from benchgen.records.events import RUNNING_TOTAL
from benchgen.records.state import Limit, RunState, Spending

FEWEST_FOR_PROJECTION = 3


class Money(Record):
    """An amount in nano-dollars. None: unknown, never 0. `is_local`: answered without a bill, not comparable to one."""

    nanousd: int | None
    is_lower_bound: bool = False
    is_local: bool = False


class ModelCost(Record):
    """One model's answers, None when only their sum is known. Tokens are None when the provider reported none."""

    model: str
    answers: int | None
    input_tokens: int | None
    output_tokens: int | None
    money: Money


class ProviderCost(Record):
    """One provider's models, the most used first."""

    provider: str
    models: tuple[ModelCost, ...]
    input_tokens: int | None
    output_tokens: int | None
    money: Money


class MachineLine(Record):
    """A machine paid by the hour: `kind` is `azure_vm` or `gpu_time`."""

    machine: str
    kind: str
    instance_type: str
    hourly_nanousd: int | None
    hours: float
    nanousd: int


class Costs(Record):
    """`projected` is the total scaled to all attempts, None before three have finished or once all have.

    Attempts that count, those that retries replaced and those without an outcome (`open`) are the parts of what answers
    cost.
    """

    run_id: str
    providers: tuple[ProviderCost, ...]
    machines: tuple[MachineLine, ...]
    machine_nanousd: int
    total: Money
    projected: Money | None
    budget_nanousd: int | None
    limits: tuple[Limit, ...]
    counted_nanousd: int
    replaced_nanousd: int
    open_nanousd: int


def costs(state: RunState) -> Costs:
    """What a run has cost at this event."""
    local = {model.model_id for model in state.config.models if model.is_local}
    providers = tuple(_provider(name, group, local) for name, group in _by_provider(state.spending.values()))
    machines = _machines(state)
    answers = sum(spending.cost_nanousd for spending in state.spending.values())
    total = of_state(state)
    return Costs(
        run_id=state.config.run_id,
        providers=providers,
        machines=machines,
        machine_nanousd=sum(machine.nanousd for machine in machines),
        total=total,
        projected=_projected(total, state),
        budget_nanousd=state.config.budget.max_cost_nanousd,
        limits=standing(state.limits),
        counted_nanousd=answers - state.replaced_nanousd - state.open_nanousd,
        replaced_nanousd=state.replaced_nanousd,
        open_nanousd=state.open_nanousd,
    )


def standing(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """Of each limit what was said last: one that was reached needs no warning that it would be."""
    return tuple({limit.limit: limit for limit in limits}.values())


def total_of(amounts: Iterable[Money]) -> Money:
    """The sum of amounts: unknown when none is known, a lower bound when one is not, local when all are."""
    every = list(amounts)
    billed = [money for money in every if not money.is_local]
    if not billed:
        return Money(sum(m.nanousd or 0 for m in every), is_local=bool(every))
    known = [money.nanousd for money in billed if money.nanousd is not None]
    if not known:
        return Money(None)
    return Money(sum(known), len(known) < len(billed) or any(money.is_lower_bound for money in billed))


def of_state(state: RunState, model: str | None = None) -> Money:
    """What a run cost so far, its machines included; or one model of it, without them."""
    local = {one.model_id for one in state.config.models if one.is_local}
    amounts = [of_spending(one, one.model in local) for by, one in state.spending.items() if model in (None, by)]
    if model is None:
        amounts += [Money(line.nanousd) for line in _machines(state)]
    if not amounts and (state.config.kind in ("agent", "openbench") or state.has_asked(model)):
        # What says nothing of costs has some, and a request that failed may have, but where nobody sends a bill.
        return Money(None, is_local=local >= ({model} if model else {one.model_id for one in state.config.models}))
    return total_of(amounts)


def of_model(digest: ModelDigest) -> Money:
    """What one model of a finished run cost."""
    if digest.is_local:
        return Money(digest.cost_nanousd or 0, is_local=True)
    return Money(digest.cost_nanousd, digest.cost_is_lower_bound and digest.cost_nanousd is not None)


def of_run(digest: RunDigest) -> Money:
    """What a finished run cost, its machines included."""
    machines = [Money(digest.machine_nanousd)] if digest.machine_nanousd else []
    return total_of([*map(of_model, digest.models), *machines])


def per_solve(money: Money, solved: int) -> Money | None:
    """Cost for each solved attempt; None when nothing was solved."""
    if not solved:
        return None
    share = None if money.nanousd is None else round(money.nanousd / solved)
    return Money(share, money.is_lower_bound, money.is_local)


def _by_provider(spending: Iterable[Spending]) -> list[tuple[str, list[Spending]]]:
    groups: dict[str, list[Spending]] = {}
    for item in spending:
        groups.setdefault(item.provider, []).append(item)
    return sorted(groups.items())


def _provider(name: str, group: list[Spending], local: set[str]) -> ProviderCost:
    models = tuple(_model(item, item.model in local) for item in sorted(group, key=lambda s: (-s.answers, s.model)))
    inputs = [m.input_tokens for m in models if m.input_tokens is not None]
    outputs = [m.output_tokens for m in models if m.output_tokens is not None]
    money = total_of(model.money for model in models)
    return ProviderCost(name, models, sum(inputs) if inputs else None, sum(outputs) if outputs else None, money)


def _model(spending: Spending, is_local: bool) -> ModelCost:
    said = spending.answers_without_usage < spending.answers
    return ModelCost(
        model=spending.model,
        answers=None if spending.price == RUNNING_TOTAL else spending.answers,
        input_tokens=spending.input_tokens if said else None,
        output_tokens=spending.output_tokens if said else None,
        money=of_spending(spending, is_local),
    )


def of_spending(spending: Spending, is_local: bool) -> Money:
    """What one model's answers cost so far."""
    if is_local:
        return Money(spending.cost_nanousd, is_local=True)
    if spending.answers and spending.answers_unpriced == spending.answers:
        return Money(None)
    return Money(spending.cost_nanousd, spending.answers_unpriced > 0)


def _machines(state: RunState) -> tuple[MachineLine, ...]:
    planned = {machine.name: machine for machine in state.config.machines}
    lines = []
    for name in [*planned, *(name for name in state.machines if name not in planned)]:
        plan, used = planned.get(name), state.machines.get(name)
        lines.append(
            MachineLine(
                machine=name,
                kind=plan.kind if plan else used.kind if used else "",
                instance_type=plan.instance_type if plan else "",
                hourly_nanousd=plan.hourly_nanousd if plan else None,
                hours=used.hours if used else 0.0,
                nanousd=used.cost_nanousd if used else 0,
            )
        )
    return tuple(lines)


def _projected(total: Money, state: RunState) -> Money | None:
    if total.nanousd is None or not FEWEST_FOR_PROJECTION <= state.finished < state.total:
        return None
    return Money(round(total.nanousd * state.total / state.finished), total.is_lower_bound, total.is_local)
