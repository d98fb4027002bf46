"""A code harness's run folder as a run: an attempt for each entry of its summary, with the files that lie beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from benchgen import __version__, paths
from benchgen.formats import foreign
from benchgen.formats.code_summary import CodeRun, Listed, read_attempts
from benchgen.imports.place import Place, end
from benchgen.judge.report import cut, tail
from benchgen.numbers.money import nanousd
from benchgen.plan import odd_folders, task_set
from benchgen.record import replace
from benchgen.records.attempt import Attempt
from benchgen.records.events import AnswerReceived, AttemptFinished, AttemptStarted, Event
from benchgen.records.run import ModelSpec, RunConfig
from benchgen.records.task import TaskCard
from benchgen.store.attempts import save_attempt

MOST_FILES = 50
LARGEST_FILE = 16 << 20
_UNKNOWN = TaskCard("", "", "", "", "", (), (), "")


def import_code(source: Path, place: Place) -> Path:
    """The run's folder. BadFile names what is wrong with the summary, and then nothing is written."""
    summary = foreign.read_summary(source)
    created = foreign.created_of(source, summary)
    found = read_attempts(summary, created, str(source / paths.SUMMARY))
    config = _config(source, summary, found, place.id_for(source))
    folder = place.begin(config)
    return place.record(folder, config, _events(_Copying(source, folder, place), found, config, summary))


def _config(source: Path, summary: Mapping[str, Any], found: CodeRun, run_id: str) -> RunConfig:
    return RunConfig(
        run_id=run_id,
        run_name=foreign.name_of(summary.get("run_name") or summary.get("run_id"), "run") or run_id,
        benchmark_name=foreign.name_of(summary.get("benchmark_name"), "benchmark") or "code",
        kind="code",
        created_at=foreign.created_of(source, summary),
        tasks=dict.fromkeys(found.tasks, _UNKNOWN),
        models=tuple(ModelSpec(model, provider) for model, provider in found.models.items()),
        samples=found.samples,
        workers=1,
        settings=found.settings,
        command=("benchgen", "import", source.name),
        folders=odd_folders(one.outcome.attempt for one in found.attempts),
        request={"imported": source.name},
        versions={"benchgen": __version__},
        note="; ".join(found.notes),
        task_set=task_set(dict.fromkeys(found.tasks, _UNKNOWN)),
        total=len(found.attempts),
    )


def _events(copying: _Copying, found: CodeRun, config: RunConfig, summary: Mapping[str, Any]) -> Iterator[Event]:
    for one in found.attempts:
        name = config.folders.get(one.outcome.attempt) or paths.attempt_folder(one.outcome.attempt)
        outcome = copying.saved(one, name)
        at, attempt = outcome.started_at, outcome.attempt
        yield AttemptStarted(at=at, attempt=attempt, task=outcome.task, model=outcome.model, sample=outcome.sample)
        if one.is_answered:
            yield _answer(one)
        yield AttemptFinished(at=outcome.finished_at, attempt=outcome.attempt, outcome=outcome)
    is_whole = all(one.outcome.category not in ("api_error", "harness") for one in found.attempts)
    at, status = foreign.finished_of(config.created_at, summary), foreign.status_of(summary)
    yield end(at, status, is_whole=is_whole)


def _answer(one: Listed) -> AnswerReceived:
    """What the model's answer took; a cost that the summary does not say is unknown."""
    outcome, cost = one.outcome, one.cost_usd
    return AnswerReceived(
        at=outcome.finished_at,
        attempt=outcome.attempt,
        turn=0,
        answer_sha256="",
        provider=one.provider,
        model=outcome.model,
        usage=outcome.usage,
        cost_nanousd=None if cost is None else nanousd(cost),
        price="unknown" if cost is None else "reported",
        latency_seconds=outcome.api_latency_seconds,
    )


class _Copying:
    """Copies the files of attempts out of the folder that they lie in, never through a link."""

    def __init__(self, source: Path, folder: Path, place: Place) -> None:
        self._source, self._folder, self._redactor = source, folder, place.redactor

    def saved(self, one: Listed, name: str) -> Attempt:
        """The outcome with its files, and their ends as excerpts where the summary has none."""
        outcome = one.outcome
        contents = dict(self._contents(one))
        short = replace(
            outcome,
            message=cut(outcome.message),
            stdout_excerpt=tail(outcome.stdout_excerpt or _text(contents, paths.STDOUT)),
            stderr_excerpt=tail(outcome.stderr_excerpt or _text(contents, paths.STDERR)),
        )
        if not contents:
            return short
        artifacts = save_attempt(self._folder, name, contents, redactor=self._redactor)
        return replace(short, folder=name, artifacts=artifacts)

    def _contents(self, one: Listed) -> Iterator[tuple[str, bytes]]:
        place = self._place(one)
        if place is None:
            return
        with os.scandir(place) as entries:
            found = sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
        plain = [name for name in found if name == paths.file_name(name)]
        for name in plain[:MOST_FILES]:
            path = place / name
            if path.stat().st_size <= LARGEST_FILE:
                yield name, path.read_bytes()

    def _place(self, one: Listed) -> Path | None:
        """Where an attempt's files lie: as its entry says, as seen from the run's folder, else by the plain rule."""
        said = PurePosixPath(one.files)
        for name in (one.files, said.name, paths.attempt_folder(one.outcome.attempt)):
            if _is_inside(self._source, name):
                return self._source / name
        return None


def _is_inside(source: Path, name: str) -> bool:
    """Whether a path names a folder below another one, no step of it a link."""
    parts = name.split("/")
    if "\0" in name or "\\" in name or any(part in ("", ".", "..") or len(part) > 255 for part in parts):
        return False
    steps = [source.joinpath(*parts[:length]) for length in range(1, len(parts) + 1)]
    return all(step.is_dir() and not step.is_symlink() for step in steps)


def _text(contents: Mapping[str, bytes], name: str) -> str:
    return contents.get(name, b"")[-2000:].decode("utf-8", "replace")
