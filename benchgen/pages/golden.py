"""Answers that somebody marked as golden: examples to keep, as training data or as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, get_args

from benchgen import codec
from benchgen.errors import UsageError
from benchgen.formats.tables import csv_lines
from benchgen.pages.open_run import OpenRun
from benchgen.pages.row_index import Raw, found
from benchgen.panels.rows import asked_of, expected_of
from benchgen.record import Record

Form = Literal["csv", "jsonl"]
FORMS: tuple[Form, ...] = get_args(Form)
_COLUMNS = ("custom_id", "model", "asked", "response", "expected", "note", "run_id")
_WHOLE = 1 << 30


class Golden(Record):
    """One answer with what was asked; the answer is the last of `messages`."""

    custom_id: str
    messages: tuple[dict[str, str], ...]
    asked: str
    response: str
    expected: str
    model: str
    note: str
    run_id: str


def of_run(run: OpenRun) -> Iterator[Golden]:
    """The marked answers of a run of rows, in the order of the dataset. UsageError for a run of another kind."""
    table = run.rows()
    if table is None or run.order is None:
        raise UsageError("only answers to rows of a dataset are golden", where=run.run_id)
    tasks = {row.task for row in run.state.counted_rows() if row.attempt in run.annotations.marked}
    for number, custom_id in enumerate(run.order.ids(range(len(table)))):
        if custom_id in tasks:
            yield from _of_row(table.raw(number, number + 1)[0])


def _of_row(raw: Raw) -> Iterator[Golden]:
    read = found(raw)
    for said in read.answers.values():
        if said.mark is not None and said.line.text is not None:
            asked = tuple({"role": one.role, "content": one.content} for one in read.row.messages)
            yield Golden(
                custom_id=read.row.custom_id,
                messages=(*asked, {"role": "assistant", "content": said.line.text}),
                asked=asked_of(read.row),
                response=said.line.text,
                expected=expected_of(read.row, _WHOLE),
                model=said.row.model,
                note=said.mark,
                run_id=said.run_id,
            )


def spell(found: Iterable[Golden], form: Form) -> bytes:
    """A table, or lines with `messages` as fine-tuning takes them."""
    if form == "csv":
        return csv_lines([_COLUMNS, *(tuple(getattr(one, name) for name in _COLUMNS) for one in found)])
    return b"".join(
        codec.line(
            {
                "messages": list(one.messages),
                "custom_id": one.custom_id,
                "model": one.model,
                "note": one.note,
                "run_id": one.run_id,
            }
        )
        for one in found
    )
