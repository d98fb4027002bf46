"""The leaderboard: each model's newest complete run of one benchmark with the same settings, ranked by paired tests."""

from __future__ import annotations

from collections.abc import Iterable

from benchgen import paths
from benchgen.numbers.describe import Offer, pareto_frontier
from benchgen.numbers.ranking import MOST_MODELS, Ranked, rank
from benchgen.numbers.rates import PassAtK, Rate, mean_pass_at_k, mean_pass_hat_k
from benchgen.numbers.sentences import ranking_sentence
from benchgen.panels import costs, links, outcomes, run_line
from benchgen.panels.costs import Money
from benchgen.panels.flaky import count_of
from benchgen.panels.reasons import Reasons, reasons
from benchgen.panels.run_head import Setting, settings_of
from benchgen.panels.run_line import RunLine
from benchgen.record import Record
from benchgen.records.digest import ModelDigest, RunDigest
from benchgen.records.report import Metric
from benchgen.records.status import Kind

MOST_EARLIER = 30


class BestRun(Record):
    """The run of a model with the highest rate: what seed 000 ranks by, here a column only."""

    run_id: str
    href: str
    rate: float


class Row(Record):
    """One ranked model. Ranks are None when nothing of it could be evaluated; `earlier` are its rates, oldest first."""

    model: str
    href: str
    provider: str
    is_mock: bool
    is_local: bool
    on_frontier: bool
    best_rank: int | None
    worst_rank: int | None
    rate: Rate
    solved: int
    tasks: int
    money: Money
    per_solve: Money | None
    median_seconds: float | None
    tokens_per_second: float | None
    left_out: int
    passed_later: int
    run_id: str
    run_href: str
    run_at: str
    best: BestRun | None
    earlier: tuple[float, ...]
    settings: tuple[Setting, ...]
    pass_at_k: PassAtK | None
    pass_hat_k: PassAtK | None
    flaky: int
    metric: Metric | None = None


class Leaderboard(Record):
    """One benchmark under one set of settings. `partial` lists runs that are not ranked, being incomplete.

    `key` is a name that stays, for links; `verdict` says after the name of the first row how sure it is that it leads.
    """

    key: str
    benchmark_name: str
    kind: Kind
    tasks: int
    samples: int
    settings: tuple[Setting, ...]
    rows: tuple[Row, ...]
    partial: tuple[RunLine, ...]
    tested: int
    level: float
    is_mock: bool
    reasons: Reasons
    verdict: str

    @property
    def leaves_out(self) -> bool:
        """Whether attempts of any model are in no rate: only then is there a column to tell."""
        return any(row.left_out for row in self.rows)

    @property
    def has_earlier(self) -> bool:
        """Whether any model has more than one run, so that its best may be another than its newest."""
        return any(len(row.earlier) > 1 for row in self.rows)


class _Entry(Record):
    run: RunDigest
    model: ModelDigest
    best: BestRun | None
    rates: tuple[float, ...]


def leaderboards(digests: Iterable[RunDigest]) -> tuple[Leaderboard, ...]:
    """A leaderboard for each group of comparable runs: most models first, then most tasks, then the newest."""
    groups: dict[tuple[object, ...], list[RunDigest]] = {}
    every = sorted(digests, key=lambda d: (d.created_at, d.run_id))
    names = run_line.Names(every)
    for digest in every:
        groups.setdefault(run_line.comparable(digest), []).append(digest)
    newest_first = sorted(groups.values(), key=lambda group: group[-1].created_at, reverse=True)
    boards = [leaderboard(group, names) for group in newest_first]
    return tuple(sorted(boards, key=lambda board: (-len(board.rows), -board.tasks)))


