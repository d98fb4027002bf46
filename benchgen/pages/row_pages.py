"""The pages of a dataset run's rows: two hundred a page, and a page of its own for a row with a long text."""

from __future__ import annotations

from collections.abc import Iterator

from benchgen.pages.open_run import OpenRun
from benchgen.pages.page import Maker, Page, hash_of, key_of
from benchgen.pages.row_index import Raw, RowIndex
from benchgen.panels import links, notices, views
from benchgen.panels.rows import PAGE, pages_of, row_panel, rows


class RowPages:
    """Every page of rows of one run."""

    def __init__(self, maker: Maker, run: OpenRun, index: RowIndex, inputs: str) -> None:
        self._maker, self._run, self._index, self._inputs = maker, run, index, inputs
        self._models = tuple(model.model_id for model in run.state.config.models)

    def all(self) -> Iterator[Page]:
        for number in range(1, pages_of(len(self._index)) + 1):
            raw = self._raw(number)
            yield self._page(number, raw)
            shown = rows(self._run.run_id, self._models, number, len(self._index), [self._index.found(r) for r in raw])
            for line, one in zip(shown.lines, raw, strict=True):
                if line.href:
                    yield self._row(line.href, one)

    def find(self, rest: str) -> Page | None:
        """The page at a path below the run's folder; a row's own page is there for every row on a live server."""
        if rest.startswith("row/"):
            number = self._index.number_of(rest.removeprefix("row/").removesuffix(".html"))
            if number is None:
                return None
            (raw,) = self._index.raw(number, number + 1, self._models)
            page = number // PAGE + 1
            found = [self._index.found(one) for one in self._raw(page)]
            shown = rows(self._run.run_id, self._models, page, len(self._index), found)
            href = shown.lines[number % PAGE].href
            return self._row(href, raw) if href == f"run/{self._run.run_id}/{rest}" else None
        word = rest.removeprefix("rows-").removesuffix(".html")
        if not word.isdecimal() or len(word) > 6:
            return None
        number = int(word)
        is_page = 1 <= number <= pages_of(len(self._index)) and links.rows(self._run.run_id, number).endswith(
            f"/{rest}"
        )
        return self._page(number, self._raw(number)) if is_page else None

    def _raw(self, number: int) -> list[Raw]:
        return self._index.raw((number - 1) * PAGE, number * PAGE, self._models)

    def _page(self, number: int, raw: list[Raw]) -> Page:
        path = links.rows(self._run.run_id, number)
        key = key_of(self._inputs, path, str(pages_of(len(self._index))), *map(_hash, raw))
        return Page(path, key, lambda: self._maker.html(path, "rows", self._view(number, raw)))

    def _view(self, number: int, raw: list[Raw]) -> views.RowsView:
        config, total = self._run.state.config, len(self._index)
        found = [self._index.found(one) for one in raw]
        return views.RowsView(
            title=f"{config.benchmark_name}: rows, page {number}",
            notices=notices.of_run(config, self._run.state.sandbox),
            run_name=config.run_name,
            run_href=links.run(config.run_id),
            rows=rows(config.run_id, self._models, number, total, found),
        )

    def _row(self, path: str, raw: Raw) -> Page:
        key = key_of(self._inputs, path, _hash(raw))
        return Page(path, key, lambda: self._maker.html(path, "row", self._row_view(raw)))

    def _row_view(self, raw: Raw) -> views.RowView:
        config, found = self._run.state.config, self._index.found(raw)
        return views.RowView(
            title=f"{found.row.custom_id} of {config.benchmark_name}",
            notices=notices.of_run(config, self._run.state.sandbox),
            row=row_panel(config.run_id, self._models, found),
        )


def _hash(raw: Raw) -> bytes:
    return hash_of(b"".join((raw.request, *(f"{row.offset}\0".encode() + line for row, line in raw.results))))
