"""A run's outcomes for other tools: as CSV, JSON lines, JSON, Markdown or JUnit XML; rows with their answers."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import Literal

from benchgen import codec
from benchgen.errors import UsageError
from benchgen.formats.junit import Case, Outcome, Suite, junit
from benchgen.formats.tables import Cell, csv_lines
from benchgen.pages import golden
from benchgen.pages.open_run import OpenRun
from benchgen.pages.row_index import RowTable, found
from benchgen.panels.rows import Found
from benchgen.panels.run_sheets import failures_sheet, models_sheet
from benchgen.panels.sheets import markdown_of, one_line
from benchgen.records.run import RunConfig
from benchgen.records.state import AttemptRow
from benchgen.records.status import MODEL_CATEGORIES
from benchgen.store.runs import Results

Format = Literal["csv", "jsonl", "json", "md", "junit"]
MEDIA: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "junit": "application/xml",
}
ENDINGS: dict[Format, str] = {"csv": "csv", "jsonl": "jsonl", "json": "json", "md": "md", "junit": "xml"}
ONE_FILE = "html"
"""The run's pages as one document, which `pages.listing.Site` makes."""
_CHUNK = 500
_OUTCOME = ("status", "category", "score", "message", "seconds", "input_tokens", "output_tokens", "cost_usd")
_ATTEMPT = ("task", "model", "sample", *_OUTCOME, "steps", "worker", "started_at", "finished_at", "attempt")
_ROW = ("custom_id", "model", *_OUTCOME, "scorer", "expected", "response")


def export(results: Results, run_id: str, form: Format, *, only_golden: bool = False) -> Iterator[bytes]:
    """The run's outcomes that count, in pieces, in the order of its plan; each answer to a dataset's row once."""
    run = OpenRun(results, run_id)
    if only_golden:
        if form not in ("csv", "jsonl"):
            raise UsageError("golden answers are exported as csv or jsonl", where=form)
        return iter([golden.spell(golden.of_run(run), form)])
    if form == "json":
        return _json(results, run)
    if form == "md":
        return iter([_markdown(results, run).encode("utf-8", "replace")])
    if run.state.config.kind == "openbench" and not run.state.finished:
        hint = "json and md hold what it reported; the engine's own tools export its log"
        raise UsageError("the engine named no single outcomes", where=run_id, hint=hint)
    if form == "junit":
        return junit(_suites(run))
    return _lines(results, run, form)


def _lines(results: Results, run: OpenRun, form: Literal["csv", "jsonl"]) -> Iterator[bytes]:
    table = run.rows()
    if table is not None:
        return _rows(table, form)
    return _attempts_csv(run) if form == "csv" else _attempts_jsonl(results, run)


def _counted(run: OpenRun) -> Iterator[AttemptRow]:
    """What counts, in the order of the plan: the same run is exported the same, however its attempts ended."""
    return (row for row in run.ordered() if row.attempt not in run.state.superseded)


def _json(results: Results, run: OpenRun) -> Iterator[bytes]:
    """One document: the run in brief, then every outcome."""
    yield b'{"run":' + codec.compact(results.digest(run.run_id)) + b',"outcomes":['
    is_first = True
    for piece in _lines(results, run, "jsonl"):
        if piece:
            yield (b"" if is_first else b",") + b",".join(piece.splitlines())
            is_first = False
    yield b"]}\n"


def _markdown(results: Results, run: OpenRun) -> str:
    digest, failures = results.digest(run.run_id), failures_sheet(_counted(run))
    facts = {"benchmark": digest.benchmark_name, "run": digest.run_id, "status": digest.status}
    facts |= {"started": digest.started_at or "not yet", "command": shlex.join(digest.command)}
    parts = [f"# {one_line(digest.run_name or digest.run_id)}\n"]
    parts += ["".join(f"- {name}: {one_line(value)}\n" for name, value in facts.items())]
    parts += [markdown_of(models_sheet(digest))]
    if failures.rows:
        parts += [f"## Not passed\n\n{markdown_of(failures)}"]
    left = sum(model.finished - model.passed for model in digest.models) - len(failures.rows)
    if left > 0:
        parts += [f"{left} more are in the other formats.\n"]
    return "\n".join(parts)


def _suites(run: OpenRun) -> Iterator[Suite]:
    config = run.state.config
    by_model: dict[str, list[Case]] = {model.model_id: [] for model in config.models}
    for row in _counted(run):
        by_model.setdefault(row.model, []).append(_case(config, row))
    said = [("run", config.run_id), ("kind", config.kind), *sorted(config.versions.items())]
    for model, cases in by_model.items():
        host = config.host.system if config.host else ""
        yield Suite(model, config.benchmark_name, run.state.started_at or config.created_at, host, said, cases)


def _case(config: RunConfig, row: AttemptRow) -> Case:
    card = config.tasks.get(row.task)
    name = f"{row.task} [sample {row.sample}]" if config.samples > 1 else row.task
    group = ".".join(part for part in (config.benchmark_name, card.domain if card else "") if part)
    why = row.message or (row.category or "")
    return Case(name, group or config.kind, row.seconds, _outcome_of(row), row.category or "", why)


def _outcome_of(row: AttemptRow) -> Outcome:
    """What a model did wrong is a failure; what nobody of interest did is an error or was not tried."""
    if row.category in ("not_runnable", "canceled") or (row.category is None and not row.outline.is_scored):
        return "skipped"
    if row.category is None:
        return "passed"
    return "failure" if row.category in MODEL_CATEGORIES else "error"


def _rows(table: RowTable, form: Literal["csv", "jsonl"]) -> Iterator[bytes]:
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
    for row in _counted(run):
        last = (row.steps, row.worker, row.started_at, row.finished_at, row.attempt)
        yield csv_lines([(row.task, row.model, row.sample, *_outcome(row), *last)])


def _attempts_jsonl(results: Results, run: OpenRun) -> Iterator[bytes]:
    for line in results.lines(run.run_id, (row.line for row in _counted(run))):
        yield codec.line(codec.outcome(line, where=run.run_id))


def _outcome(row: AttemptRow) -> tuple[Cell, ...]:
    status = row.status if row.outline.is_scored or row.category else "answered"
    cost = None if row.cost_nanousd is None else row.cost_nanousd / 1e9
    seconds = row.seconds or None  # 0 where its harness timed nothing
    return status, row.category, row.score, row.message, seconds, row.input_tokens, row.output_tokens, cost
