"""Where the rows of datasets lie: requests in the dataset's order, and each answer by row and model."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchgen import codec, paths
from benchgen.catalog.rows import read_row
from benchgen.formats.batch import read_batch_line
from benchgen.panels.rows import Found, Said
from benchgen.record import Record, field
from benchgen.records.state import AttemptRow, RunState
from benchgen.store.rows import LineFile
from benchgen.store.runs import Results

_PIECE = 1_000
_BOM = b"\xef\xbb\xbf"


class _Id(Record):
    custom_id: Any = None
    id: Any = None


class Result(Record):
    """One answer as its line stands on disk, the attempt that counts, and the note of who marked it."""

    run_id: str
    row: AttemptRow
    line: bytes
    mark: str | None = None


class Raw(Record):
    """A row as its lines stand on disk, with an answer for each column that has one."""

    request: bytes
    results: tuple[Result, ...]


class RowOrder:
    """Follows a file of requests: which rows there are, in which order; `refresh` reads what is new."""

    def __init__(self, path: Path) -> None:
        self._where, self._file = f"{path.parent.name}/{path.name}", LineFile(path)
        self._ids: list[str] = []
        self._by_slug: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def refresh(self) -> None:
        self._file.refresh()
        if len(self._file) < len(self._ids):
            self._ids, self._by_slug = [], {}
        while len(self._ids) < len(self._file):  # a piece at a time: all lines together are large
            start = len(self._ids)
            for line in self._file.read(range(start, min(start + _PIECE, len(self._file)))):
                said = codec.read(line.removeprefix(_BOM), _Id, where=self._where)
                self._ids.append(str(said.id if said.custom_id is None else said.custom_id))

    def number_of(self, slug: str) -> int | None:
        """The row, counted from 0, whose page has this name; names are made when the first one is asked for."""
        if len(self._by_slug) < len(self._ids):
            self._by_slug = {paths.slug(one): number for number, one in enumerate(self._ids)}
        return self._by_slug.get(slug)

    def ids(self, numbers: range) -> list[str]:
        return self._ids[numbers.start : numbers.stop]

    def lines(self, numbers: range) -> list[bytes]:
        return [line.removeprefix(_BOM) for line in self._file.read(numbers)]


class RowAnswers:
    """Follows the results of one run. The n-th outcome has the n-th line, so that a number is all that is held."""

    def __init__(self, results: Results, run_id: str) -> None:
        self.run_id, self._file = run_id, LineFile(results.folder(run_id) / paths.RESULTS)
        self._numbers: dict[str, dict[str, int]] = {}
        self._rows: Sequence[AttemptRow] = ()
        self._seen = 0

    def refresh(self, state: RunState) -> None:
        """Takes the outcomes that have come since. A retry stands in for what it replaced."""
        self._file.refresh()
        if len(state.rows) < self._seen:
            self._numbers, self._seen = {}, 0
        self._rows = state.rows
        known = min(len(state.rows), len(self._file))
        for number in range(self._seen, known):
            row = state.rows[number]
            self._numbers.setdefault(row.model, {})[row.task] = number
        self._seen = known

    def count(self, model: str) -> int:
        """How many rows have an answer of this model."""
        return len(self._numbers.get(model, ()))

    def of(self, custom_ids: Sequence[str], model: str, marks: Mapping[str, str]) -> list[Result | None]:
        """The answers to these rows, the file opened once."""
        numbers = array("q", (self._numbers.get(model, {}).get(one, -1) for one in custom_ids))
        lines = iter(self._file.read([number for number in numbers if number >= 0]))
        return [self._result(number, next(lines), marks) if number >= 0 else None for number in numbers]

    def _result(self, number: int, line: bytes, marks: Mapping[str, str]) -> Result:
        row = self._rows[number]
        return Result(self.run_id, row, line, marks.get(row.attempt))


class Column(Record):
    """One model's answers: those of one run."""

    model: str
    answers: RowAnswers
    marks: Mapping[str, str] = field(default_factory=dict)


class RowTable(Record):
    """Rows in their order, the answers of several models side by side, of one run or of several."""

    order: RowOrder
    columns: tuple[Column, ...]

    @property
    def models(self) -> tuple[str, ...]:
        return tuple(column.model for column in self.columns)

    def __len__(self) -> int:
        return len(self.order)

    def raw(self, start: int, stop: int) -> list[Raw]:
        """Rows from `start` on, before `stop`."""
        numbers = range(start, min(stop, len(self.order)))
        ids = self.order.ids(numbers)
        beside = [column.answers.of(ids, column.model, column.marks) for column in self.columns]
        return [
            Raw(request, tuple(one[at] for one in beside if one[at] is not None))  # type: ignore[misc]
            for at, request in enumerate(self.order.lines(numbers))
        ]


def found(raw: Raw) -> Found:
    """The same, read."""
    answers = {
        one.row.model: Said(one.run_id, one.row, read_batch_line(one.line, f"{one.run_id}/{paths.RESULTS}"), one.mark)
        for one in raw.results
    }
    return Found(read_row(raw.request, paths.REQUESTS), answers)
