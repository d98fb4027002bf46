"""What a run and a dataset put into `history.db`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO

from benchgen import codec, paths
from benchgen.numbers.rates import outcome_of, rate
from benchgen.record import replace
from benchgen.records.dataset import Dataset
from benchgen.records.digest import ModelDigest, RunDigest
from benchgen.records.state import AttemptRow, RunState
from benchgen.records.summary import CodeSummary, DatasetSummary, Summary
from benchgen.redact import Redactor
from benchgen.store.history import Row, Rows, results_file

_STATUS_003 = {"queued": "running", "canceled": "cancelled"}
"""Seed 003's spellings; the others are alike."""


def run_rows(state: RunState, digest: RunDigest, summary: Summary, attempts: Iterable[Row], redactor: Redactor) -> Rows:
    """A run's rows: one in `runs` for each model, one in `attempts` for each outcome that counts."""
    tables: dict[str, Iterable[Row]] = {
        "runs": [_model_row(model, state, summary, redactor) for model in digest.models],
        "attempts": attempts,
    }
    if isinstance(summary, DatasetSummary):
        tables["benchmarks"] = [_benchmark_row(state, summary)]
    return Rows(state.config.run_id, tables)


def dataset_rows(dataset: Dataset) -> Rows:
    """A dataset's row."""
    file = f"{paths.DATASETS}/{dataset.id}/{paths.DATASET_ROWS}"
    row: Row = (dataset.id, dataset.name, file, dataset.count, dataset.uploaded_at, dataset.uploaded_at)
    return Rows(None, {"datasets": [row]})


def _model_row(model: ModelDigest, state: RunState, summary: Summary, redactor: Redactor) -> Row:
    accuracy = rate(outcome_of(tally.passed, tally.evaluated) for tally in model.tasks.values()).value
    cost = None if model.cost_nanousd is None or model.cost_is_lower_bound else model.cost_nanousd / 1e9
    return (
        state.config.run_id,
        state.config.created_at,
        model.model_id,
        codec.compact(list(state.config.tasks)).decode(),
        accuracy,
        cost,
        model.total_seconds,
        redactor.bytes(codec.compact(_of_model(summary, model.model_id))).decode(),
    )


def _of_model(summary: Summary, model: str) -> Summary:
    """The summary with this model's attempts only, so that a run's rows hold each attempt once."""
    if not isinstance(summary, CodeSummary):
        return summary
    return replace(summary, attempts=tuple(entry for entry in summary.attempts if entry.model == model))


class AttemptRows(Iterable[Row]):
    """The rows of a run's outcomes, packed: held as they are, those of a hundred thousand take 40 MB.

    All are added before the first is read.
    """

    def __init__(self, run_id: str, redactor: Redactor) -> None:
        self._run_id, self._redactor = run_id, redactor
        self._lines = BytesIO()

    def add(self, row: AttemptRow) -> None:
        """Adds an outcome."""
        self._lines.write(codec.line(attempt_row(self._run_id, row, self._redactor)[1:]))

    def __iter__(self) -> Iterator[Row]:
        self._lines.seek(0)
        for line in self._lines:
            yield self._run_id, *codec.parse(line, where=self._run_id)


def attempt_row(run_id: str, row: AttemptRow, redactor: Redactor) -> Row:
    """An outcome's row."""
    return (
        run_id,
        row.task,
        row.status,
        row.seconds,
        row.input_tokens,
        row.output_tokens,
        None if row.cost_nanousd is None else row.cost_nanousd / 1e9,
        redactor.text(row.message or row.category) if row.category else None,
    )


def _benchmark_row(state: RunState, summary: DatasetSummary) -> Row:
    config = state.config
    return (
        config.benchmark_id or config.run_id,
        ", ".join(summary.models),
        config.dataset_id or config.benchmark_name,
        _STATUS_003.get(state.status, state.status),
        100 * state.finished // state.total if state.total else 0,
        state.finished,
        state.total,
        summary.throughput,
        0,
        state.started_at or config.created_at,
        state.finished_at,
        summary.total_time_seconds,
        results_file(config.run_id),
        f"{config.run_id}/{paths.METADATA}",
        config.created_at,
    )
