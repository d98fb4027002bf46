"""Inspect logs on record: an outcome for every sample, a copy of the logs under a stable name, the run's report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchgen import clock, paths
from benchgen.errors import EXIT_COULD_NOT, EXIT_INCOMPLETE, EXIT_INTERRUPTED, BadFile
from benchgen.formats.inspect_header import Header, model_spec
from benchgen.formats.inspect_log import InspectLog, open_log, spell
from benchgen.formats.inspect_outcome import Judging, category_of, is_scored, judging, message_of, score_of, task_of
from benchgen.formats.inspect_report import report_of, run_error, run_status
from benchgen.formats.inspect_sample import Sample, SampleScore, read_sample, read_scores
from benchgen.judge.report import cut
from benchgen.providers.pricing import Priced, price
from benchgen.record import Record, field, field_names
from benchgen.records.attempt import Attempt, Usage
from benchgen.records.events import AnswerReceived, AttemptFinished, Progress, RunFinished
from benchgen.records.run import ModelSpec
from benchgen.records.status import RunStatus
from benchgen.redact import Redactor
from benchgen.settings import PriceEntry
from benchgen.store.attempts import save_pieces

_EXIT: Mapping[RunStatus, int] = {"completed": 0, "failed": EXIT_COULD_NOT, "canceled": EXIT_INTERRUPTED}


class Answering(Record):
    """Whose answers the samples are, and what tokens cost; `at` is for samples that say no time of their own."""

    model: ModelSpec
    at: str
    prices: Mapping[str, PriceEntry] = field(default_factory=dict)


class Logs:
    """The logs of one run, open while the block lasts; those that are damaged are left out, and said.

    `judged_by` is for each benchmark the scorer that says what passed, once `events` has told its samples.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = files
        self._stack = ExitStack()
        self._logs: list[InspectLog] = []
        self.notes: list[str] = []
        self.judged_by: dict[str, str | None] = {}
        self._faults = self._done = 0

    @classmethod
    def of(cls, logs: Sequence[InspectLog]) -> Logs:
        """Logs that were read from files of another form."""
        found = cls(())
        found._logs.extend(logs)
        return found

    def __enter__(self) -> Logs:
        for path in self._files:
            try:
                log = open_log(path)
            except BadFile as fault:
                self.notes.append(f"{path.name} cannot be read: {fault.message}")
            else:
                self._stack.callback(log.close)
                self._logs.append(log)
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    @property
    def headers(self) -> tuple[Header, ...]:
        return tuple(log.header for log in self._logs)

    def save(self, folder: Path, redactor: Redactor) -> None:
        """`openbench.log.json` of a run."""
        if self._logs:
            save_pieces(folder, paths.OPENBENCH_LOG, spell(self._logs), redactor=redactor)

    def progress(self) -> Progress:
        """How many samples have an end, and of how many, as far as every log says it. Call it after `events`."""
        planned = [header.planned_samples for header in self.headers]
        known = [one for one in planned if one is not None]
        return Progress(done=self._done, total=sum(known) if known and len(known) == len(planned) else None)

    def events(self, answering: Answering) -> Iterator[AnswerReceived | AttemptFinished]:
        """An answer and an outcome for every sample, in the order of the logs."""
        for log in self._logs:
            by = judging(log.header, self._scores(log))
            self.judged_by[log.header.task] = by.scorer
            for sample in self._samples(log):
                task = task_of(log.header, sample.id, is_group=len(self._logs) > 1)
                outcome = _outcome(sample, task, by, answering)
                self._done += 1
                self._faults += outcome.category in ("api_error", "harness")
                if outcome.usage is not None or outcome.is_mock:  # a mock costs nothing, and need not count tokens
                    yield _answer(outcome, sample, answering)
                yield AttemptFinished(at=outcome.finished_at, attempt=outcome.attempt, outcome=outcome)

    def end(self, notes: Sequence[str] = ()) -> RunFinished:
        """How the run ended: by what its logs say, never by what its process returned. Call it after `events`."""
        status = run_status(self.headers)
        report = report_of(self.headers, paths.OPENBENCH_LOG if self._logs else "", (*self.notes, *notes))
        exit_code = EXIT_INCOMPLETE if status == "completed" and self._faults else _EXIT[status]
        return RunFinished(status=status, exit_code=exit_code, error=run_error(self.headers), report=report)

    def _scores(self, log: InspectLog) -> Iterator[Sequence[SampleScore]]:
        for data in log.samples():
            try:
                yield read_scores(data, where=log.header.task)
            except BadFile:
                continue  # counted when the sample itself is read

    def _samples(self, log: InspectLog) -> Iterator[Sample]:
        damaged = 0
        for data in log.samples():
            try:
                yield read_sample(data, where=log.header.task)
            except BadFile:
                damaged += 1
        if damaged:
            self.notes.append(f"{damaged} samples of {log.header.task} cannot be read and are left out")


def _outcome(sample: Sample, task: str, by: Judging, answering: Answering) -> Attempt:
    model = answering.model
    ended = _instant(sample.completed_at) or _instant(sample.started_at, sample.seconds) or answering.at
    return Attempt(
        attempt=paths.attempt_id(task, model.model_id, sample.epoch - 1),
        task=task,
        model=model.model_id,
        sample=sample.epoch - 1,
        category=category_of(sample, by),
        started_at=_instant(sample.started_at) or ended,
        finished_at=ended,
        duration_seconds=sample.seconds or 0.0,
        score=score_of(sample, by),
        message=cut(message_of(sample, by)),
        usage=_whole(sample.usage) if sample.usage else None,
        is_mock=model.is_mock,
        is_scored=is_scored(sample, by),
    )


def _answer(outcome: Attempt, sample: Sample, answering: Answering) -> AnswerReceived:
    """What a sample took: all models that it asked, a grader included; its cost is unknown where one's is."""
    model = answering.model
    known = [_price(name, usage, answering) for name, usage in sample.usage.items()]
    nanousd = [one.nanousd for one in known if one.nanousd is not None]
    return AnswerReceived(
        at=outcome.finished_at,
        attempt=outcome.attempt,
        turn=0,
        answer_sha256="",
        provider=model.provider,
        model=model.model_id,
        usage=outcome.usage,
        cost_nanousd=sum(nanousd) if len(nanousd) == len(known) else None,
        price=next((one.source for one in known if one.nanousd is None), known[0].source if known else "local"),
    )


def _price(name: str, usage: Usage, answering: Answering) -> Priced:
    """By the model that took the tokens: a grader that costs money does not become free beside a mock."""
    spec = model_spec(name)
    is_free = spec.is_mock or spec.is_local
    return price(name, spec.provider, usage, None, answering.prices, is_local=is_free)


def _whole(usage: Mapping[str, Usage]) -> Usage:
    names = field_names(Usage)
    return Usage(**{name: sum(getattr(one, name) for one in usage.values()) for name in names})


def _instant(said: str, later: float | None = 0.0) -> str:
    """An instant as our logs spell it, `later` seconds after the one that is said; empty where none is."""
    if not said:
        return ""
    try:
        return clock.spell(clock.read(said) + (later or 0.0))
    except ValueError:
        return ""
