"""A run's outcomes for other tools: CSV for tables, JSON lines for programs; rows of a dataset with their answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from benchgen import codec
from benchgen.errors import UsageError
from benchgen.pages.open_run import OpenRun
from benchgen.pages.row_index import Raw, RowIndex
from benchgen.records.state import AttemptRow
from benchgen.store.runs import Results

Format = Literal["csv", "jsonl"]
_CHUNK = 500
_OUTCOME = ("status", "category", "score", "message", "seconds", "input_tokens", "output_tokens", "cost_usd")
_ATTEMPT = ("task", "model", "sample", *_OUTCOME, "steps", "worker", "started_at", "finished_at", "attempt")
_ROW = ("custom_id", "model", *_OUTCOME, "scorer", "expected", "response")
# What a spreadsheet would take for a formula, and run.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | float | None


def export(results: Results, run_id: str, form: Format) -> Iterator[bytes]:
    """The run's outcomes that count, in pieces. A dataset's rows come in its order, each model's answer once."""
    run = OpenRun(results, run_id)
    if run.state.config.kind == "openbench":
        raise UsageError("an engine's own log says more", where=run_id, hint="export it with the engine's own tools")
    if run.dataset is not None:
        return _rows(run, run.dataset, form)
    return _attempts_csv(run) if form == "csv" else _attempts_jsonl(results, run)


def _rows(run: OpenRun, index: RowIndex, form: Format) -> Iterator[bytes]:
    models = [model.model_id for model in run.state.config.models]
    if form == "csv":
        yield _csv([_ROW])
    for start in range(0, len(index), _CHUNK):
        raw = index.raw(start, start + _CHUNK, models)
        if form == "jsonl":
            yield b"".join(line for one in raw for _, line in one.results)
        else:
            yield _csv(cells for one in raw for cells in _row_cells(index, one))


def _row_cells(index: RowIndex, raw: Raw) -> Iterator[Sequence[Cell]]:
    found = index.found(raw)
    scorer = found.row.scorer
    is_text = isinstance(scorer.expected, str) or scorer.expected is None
    expected = scorer.expected if is_text else codec.compact(scorer.expected).decode()
    for row, line in found.answers.values():
        yield (found.row.custom_id, row.model, *_outcome(row), scorer.name, expected, line.text)


def _attempts_csv(run: OpenRun) -> Iterator[bytes]:
    yield _csv([_ATTEMPT])
    for row in run.state.counted_rows():
        last = (row.steps, row.worker, row.started_at, row.finished_at, row.attempt)
        yield _csv([(row.task, row.model, row.sample, *_outcome(row), *last)])


def _attempts_jsonl(results: Results, run: OpenRun) -> Iterator[bytes]:
    for line in results.lines(run.run_id, (row.line for row in run.state.counted_rows())):
        yield codec.line(codec.outcome(line, where=run.run_id))


def _outcome(row: AttemptRow) -> tuple[Cell, ...]:
    status = row.status if row.outline.is_scored or row.category else "answered"
    cost = None if row.cost_nanousd is None else row.cost_nanousd / 1e9
    return status, row.category, row.score, row.message, row.seconds, row.input_tokens, row.output_tokens, cost


def _csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _harmless(cell: Cell) -> Cell:
    """Text of a model must not become a formula; a plain number stays one."""
    if not isinstance(cell, str) or not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
