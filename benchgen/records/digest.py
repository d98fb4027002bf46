"""A run in brief: what pages across runs need of it, small enough to hold a thousand of them in memory."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from functools import cached_property

from benchgen.record import Record, field
from benchgen.records.report import EngineReport
from benchgen.records.run import Settings
from benchgen.records.status import Kind, RunStatus, excluded
from benchgen.records.task import TaskCard


class TaskTally(Record):
    """One task by one model: passed of evaluated, and how many were left out of the rate.

    Steps, seconds and nano-dollars are means over the evaluated attempts; None where one of them is not known.
    """

    passed: int
    evaluated: int
    excluded: int = 0
    steps: float | None = None
    seconds: float | None = None
    cost_nanousd: float | None = None


LETTERS = {(1, 1, 0): "p", (0, 1, 0): "f", (0, 0, 1): "x", (0, 0, 0): "a"}
EVALUATED = "pf"
_COUNTS = {letter: counts for counts, letter in LETTERS.items()}


class RowTallies(Record):
    """The tallies of a dataset's rows, each asked once, in columns: in a file they take an eighth of the room.

    The n-th of each is of `ids[n]`. `outcomes` has a letter a row: `p` passed, `f` failed, `x` left out, `a` answered
    and scored by nobody.
    """

    ids: tuple[str, ...]
    outcomes: str
    seconds: tuple[float | None, ...]
    cost_nanousd: tuple[float | None, ...]

    @classmethod
    def of(cls, tallies: Mapping[str, TaskTally]) -> RowTallies | None:
        """These tallies in columns; None where one is of more than one attempt."""
        if isinstance(tallies, _InColumns):
            return tallies.rows
        every = tallies.values()
        letters = [LETTERS.get((one.passed, one.evaluated, one.excluded)) for one in every]
        if None in letters or any(one.steps != (1.0 if one.evaluated else None) for one in every):
            return None
        return cls(
            ids=tuple(tallies),
            outcomes="".join(letter or "" for letter in letters),
            seconds=tuple(one.seconds for one in every),
            cost_nanousd=tuple(one.cost_nanousd for one in every),
        )

    def tallies(self) -> Mapping[str, TaskTally]:
        """The tallies, by id. ValueError when the columns are of no digest."""
        if set(self.outcomes) - set(_COUNTS):
            raise ValueError("an outcome is none of the letters")
        if not len(self.ids) == len(self.outcomes) == len(self.seconds) == len(self.cost_nanousd):
            raise ValueError("the columns are not of one length")
        return _InColumns(self)

    def at(self, number: int) -> TaskTally:
        """The n-th tally."""
        letter = self.outcomes[number]
        steps = 1.0 if letter in EVALUATED else None
        return TaskTally(*_COUNTS[letter], steps, self.seconds[number], self.cost_nanousd[number])


class _InColumns(Mapping[str, TaskTally]):
    """Tallies that are made when somebody looks at them: held, a hundred thousand take 40 MB."""

    def __init__(self, rows: RowTallies) -> None:
        self.rows = rows

    @cached_property
    def _number_of(self) -> Mapping[str, int]:
        return {row: number for number, row in enumerate(self.rows.ids)}

    def __getitem__(self, row: str) -> TaskTally:
        return self.rows.at(self._number_of[row])

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows.ids)

    def __len__(self) -> int:
        return len(self.rows.ids)

    def items(self) -> ItemsView[str, TaskTally]:
        """All of them, in one pass: nothing is looked up for it."""
        return _Items(self)

    def values(self) -> ValuesView[TaskTally]:
        """The same without their ids."""
        return _Values(self)


class _Items(ItemsView[str, TaskTally]):
    _mapping: _InColumns

    def __iter__(self) -> Iterator[tuple[str, TaskTally]]:
        return zip(self._mapping, self._mapping.values(), strict=True)


class _Values(ValuesView[TaskTally]):
    _mapping: _InColumns

    def __iter__(self) -> Iterator[TaskTally]:
        return map(self._mapping.rows.at, range(len(self._mapping)))


class ModelDigest(Record):
    """One model's part of a run. Times are seconds over finished attempts that count; costs are nano-dollars.

    `rows` stands for `tasks` in the file of a dataset run, nowhere else.
    """

    model_id: str
    provider: str
    is_mock: bool
    is_local: bool
    finished: int
    passed: int
    evaluated: int
    categories: Mapping[str, int]
    tasks: Mapping[str, TaskTally]
    cost_nanousd: int | None
    cost_is_lower_bound: bool
    input_tokens: int | None
    output_tokens: int | None
    tokens_per_second: float | None
    median_seconds: float | None
    p90_seconds: float | None
    total_seconds: float
    latency_seconds: float
    avg_steps: float | None = None
    first_action_accuracy: float | None = None
    avg_steps_to_success: float | None = None
    avg_steps_to_failure: float | None = None
    avg_score: float | None = None
    passed_later: int = 0
    first_token_seconds: float | None = None
    rows: RowTallies | None = None

    @property
    def excluded(self) -> int:
        """Attempts left out of the rate, for what went wrong was not the model's doing."""
        return excluded(self.categories)


class RunDigest(Record):
    """`digest.json` and the published `data/runs/<id>.json`: head and tallies of one run.

    `log_bytes` is the length of the log that it was made from: a longer log makes it out of date.
    """

    run_id: str
    run_name: str
    benchmark_name: str
    kind: Kind
    status: RunStatus
    created_at: str
    started_at: str | None
    finished_at: str | None
    updated_at: str | None
    total: int
    finished: int
    samples: int
    task_set: str
    settings: Settings
    tasks: Mapping[str, TaskCard]
    models: tuple[ModelDigest, ...]
    machine_nanousd: int = 0
    note: str = ""
    error: str | None = None
    sandbox: str = ""
    git_commit: str | None = None
    command: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    report: EngineReport | None = None
    seq: int = 0
    log_bytes: int = 0
    format: int = 1
    dataset_id: str | None = None
    benchmark_id: str | None = None

    @property
    def is_mock(self) -> bool:
        return any(model.is_mock for model in self.models)

    @property
    def is_complete(self) -> bool:
        """Whether every planned attempt has an outcome; partial runs are shown but not ranked."""
        return self.status == "completed" and self.finished >= self.total
