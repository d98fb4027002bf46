"""The rows of a dataset run in the dataset's order: what was asked, and every model's answer side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from benchgen import codec
from benchgen.catalog.rows import Row
from benchgen.formats.batch import BatchLine
from benchgen.panels import links
from benchgen.panels.log_text import LogText, RawText, clean, log_text
from benchgen.records.state import AttemptRow
from benchgen.records.status import AttemptStatus

PAGE = 200
LONGEST = 4_000
LARGEST_PAGE = 800_000
_SHORTEST = 60


@dataclass(frozen=True, slots=True)
class Text:
    """A text, or its two ends and how many characters lie between."""

    head: str
    tail: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """One model's answer; `status` is None for an answer that nobody scored. `message` says why it is not right."""

    model: str
    status: AttemptStatus | None
    text: Text
    message: str
    seconds: float
    first_token_seconds: float | None
    output_tokens: int | None


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row. `href` is its own page where something was cut; `differs`: the models do not say the same."""

    custom_id: str
    href: str | None
    asked: Text
    expected: str
    scorer: str
    domain: str
    answers: tuple[RowAnswer | None, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """One page of rows; `first` is the number of its first one, counted from 1."""

    run_id: str
    number: int
    pages: int
    first: int
    models: tuple[str, ...]
    lines: tuple[RowLine, ...]
    previous: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Whole:
    """One model's whole answer on a row's own page."""

    answer: RowAnswer
    text: LogText


@dataclass(frozen=True, slots=True)
class RowPanel:
    """One row on its own page."""

    run_id: str
    run_href: str
    custom_id: str
    expected: str
    scorer: str
    asked: LogText
    answers: tuple[Whole, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a row: its request, and by model the attempt and what it brought back."""

    row: Row
    answers: Mapping[str, tuple[AttemptRow, BatchLine]]


def pages_of(count: int) -> int:
    """How many pages so many rows take; one at least."""
    return max(1, -(-count // PAGE))


def rows(run_id: str, models: Sequence[str], number: int, total: int, found: Sequence[Found]) -> Rows:
    """Page `number` of a run's rows. Texts are cut until the page stays below a megabyte, whatever they hold."""
    limit = LONGEST
    while limit > _SHORTEST and sum(_weight(one, limit) for one in found) > LARGEST_PAGE:
        limit //= 2
    pages = pages_of(total)
    return Rows(
        run_id=run_id,
        number=number,
        pages=pages,
        first=(number - 1) * PAGE + 1,
        models=tuple(models),
        lines=tuple(_line(run_id, models, one, limit) for one in found),
        previous=links.rows(run_id, number - 1) if number > 1 else None,
        next=links.rows(run_id, number + 1) if number < pages else None,
    )


def row_panel(run_id: str, models: Sequence[str], found: Found) -> RowPanel:
    """A row whose texts are long."""
    answers = [found.answers[model] for model in models if model in found.answers]
    return RowPanel(
        run_id=run_id,
        run_href=links.run(run_id),
        custom_id=clean(found.row.custom_id),
        expected=_expected(found.row, LONGEST),
        scorer=found.row.scorer.name,
        asked=_whole(_asked(found.row)),
        answers=tuple(Whole(_answer(row, line, LONGEST), _whole(line.text or "")) for row, line in answers),
    )


def cut(text: str, limit: int) -> Text:
    """A text of at most `limit` characters, else its two ends."""
    shown = clean(text)
    if len(shown) <= limit:
        return Text(shown)
    half = limit // 2
    return Text(shown[:half], shown[-half:], len(shown) - 2 * half)


def _line(run_id: str, models: Sequence[str], found: Found, limit: int) -> RowLine:
    answers = tuple(_answer(*found.answers[model], limit) if model in found.answers else None for model in models)
    asked = cut(_asked(found.row), limit)
    is_cut = asked.left_out or any(answer and answer.text.left_out for answer in answers)
    said = {(line.text or "").strip() for _, line in found.answers.values()}
    return RowLine(
        custom_id=clean(found.row.custom_id),
        href=links.row(run_id, found.row.custom_id) if is_cut else None,
        asked=asked,
        expected=_expected(found.row, limit),
        scorer=found.row.scorer.name,
        domain=clean(found.row.domain),
        answers=answers,
        differs=len(said) > 1,
    )


def _answer(row: AttemptRow, line: BatchLine, limit: int) -> RowAnswer:
    return RowAnswer(
        model=row.model,
        status=row.status if row.outline.is_scored or row.category else None,
        text=cut(line.text or "", limit),
        message=clean(row.message),
        seconds=row.seconds,
        first_token_seconds=row.outline.first_token_seconds,
        output_tokens=row.output_tokens,
    )


def _asked(row: Row) -> str:
    """The messages as one text; a single one of the user's stands alone."""
    if len(row.messages) == 1:
        return row.messages[0].content
    return "\n\n".join(f"{message.role}: {message.content}" for message in row.messages)


def _expected(row: Row, limit: int) -> str:
    expected = row.scorer.expected
    if expected is None:
        return ""
    text = expected if isinstance(expected, str) else codec.compact(expected).decode()
    return clean(text)[:limit]


def _weight(found: Found, limit: int) -> int:
    """About how many bytes a row takes on its page: hostile text grows when it is escaped."""
    texts = (_asked(found.row), _expected(found.row, limit), *((line.text or "") for _, line in found.answers.values()))
    fixed = 500 * (1 + len(found.answers))
    return fixed + sum(len(escape(text[:limit]).encode("utf-8", "replace")) for text in texts)


def _whole(text: str) -> LogText:
    return log_text("", RawText(text, "", len(text.encode("utf-8", "replace")), False), None)
