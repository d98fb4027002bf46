"""One sample of an engine's log on its attempt's page: what was wanted, every scorer's word, and what went wrong."""

from __future__ import annotations

from benchgen import codec
from benchgen.formats.inspect_outcome import is_brief
from benchgen.formats.inspect_sample import Sample, SampleScore
from benchgen.panels.log_text import LogText, RawText, clean, log_text
from benchgen.record import Record
from benchgen.records.status import AttemptStatus

LONG_TEXT = 2_000
"""Lines of a text shown from each end."""
LONGEST = 2_000
"""Characters of a score's answer and explanation that stand in the table; the whole is in the run's log."""


class ScoreLine(Record):
    """One scorer's word; `status` is None where it is neither right nor wrong.

    `repeats_answer`: its explanation is the answer itself, which stands below.
    """

    scorer: str
    value: str
    status: AttemptStatus | None
    answer: str
    explanation: str
    repeats_answer: bool = False


class SamplePanel(Record):
    """What a log says of a sample; a text is None where there is none, `about` are the fields of its metadata.

    `wanted` is a target so brief that it stands beside the scores; `target` one that does not.
    """

    question: LogText | None
    answer: LogText | None
    wanted: str
    target: LogText | None
    scores: tuple[ScoreLine, ...]
    error: str
    traceback: LogText | None
    limit: str
    about: tuple[tuple[str, str], ...]


def sample_panel(sample: Sample) -> SamplePanel:
    """A sample's part of its attempt's page."""
    stands_beside = bool(sample.scores) and is_brief(sample.target)
    return SamplePanel(
        question=_text("input", sample.input),
        answer=_text("output", sample.answer),
        wanted=clean(sample.target) if stands_beside else "",
        target=None if stands_beside else _text("target", sample.target),
        scores=tuple(_line(score, sample.answer) for score in sample.scores),
        error=clean(sample.error),
        traceback=_text("traceback", sample.traceback),
        limit=clean(sample.limit),
        about=tuple((clean(name), clean(_spelled(value))[:LONGEST]) for name, value in sample.metadata.items()),
    )


def _line(score: SampleScore, answer: str) -> ScoreLine:
    status: AttemptStatus | None = None
    if score.is_plain:
        status = "passed" if score.worth == 1 else "failed"
    repeats = bool(answer) and score.explanation.strip() == answer.strip()
    return ScoreLine(
        scorer=clean(score.name),
        value=clean(score.value)[:LONGEST],
        status=status,
        answer=clean(score.answer)[:LONGEST],
        explanation="" if repeats else clean(score.explanation)[:LONGEST],
        repeats_answer=repeats,
    )


def _text(name: str, text: str) -> LogText | None:
    if not text:
        return None
    return log_text(name, RawText(text, "", len(text.encode("utf-8", "replace")), False), None, LONG_TEXT)


def _spelled(value: object) -> str:
    return value if isinstance(value, str) else codec.compact(value).decode()
