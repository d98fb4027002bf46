"""The rows of a dataset in its order: what was asked, and every model's answer side by side, of one run or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from benchgen import codec
from benchgen.catalog.rows import Row
from benchgen.formats.batch import BatchLine
from benchgen.panels import links
from benchgen.panels.log_text import LogText, RawText, clean, log_text
from benchgen.paths import six, slug
from benchgen.record import Record
from benchgen.records.state import AttemptRow
from benchgen.records.status import AttemptStatus

PAGE = links.ROWS_A_PAGE
LONGEST = 4_000
LARGEST_PAGE = 800_000
GROWTH = 6
"""How many bytes one sign of a text may become when it is escaped."""
PER_TEXT = 700
_SHORTEST = 60


class Place(Record):
    """Where a table of rows stands: the folder of its pages below the site's root, and the path of the first one."""

    folder: str
    first: str

    def page(self, number: int) -> str:
        return self.first if number == 1 else f"{self.folder}/rows-{number}.html"

    def row(self, custom_id: str) -> str:
        """A row whose texts are too long to stand whole among others."""
        return f"{self.folder}/row/{slug(custom_id)}.html"

    def find(self, number: int) -> str:
        """What a filter over all pages needs of one of them."""
        return f"{self.folder}/find-{number}.js"


class Text(Record):
    """A text, or its two ends and how many characters lie between."""

    head: str
    tail: str = ""
    left_out: int = 0


class RowAnswer(Record):
    """One model's answer; `status` is None for an answer that nobody scored. `message` says why it is not right.

    Equal answers have an equal `said`; `mark` is the note of who marked it as golden, often empty, None: nobody did.
    """

    model: str
    status: AttemptStatus | None
    text: Text
    message: str
    seconds: float
    first_token_seconds: float | None
    output_tokens: int | None
    said: str = ""
    mark: str | None = None
    run_id: str = ""
    attempt: str = ""


class RowLine(Record):
    """One row. `href` is its own page where something was cut; `differs`: the models do not say the same."""

    custom_id: str
    href: str | None
    asked: Text
    expected: str
    scorer: str
    domain: str
    answers: tuple[RowAnswer | None, ...]
    differs: bool


class Rows(Record):
    """One page of rows; `first` is the number of its first one, counted from 1.

    `finder` is what a filter over all pages loads of page 2, and where that page is: others differ in the number.
    """

    path: str
    first_path: str
    number: int
    pages: int
    first: int
    models: tuple[str, ...]
    lines: tuple[RowLine, ...]
    previous: str | None
    next: str | None
    finder: tuple[str, str] | None = None


class Whole(Record):
    """One model's whole answer on a row's own page."""

    answer: RowAnswer
    text: LogText


class RowPanel(Record):
    """One row on its own page, and the page it belongs to."""

    owner: str
    owner_href: str
    custom_id: str
    expected: str
    scorer: str
    asked: LogText
    answers: tuple[Whole, ...]


class Said(Record):
    """One answer: the run and the attempt that it is of, what came back, and the note of who marked it."""

    run_id: str
    row: AttemptRow
    line: BatchLine
    mark: str | None = None


class Found(Record):
    """What is known of a row: its request, and by model what it brought back."""

    row: Row
    answers: Mapping[str, Said]


def pages_of(count: int) -> int:
    """How many pages so many rows take; one at least."""
    return max(1, -(-count // PAGE))


def rows(place: Place, models: Sequence[str], number: int, total: int, found: Sequence[Found]) -> Rows:
    """Page `number` of a table of rows. Texts are cut until the page stays below a megabyte, whatever they hold."""
    limit = LONGEST
    while limit > _SHORTEST and sum(_weight(one, limit) for one in found) > LARGEST_PAGE:
        limit //= 2
    pages = pages_of(total)
    return Rows(
        path=place.page(number),
        first_path=place.page(1),
        number=number,
        pages=pages,
        first=(number - 1) * PAGE + 1,
        models=tuple(models),
        lines=tuple(_line(place, models, one, limit) for one in found),
        previous=place.page(number - 1) if number > 1 else None,
        next=place.page(number + 1) if number < pages else None,
        finder=(place.find(2), place.page(2)) if pages > 1 else None,
    )


def row_panel(owner: str, owner_href: str, models: Sequence[str], found: Found) -> RowPanel:
    """A row whose texts are long."""
    answers = [found.answers[model] for model in models if model in found.answers]
    return RowPanel(
        owner=owner,
        owner_href=owner_href,
        custom_id=clean(found.row.custom_id),
        expected=expected_of(found.row, LONGEST),
        scorer=found.row.scorer.name,
        asked=_whole(asked_of(found.row)),
        answers=tuple(Whole(_answer(one, LONGEST), _whole(one.line.text or "")) for one in answers),
    )


def cut(text: str, limit: int) -> Text:
    """A text of at most `limit` characters, else its two ends."""
    shown = clean(text)
    if len(shown) <= limit:
        return Text(shown)
    half = limit // 2
    return Text(shown[:half], shown[-half:], len(shown) - 2 * half)


def _line(place: Place, models: Sequence[str], found: Found, limit: int) -> RowLine:
    answers = tuple(_answer(found.answers[model], limit) if model in found.answers else None for model in models)
    asked = cut(asked_of(found.row), limit)
    is_cut = asked.left_out or any(answer and answer.text.left_out for answer in answers)
    return RowLine(
        custom_id=clean(found.row.custom_id),
        href=place.row(found.row.custom_id) if is_cut else None,
        asked=asked,
        expected=expected_of(found.row, limit),
        scorer=found.row.scorer.name,
        domain=clean(found.row.domain),
        answers=answers,
        differs=len({answer.said for answer in answers if answer}) > 1,
    )


def _answer(said: Said, limit: int) -> RowAnswer:
    row, text = said.row, said.line.text or ""
    return RowAnswer(
        model=row.model,
        status=row.status if row.outline.is_scored or row.category else None,
        text=cut(text, limit),
        message=clean(row.message),
        seconds=row.seconds,
        first_token_seconds=row.outline.first_token_seconds,
        output_tokens=row.output_tokens,
        said=six(text.strip()),
        mark=said.mark,
        run_id=said.run_id,
        attempt=row.attempt,
    )


def asked_of(row: Row) -> str:
    """The messages as one text; a single one of the user's stands alone."""
    if len(row.messages) == 1:
        return row.messages[0].content
    return "\n\n".join(f"{message.role}: {message.content}" for message in row.messages)


def expected_of(row: Row, limit: int) -> str:
    """What is right, as a text."""
    expected = row.scorer.expected
    if expected is None:
        return ""
    text = expected if isinstance(expected, str) else codec.compact(expected).decode()
    return clean(text)[:limit]


def _weight(found: Found, limit: int) -> int:
    """About how many bytes a row takes on its page: hostile text grows when it is escaped."""
    said = ((one.line.text or "") for one in found.answers.values())
    texts = (asked_of(found.row), expected_of(found.row, limit), *said)
    fixed = PER_TEXT * (1 + len(found.answers))
    return fixed + sum(len(escape(text[:limit]).encode("utf-8", "replace")) for text in texts)


def _whole(text: str) -> LogText:
    return log_text("", RawText(text, "", len(text.encode("utf-8", "replace")), False), None)
