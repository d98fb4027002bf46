"""A run's state in brief: the counts and sums that pages across runs are made of."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO
from math import isnan, nan

from benchgen.numbers.describe import summarise
from benchgen.record import field_names
from benchgen.records.digest import EVALUATED, LETTERS, ModelDigest, RowTallies, RunDigest, TaskTally
from benchgen.records.run import ModelSpec
from benchgen.records.state import AttemptRow, RunState, Spending, Tally
from benchgen.records.status import is_evaluated


class _TaskCount:
    """One task by one model, added up; the cost is None as soon as one is not known."""

    __slots__ = ("cost", "evaluated", "excluded", "passed", "seconds", "steps")

    def __init__(self) -> None:
        self.passed = self.evaluated = self.excluded = self.steps = 0
        self.seconds = 0.0
        self.cost: int | None = 0

    def add(self, row: AttemptRow) -> None:
        self.excluded += not is_evaluated(row.category)
        if not row.evaluated:
            return
        outline = row.outline
        self.evaluated += 1
        self.passed += outline.category is None
        self.steps += outline.turns if outline.steps is None else outline.steps
        self.seconds += outline.duration_seconds
        cost = row.cost_nanousd
        self.cost = None if cost is None or self.cost is None else self.cost + cost

    def tally(self) -> TaskTally:
        return TaskTally(
            passed=self.passed,
            evaluated=self.evaluated,
            excluded=self.excluded,
            steps=_ratio(self.steps, self.evaluated),
            seconds=_ratio(self.seconds, self.evaluated),
            cost_nanousd=None if self.cost is None else _ratio(self.cost, self.evaluated),
        )


class _ModelCount:
    """One model's outcomes that count: by task, and the times whose median is told."""

    def __init__(self) -> None:
        self._tasks: dict[str, _TaskCount] = {}
        self.times, self.first_tokens = array("d"), array("d")
        self.total_seconds = self.latency_seconds = 0.0

    def add(self, row: AttemptRow) -> None:
        self.add_task(row)
        outline = row.outline
        self.total_seconds += outline.duration_seconds
        self.latency_seconds += outline.api_latency_seconds or 0.0
        if row.is_timed:  # what nobody scored was answered, and took its time
            self.times.append(outline.duration_seconds)
        if outline.first_token_seconds is not None:
            self.first_tokens.append(outline.first_token_seconds)

    def add_task(self, row: AttemptRow) -> None:
        count = self._tasks.get(row.task)
        if count is None:
            count = self._tasks[row.task] = _TaskCount()
        count.add(row)

    def tallies(self) -> Mapping[str, TaskTally]:
        """Its tasks."""
        return {task: count.tally() for task, count in self._tasks.items()}


class _RowsCount(_ModelCount):
    """The same of a dataset's rows, each asked once: in columns, for there may be a hundred thousand."""

    def __init__(self) -> None:
        super().__init__()
        self._ids, self._lengths = BytesIO(), array("L")
        self._letters = bytearray()
        self._seconds, self._costs = array("d"), array("d")

    def add_task(self, row: AttemptRow) -> None:
        self._lengths.append(self._ids.write(row.task.encode()))
        if row.evaluated:
            self._seconds.append(row.outline.duration_seconds)
        is_passed, is_excluded = row.evaluated and row.category is None, not is_evaluated(row.category)
        self._letters += LETTERS[is_passed, row.evaluated, is_excluded].encode()
        is_known = row.evaluated and row.cost_nanousd is not None
        self._costs.append(float(row.cost_nanousd or 0) if is_known else nan)

    def tallies(self) -> Mapping[str, TaskTally]:
        seconds, letters = iter(self._seconds), self._letters.decode()
        self._ids.seek(0)
        return RowTallies(
            ids=tuple(self._ids.read(length).decode() for length in self._lengths),
            outcomes=letters,
            seconds=tuple(next(seconds) if letter in EVALUATED else None for letter in letters),
            cost_nanousd=tuple(None if isnan(cost) else cost for cost in self._costs),
        ).tallies()


class Counting:
    """Takes the outcomes that count one by one, so that nobody need hold them; what they come to is `digest`.

    `each_once`: they are of a dataset's rows, of which none was repeated.
    """

    def __init__(self, *, each_once: bool = False) -> None:
        self._models: defaultdict[str, _ModelCount] = defaultdict(_RowsCount if each_once else _ModelCount)

    def add(self, row: AttemptRow) -> None:
        """Adds an outcome."""
        self._models[row.model].add(row)

    def digest(self, state: RunState) -> RunDigest:
        """The run in brief, once: the state's own tallies may be of whole models."""
        tallies: defaultdict[str, list[Tally]] = defaultdict(list)
        for model, tally in state.sums.items() or ((model, tally) for (_, model), tally in state.tallies.items()):
            tallies[model].append(tally)
        models = tuple(
            _model(spec, tallies[spec.model_id], self._models[spec.model_id], state.spending.get(spec.model_id))
            for spec in models_of(state)
        )
        return _digest(state, models)


