"""The pages of one dataset: its runs, and all models side by side on its rows, each by its newest run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from benchgen.errors import BadFile, NotFound
from benchgen.pages import golden
from benchgen.pages.open_run import OpenRun
from benchgen.pages.page import Maker, Page, key_of
from benchgen.pages.row_index import Column, RowOrder, RowTable
from benchgen.pages.row_pages import Around, RowPages
from benchgen.panels import links, notices, views
from benchgen.panels.datasets import Group, dataset_head
from benchgen.panels.rows import Place, Rows
from benchgen.panels.run_line import RunLine
from benchgen.record import Record
from benchgen.store.annotations import read_annotations
from benchgen.store.runs import Results

MOST_COLUMNS = 8


class Shelf(Record):
    """Where runs are read; `order` follows the file of an added dataset, else its largest run says what it holds.

    `models` are those that were run before, on whatever.
    """

    results: Results
    opened: Callable[[str], OpenRun]
    order: RowOrder | None
    models: tuple[str, ...] = ()


class DatasetPages:
    """Every page of one dataset."""

    def __init__(self, maker: Maker, group: Group, lines: tuple[RunLine, ...], shelf: Shelf) -> None:
        self._maker, self._group, self._lines = maker, group, lines
        self._results, self._opened, self._order = shelf.results, shelf.opened, shelf.order
        self._models = shelf.models if maker.live else ()
        self._folder = links.dataset(group.key).removesuffix("/index.html")

    def all(self) -> Iterator[Page]:
        yield self._head()
        yield from self._golden()
        yield from self._rows.all() if self._rows else ()

    def find(self, rest: str) -> Page | None:
        """The page at a path below the dataset's folder."""
        if rest == "index.html":
            return self._head()
        if rest.startswith("golden."):
            return next((page for page in self._golden() if page.path == f"{self._folder}/{rest}"), None)
        return self._rows.find(rest) if self._rows else None

    @cached_property
    def _rows(self) -> RowPages | None:
        table = self._table
        if table is None:
            return None
        place, name = Place(self._folder, f"{self._folder}/index.html"), dataset_head(self._group, 0, 0).line.name
        looks = key_of(self._maker.looks, self._group.key, name)
        around = Around(place, name, name, place.first, looks, lambda: notices.of_runs(self._group.runs))
        return RowPages(self._maker, table, around)

    @cached_property
    def _table(self) -> RowTable | None:
        """The rows with a column for each model: those of its newest run with an answer."""
        columns: dict[str, Column] = {}
        largest: RowOrder | None = None
        for digest in self._group.runs:
            new = [model for model in digest.models if model.finished and model.model_id not in columns]
            run = self._open(digest.run_id) if new or self._order is None else None
            if run is None or run.answers is None:
                continue
            if largest is None or (run.order and len(run.order) > len(largest)):
                largest = run.order
            for model in new:
                columns[model.model_id] = Column(model.model_id, run.answers, run.annotations.marked)
        order = self._order or largest
        return RowTable(order, tuple(columns.values())[:MOST_COLUMNS]) if order else None

    def _open(self, run_id: str) -> OpenRun | None:
        try:
            return self._opened(run_id)
        except (NotFound, BadFile):
            return None

    def _head(self) -> Page:
        path, rows = links.dataset(self._group.key), self._rows
        read = rows.read(1) if rows else None
        view = self._view(None)
        inputs = key_of(self._maker.looks, repr(view))
        key = key_of(inputs, rows.key(1, read) if rows and read else "")
        return Page(
            path,
            key,
            lambda: self._maker.html(path, "dataset", self._view(rows.shown(1, read) if rows and read else None)),
        )

    def _view(self, rows: Rows | None) -> views.DatasetView:
        models = {model.model_id for run in self._group.runs for model in run.models if model.finished}
        head = dataset_head(self._group, sum(self._marked.values()), max(0, len(models) - MOST_COLUMNS))
        return views.DatasetView(
            head.line.name, notices.of_runs(self._group.runs), head, self._lines, self._models, rows
        )

    @cached_property
    def _marked(self) -> dict[str, int]:
        """How many answers are marked in each run that has any."""
        found = {}
        for digest in self._group.runs:
            try:
                found[digest.run_id] = len(read_annotations(self._results.folder(digest.run_id)).marked)
            except (NotFound, BadFile):
                continue
        return {run_id: count for run_id, count in found.items() if count}

    def _golden(self) -> Iterator[Page]:
        """The marked answers of all runs, as a table and as lines."""
        runs = [run for run_id in self._marked if (run := self._open(run_id)) is not None]
        if runs:
            found = [one for run in runs for one in golden.of_run(run)]
            for form in golden.FORMS:
                yield self._maker.data(links.dataset_golden(self._group.key, form), golden.spell(found, form))