def leaderboard(runs: list[RunDigest], names: run_line.Names | None = None) -> Leaderboard:
    """The leaderboard of comparable runs, oldest first; `names` tell it from others of its name."""
    entries = _newest(runs)
    ranking = rank({model: outcomes.of_model(entry.model) for model, entry in entries.items()})
    frontier = _frontier(entries, ranking.models)
    rows = tuple(_row(entries[one.model], one, one.model in frontier) for one in ranking.models)
    last = runs[-1]
    return Leaderboard(
        key=paths.six(repr(run_line.comparable(last))),
        benchmark_name=(names or run_line.Names(runs)).of(last),
        kind=last.kind,
        tasks=len(last.tasks) or max((row.tasks for row in rows), default=0),
        samples=last.samples,
        settings=settings_of(last.settings, last.kind),
        rows=rows,
        partial=tuple(line for line in run_line.lines(run for run in runs if not run.is_complete)),
        tested=ranking.tested,
        level=ranking.level,
        is_mock=any(row.is_mock for row in rows),
        verdict=ranking_sentence(ranking) if rows else "",
        reasons=reasons((row.model, row.run_href, entries[row.model].model) for row in rows[:MOST_MODELS]),
    )


def ranked_runs(runs: Iterable[RunDigest]) -> dict[str, tuple[RunDigest, ModelDigest]]:
    """The run that each model is ranked by."""
    entries = _newest(sorted(runs, key=lambda d: (d.created_at, d.run_id)))
    return {model: (entry.run, entry.model) for model, entry in entries.items()}


def _newest(runs: list[RunDigest]) -> dict[str, _Entry]:
    newest: dict[str, _Entry] = {}
    for run in runs:
        if run.is_complete:
            for model in run.models:
                before = newest.get(model.model_id)
                value = outcomes.share_of(model)
                best = _better(before.best if before else None, run, value)
                rates = (*(before.rates if before else ()), *(() if value is None else (value,)))
                newest[model.model_id] = _Entry(run, model, best, rates[-MOST_EARLIER:])
    return newest


def _better(best: BestRun | None, run: RunDigest, value: float | None) -> BestRun | None:
    if value is None or (best and best.rate > value):
        return best
    return BestRun(run.run_id, links.run(run.run_id), value)


def _frontier(entries: dict[str, _Entry], ranked: Iterable[Ranked]) -> set[str]:
    """Models that no other beats in cost or rate without losing in the other; a local model has no bill to compare."""
    offers = []
    for one in ranked:
        money = costs.of_model(entries[one.model].model)
        known = not (money.is_local or money.is_lower_bound or entries[one.model].model.is_mock)
        offers.append(Offer(one.model, money.nanousd if known else None, one.rate.value))
    return {offer.name for offer in pareto_frontier(offers)}


def _row(entry: _Entry, ranked: Ranked, on_frontier: bool) -> Row:
    run, model = entry.run, entry.model
    money, of_tasks = costs.of_model(model), outcomes.of_model(model).values()
    return Row(
        model=model.model_id,
        href=links.model(model.model_id),
        provider=model.provider,
        is_mock=model.is_mock,
        is_local=model.is_local,
        on_frontier=on_frontier,
        best_rank=ranked.best_rank,
        worst_rank=ranked.worst_rank,
        rate=ranked.rate,
        solved=sum(tally.passed > 0 for tally in model.tasks.values()),
        tasks=ranked.rate.tasks,
        money=money,
        per_solve=costs.per_solve(money, model.passed),
        median_seconds=model.median_seconds,
        tokens_per_second=model.tokens_per_second,
        left_out=model.excluded,
        passed_later=model.passed_later,
        run_id=run.run_id,
        run_href=links.run(run.run_id),
        run_at=run.created_at,
        best=entry.best,
        earlier=entry.rates,
        settings=settings_of(run.settings, run.kind),
        pass_at_k=mean_pass_at_k(of_tasks, run.samples) if run.samples > 1 else None,
        pass_hat_k=mean_pass_hat_k(of_tasks, run.samples) if run.samples > 1 else None,
        flaky=count_of(model),
        metric=run_line.engine_metric(run),
    )
