"""Where the rows of a dataset run lie: requests in the dataset's order, and each answer by row and model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchgen import codec, paths
from benchgen.catalog.rows import read_row
from benchgen.formats.batch import read_batch_line
from benchgen.panels.rows import Found
from benchgen.records.state import AttemptRow, RunState
from benchgen.store.rows import LineFile
from benchgen.store.runs import Results


@dataclass(frozen=True, slots=True)
class _Id:
    custom_id: str


@dataclass(frozen=True, slots=True)
class Raw:
    """A row as its lines stand on disk, with the attempts that count."""

    request: bytes
    results: tuple[tuple[AttemptRow, bytes], ...]


class RowIndex:
    """Follows the two files of one run; `refresh` reads what is new. The n-th outcome has the n-th line of results."""

    def __init__(self, results: Results, run_id: str) -> None:
        folder = results.folder(run_id)
        self._run_id = run_id
        self._requests, self._results = LineFile(folder / paths.REQUESTS), LineFile(folder / paths.RESULTS)
        self._ids: list[str] = []
        self._by_slug: dict[str, int] = {}
        self._result_of: dict[tuple[str, str], tuple[AttemptRow, int]] = {}
        self._seen = 0

    def __len__(self) -> int:
        return len(self._ids)

    def refresh(self, state: RunState) -> None:
        """Takes new lines, and the outcomes that have come since. A retry stands in for what it replaced."""
        self._requests.refresh()
        self._results.refresh()
        for line in self._requests.read(range(len(self._ids), len(self._requests))):
            custom_id = codec.read(line, _Id, where=f"{self._run_id}/{paths.REQUESTS}").custom_id
            self._by_slug[paths.slug(custom_id)] = len(self._ids)
            self._ids.append(custom_id)
        if len(state.rows) < self._seen:
            self._result_of, self._seen = {}, 0
        known = min(len(state.rows), len(self._results))
        for number in range(self._seen, known):
            row = state.rows[number]
            self._result_of[row.task, row.model] = row, number
        self._seen = known

    def number_of(self, slug: str) -> int | None:
        """The row, counted from 0, whose page has this name."""
        return self._by_slug.get(slug)

    def raw(self, start: int, stop: int, models: Sequence[str]) -> list[Raw]:
        """Rows from `start` on, before `stop`."""
        numbers = range(start, min(stop, len(self._ids)))
        requests = self._requests.read(numbers)
        return [
            Raw(request, self._answers(self._ids[number], models))
            for number, request in zip(numbers, requests, strict=True)
        ]

    def found(self, raw: Raw) -> Found:
        """The same, read."""
        where = f"{self._run_id}/{paths.RESULTS}"
        answers = {row.model: (row, read_batch_line(line, where)) for row, line in raw.results}
        return Found(read_row(raw.request, f"{self._run_id}/{paths.REQUESTS}"), answers)

    def _answers(self, custom_id: str, models: Sequence[str]) -> tuple[tuple[AttemptRow, bytes], ...]:
        known = [self._result_of[custom_id, model] for model in models if (custom_id, model) in self._result_of]
        lines = self._results.read([number for _, number in known])
        return tuple((row, line) for (row, _), line in zip(known, lines, strict=True))
