"""A run's outcomes for other tools: CSV for tables, JSON lines for programs; rows of a dataset with their answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from benchgen import codec
from benchgen.errors import UsageError
from benchgen.formats.tables import Cell, csv_lines
from benchgen.pages import golden
from benchgen.pages.open_run import OpenRun
from benchgen.pages.row_index import RowTable, found
from benchgen.panels.rows import Found
from benchgen.records.state import AttemptRow
from benchgen.store.runs import Results

Format = Literal["csv", "jsonl"]
_CHUNK = 500
_OUTCOME = ("status", "category", "score", "message", "seconds", "input_tokens", "output_tokens", "cost_usd")
_ATTEMPT = ("task", "model", "sample", *_OUTCOME, "steps", "worker", "started_at", "finished_at", "attempt")
_ROW = ("custom_id", "model", *_OUTCOME, "scorer", "expected", "response")


def export(results: Results, run_id: str, form: Format, *, only_golden: bool = False) -> Iterator[bytes]:
    """The run's outcomes that count, in pieces. A dataset's rows come in its order, each model's answer once."""
    run = OpenRun(results, run_id)
    if only_golden:
        return iter([golden.spell(golden.of_run(run), form)])
    if run.state.config.kind == "openbench":
        raise UsageError("an engine's own log says more", where=run_id, hint="export it with the engine's own tools")
    table = run.rows()
    if table is not None:
        return _rows(table, form)
    return _attempts_csv(run) if form == "csv" else _attempts_jsonl(results, run)


def _rows(table: RowTable, form: Format) -> Iterator[bytes]:
    if form == "csv":
        yield csv_lines([_ROW])
    for start in range(0, len(table), _CHUNK):
        raw = table.raw(start, start + _CHUNK)
        if form == "jsonl":
            yield b"".join(said.line for one in raw for said in one.results)
        else:
            yield csv_lines(cells for one in raw for cells in row_cells(found(one)))


def row_cells(found: Found) -> Iterator[Sequence[Cell]]:
    """A line of the table for each answer to a row."""
    scorer = found.row.scorer
    is_text = isinstance(scorer.expected, str) or scorer.expected is None
    expected = scorer.expected if is_text else codec.compact(scorer.expected).decode()
    for said in found.answers.values():
        yield (found.row.custom_id, said.row.model, *_outcome(said.row), scorer.name, expected, said.line.text)


def _attempts_csv(run: OpenRun) -> Iterator[bytes]:
    yield csv_lines([_ATTEMPT])
    for row in run.state.counted_rows():
        last = (row.steps, row.worker, row.started_at, row.finished_at, row.attempt)
        yield csv_lines([(row.task, row.model, row.sample, *_outcome(row), *last)])


def _attempts_jsonl(results: Results, run: OpenRun) -> Iterator[bytes]:
    for line in results.lines(run.run_id, (row.line for row in run.state.counted_rows())):
        yield codec.line(codec.outcome(line, where=run.run_id))


def _outcome(row: AttemptRow) -> tuple[Cell, ...]:
    status = row.status if row.outline.is_scored or row.category else "answered"
    cost = None if row.cost_nanousd is None else row.cost_nanousd / 1e9
    return status, row.category, row.score, row.message, row.seconds, row.input_tokens, row.output_tokens, cost
