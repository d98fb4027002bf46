"""The results of a batch, `results.jsonl`, as a run: a row for each line, with what was asked where that is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchgen import __version__, paths
from benchgen.catalog.rows import Row, lines_of, read_row, spell
from benchgen.catalog.scorers import Scorer
from benchgen.errors import BadFile
from benchgen.formats import foreign
from benchgen.formats.batch_results import BatchResults
from benchgen.formats.code_summary import settings_of
from benchgen.imports.place import Place, end
from benchgen.judge.report import cut
from benchgen.record import Record, field, replace
from benchgen.records.attempt import Attempt
from benchgen.records.events import AnswerReceived, AttemptFinished, AttemptStarted, Event
from benchgen.records.message import Message
from benchgen.records.run import ModelSpec, RunConfig
from benchgen.runner.dataset_plan import Source, sum_of
from benchgen.store.attempts import save_pieces

CHUNK = 1 << 20
_PROVIDER = "harness"


class _Seen(Record):
    """What one reading of all results comes to: rows and models in their order."""

    rows: dict[str, None] = field(default_factory=dict)
    models: dict[str, None] = field(default_factory=dict)


def import_dataset(source: Path, place: Place) -> Path:
    """The run's folder. BadFile names what is wrong with the results, and then nothing is written."""
    has_summary = foreign.is_file(source / paths.SUMMARY)
    summary = foreign.read_summary(source) if has_summary else {}
    results = BatchResults(source / paths.RESULTS, _model(source, summary), foreign.created_of(source, summary))
    seen = _Seen()
    for row in results.rows():
        seen.rows[row.outcome.task] = seen.models[row.outcome.model] = None
    asked = _Asked(source / paths.REQUESTS, seen.rows)
    config = _config(source, summary, asked, seen)
    config = replace(config, run_id=place.id_for(source), note="; ".join((*results.notes(), *asked.notes())))
    folder = place.begin(config, asked)
    save_pieces(folder, paths.RESULTS, (row.line for row in results.rows()), redactor=place.redactor)
    return place.record(folder, config, _events(results, config, summary))


def _model(source: Path, summary: Mapping[str, Any]) -> str:
    """The model that the run is of, as its summary or its config says; empty where neither does."""
    config = foreign.read_config(source)
    said = (summary.get("model_id"), summary.get("model"), config.get("model_id"), config.get("model"))
    return next((name for one in said if (name := foreign.name_of(one, "model"))), "")


def _config(source: Path, summary: Mapping[str, Any], asked: _Asked, seen: _Seen) -> RunConfig:
    name = foreign.name_of(summary.get("dataset_name") or summary.get("benchmark_name"), "dataset") or source.name
    found = sum_of(Source(name, asked))
    return RunConfig(
        run_id=source.name,
        run_name=foreign.name_of(summary.get("run_name"), "run") or source.name,
        benchmark_name=name,
        kind="dataset",
        created_at=foreign.created_of(source, summary),
        tasks=found.cards,
        models=tuple(ModelSpec(model, _PROVIDER) for model in seen.models),
        samples=1,
        workers=1,
        settings=settings_of({**foreign.read_config(source), **summary}),
        command=("benchgen", "import", source.name),
        request={"imported": source.name},
        versions={"benchgen": __version__},
        task_set="" if asked.unknown else found.task_set,
        total=found.count * len(seen.models),
    )


def _events(results: BatchResults, config: RunConfig, summary: Mapping[str, Any]) -> Iterator[Event]:
    is_whole = True
    for row in results.rows():
        outcome = replace(row.outcome, message=cut(row.outcome.message))
        is_whole = is_whole and outcome.category != "api_error"
        yield AttemptStarted(
            at=outcome.started_at, attempt=outcome.attempt, task=outcome.task, model=outcome.model, sample=0
        )
        if row.is_answered:
            yield _answer(outcome)
        yield AttemptFinished(at=outcome.finished_at, attempt=outcome.attempt, outcome=outcome)
    at, status = foreign.finished_of(config.created_at, summary), foreign.status_of(summary)
    yield end(at, status, is_whole=is_whole)


def _answer(outcome: Attempt) -> AnswerReceived:
    """What the answer took; a batch does not say what it cost."""
    return AnswerReceived(
        at=outcome.finished_at,
        attempt=outcome.attempt,
        turn=0,
        answer_sha256="",
        provider=_PROVIDER,
        model=outcome.model,
        usage=outcome.usage,
    )


class _Asked:
    """The lines of the run's `requests.jsonl`, made as often as they are asked for: first those that lie beside the
    results, then an empty question for each row that is answered and not among them."""

    def __init__(self, path: Path, answered: Mapping[str, None]) -> None:
        self._path = path
        self._has_file = foreign.is_file(path)
        known = {row.custom_id for row in self._known()} if self._has_file else set()
        self.unknown = [one for one in answered if one not in known]

    def __iter__(self) -> Iterator[bytes]:
        yield from map(spell, self._known() if self._has_file else ())
        for custom_id in self.unknown:
            yield spell(Row(custom_id, (Message("user", ""),), Scorer("none")))

    def notes(self) -> Iterator[str]:
        """What nobody knows about the questions."""
        if not self._has_file:
            yield f"what was asked is not known: there is no {paths.REQUESTS} beside the results"
        elif self.unknown:
            yield f"what {len(self.unknown)} rows asked is not known: {paths.REQUESTS} has not their lines"

    def _known(self) -> Iterator[Row]:
        seen: set[str] = set()
        with self._path.open("rb") as file:
            for line in lines_of(iter(lambda: file.read(CHUNK), b"")):
                row = self._row(line)
                if row is not None and row.custom_id not in seen:
                    seen.add(row.custom_id)
                    yield row

    def _row(self, line: bytes) -> Row | None:
        try:
            row = read_row(line.removeprefix(b"\xef\xbb\xbf"), str(self._path))
            row = replace(row, custom_id=foreign.name_of(row.custom_id, "row"))
            spell(row)
        except (BadFile, TypeError):  # no row; or nested too deeply to be written again
            return None
        return row