def digest_of(state: RunState) -> RunDigest:
    """The run in brief. Pure: the same log gives the same bytes."""
    counting = Counting()
    for row in state.counted_rows():
        counting.add(row)
    return counting.digest(state)


def _digest(state: RunState, models: tuple[ModelDigest, ...]) -> RunDigest:
    config = state.config
    return RunDigest(
        run_id=config.run_id,
        run_name=config.run_name,
        benchmark_name=config.benchmark_name,
        kind=config.kind,
        status=state.status,
        created_at=config.created_at,
        started_at=state.started_at,
        finished_at=state.finished_at,
        updated_at=state.updated_at,
        total=state.total,
        finished=state.finished,
        samples=config.samples,
        task_set=config.task_set,
        settings=config.settings,
        tasks=config.tasks,
        models=models,
        machine_nanousd=sum(machine.cost_nanousd for machine in state.machines.values()),
        note=config.note,
        error=state.error,
        sandbox=state.sandbox,
        git_commit=config.git.commit if config.git else None,
        command=config.command,
        versions=config.versions,
        report=state.report,
        seq=state.seq,
        log_bytes=state.log_bytes,
        format=config.format,
        dataset_id=config.dataset_id,
        benchmark_id=config.benchmark_id,
    )


def models_of(state: RunState) -> tuple[ModelSpec, ...]:
    """The models of the plan, then those that only the log knows (an engine's own, another harness's)."""
    planned = {spec.model_id: spec for spec in state.config.models}
    for model in {model: None for model in state.sums or [by for _, by in state.tallies] if model not in planned}:
        planned[model] = ModelSpec(model, "")
    for model, spending in state.spending.items():
        planned.setdefault(model, ModelSpec(model, spending.provider))
    return tuple(planned.values())


def _model(spec: ModelSpec, tallies: Iterable[Tally], count: _ModelCount, spending: Spending | None) -> ModelDigest:
    whole = total(tallies)
    times = summarise(count.times)
    money = spending or Spending(spec.provider, spec.model_id)
    has_price = money.answers > money.answers_unpriced
    has_usage = money.answers > money.answers_without_usage
    return ModelDigest(
        model_id=spec.model_id,
        provider=spec.provider,
        is_mock=spec.is_mock,
        is_local=spec.is_local,
        finished=whole.finished,
        passed=whole.passed,
        evaluated=whole.evaluated,
        categories={str(name): count for name, count in whole.categories.items()},
        tasks=count.tallies(),
        cost_nanousd=money.cost_nanousd if has_price else None,
        cost_is_lower_bound=money.answers_unpriced > 0,
        input_tokens=money.input_tokens if has_usage else None,
        output_tokens=money.output_tokens if has_usage else None,
        tokens_per_second=_ratio(money.timed_output_tokens, money.timed_seconds),
        median_seconds=times.median,
        p90_seconds=times.p90,
        total_seconds=count.total_seconds,
        latency_seconds=count.latency_seconds,
        avg_steps=_ratio(whole.steps, whole.steps_count),
        first_action_accuracy=_ratio(whole.first_actions_correct, whole.first_actions),
        avg_steps_to_success=_ratio(whole.steps_passed, whole.steps_passed_count),
        avg_steps_to_failure=_ratio(whole.steps - whole.steps_passed, whole.steps_count - whole.steps_passed_count),
        avg_score=_ratio(whole.score, whole.score_count),
        passed_later=whole.passed_later,
        first_token_seconds=summarise(count.first_tokens).median,
    )


def total(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    every = list(tallies)
    if len(every) == 1 and len(every[0].categories) < 2:  # each row of a dataset has one of its own
        return every[0]
    categories: dict[str, int] = {}
    for tally in every:
        for category, count in tally.categories.items():
            categories[category] = categories.get(category, 0) + count
    sums = {name: sum(getattr(tally, name) for tally in every) for name in _SUMMED}
    return Tally(categories=dict(sorted(categories.items())), **sums)  # type: ignore[arg-type]


_SUMMED = tuple(name for name in field_names(Tally) if name != "categories")


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
