"""The pages of rows, of a run or of a dataset: two hundred a page, what finds them, and one for each long row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial

from benchgen.pages.page import Maker, Page, hash_of, key_of
from benchgen.pages.row_index import Raw, RowTable, found
from benchgen.panels import row_find, run_views
from benchgen.panels.notices import Notices
from benchgen.panels.rows import (
    GROWTH,
    LARGEST_PAGE,
    LONGEST,
    PAGE,
    PER_TEXT,
    Found,
    Place,
    Rows,
    pages_of,
    row_panel,
    rows,
)
from benchgen.record import Record

_ESCAPED = (b"<", b">", b"&", b"'", b'\\"')


class Around(Record):
    """What stands around a table of rows: its place, its name, the page it belongs to, what its keys begin with."""

    place: Place
    name: str
    owner: str
    owner_href: str
    inputs: str
    notices: Callable[[], Notices]


class Read:
    """The rows of one page: as their lines stand on disk, and what they say once somebody asks."""

    def __init__(self, raw: list[Raw]) -> None:
        self.raw = raw

    @cached_property
    def found(self) -> list[Found]:
        return [found(one) for one in self.raw]


class RowPages:
    """Every page of rows of one table; the first is left to the page that the table belongs to, if it stands there."""

    def __init__(self, maker: Maker, table: RowTable, around: Around) -> None:
        self._maker, self._table, self._around = maker, table, around
        self._inputs = key_of(around.inputs, *table.models)
        self._last: tuple[int, Read] | None = None

    def all(self) -> Iterator[Page]:
        for number in range(1, pages_of(len(self._table)) + 1):
            now, later = self.read(number), partial(self._again, number)
            if self._is_own(number):
                yield self._page(number, now, later)
            if self._is_found:
                yield self._finder(number, now, later)
            if is_surely_whole(now.raw):
                continue
            for at, line in enumerate(self.shown(number, now).lines):
                if line.href:
                    yield self._row(line.href, now.raw[at])

    def find(self, rest: str) -> Page | None:
        """The page at a path below the table's folder."""
        if rest.startswith("row/"):
            return self._row_of(rest)
        place, last = self._around.place, pages_of(len(self._table))
        number = _number(rest)
        if not 1 <= number <= last:
            return None
        if self._is_own(number) and place.page(number) == f"{place.folder}/{rest}":
            read = self.read(number)
            return self._page(number, read, lambda: read)
        if self._is_found and place.find(number) == f"{place.folder}/{rest}":
            read = self.read(number)
            return self._finder(number, read, lambda: read)
        return None

    def read(self, number: int) -> Read:
        """The rows of one page as they lie on disk."""
        return Read(self._table.raw((number - 1) * PAGE, number * PAGE))

    def _again(self, number: int) -> Read:
        """The same once more when a page is made: all pages of a large run are listed first, and hold nothing.

        Of a row written in between the page knows more than its key says: the next build makes it again.
        """
        if self._last is None or self._last[0] != number:
            self._last = number, self.read(number)
        return self._last[1]

    def shown(self, number: int, read: Read) -> Rows:
        """The same as a page shows them."""
        return rows(self._around.place, self._table.models, number, len(self._table), read.found)

    def key(self, number: int, read: Read) -> str:
        """What decides how they are shown."""
        total = str(pages_of(len(self._table)))
        return key_of(self._inputs, self._around.place.page(number), total, *map(_hash, read.raw))

    @property
    def _is_found(self) -> bool:
        """Whether a filter needs more than what stands on the page."""
        return pages_of(len(self._table)) > 1

    def _is_own(self, number: int) -> bool:
        return self._around.place.page(number) != self._around.owner_href

    def _page(self, number: int, now: Read, later: Callable[[], Read]) -> Page:
        path = self._around.place.page(number)
        return Page(path, self.key(number, now), lambda: self._maker.html(path, "rows", self._view(number, later())))

    def _view(self, number: int, read: Read) -> run_views.RowsView:
        return run_views.RowsView(
            title=f"{self._around.name}: rows, page {number}",
            notices=self._around.notices(),
            run_name=self._around.owner,
            run_href=self._around.owner_href,
            rows=self.shown(number, read),
        )

    def _finder(self, number: int, now: Read, later: Callable[[], Read]) -> Page:
        path = self._around.place.find(number)
        key = key_of(self._inputs, path, *map(_hash, now.raw))
        return Page(path, key, lambda: row_find.script(number, later().found))

    def _row_of(self, rest: str) -> Page | None:
        """A row's own page, where something of it was cut."""
        number = self._table.order.number_of(rest.removeprefix("row/").removesuffix(".html"))
        if number is None:
            return None
        page = number // PAGE + 1
        read = self.read(page)
        href = self.shown(page, read).lines[number % PAGE].href
        return self._row(href, read.raw[number % PAGE]) if href == f"{self._around.place.folder}/{rest}" else None

    def _row(self, path: str, raw: Raw) -> Page:
        key = key_of(self._inputs, path, _hash(raw))
        return Page(path, key, lambda: self._maker.html(path, "row", self._row_view(raw)))

    def _row_view(self, raw: Raw) -> run_views.RowView:
        row = found(raw)
        return run_views.RowView(
            title=f"{row.row.custom_id} of {self._around.name}",
            notices=self._around.notices(),
            row=row_panel(self._around.owner, self._around.owner_href, self._table.models, row),
        )


def is_surely_whole(raw: Sequence[Raw]) -> bool:
    """Whether nothing of a page's rows can be cut, told by the length of their lines: most pages need no reading."""
    lines = [line for one in raw for line in (one.request, *(said.line for said in one.results))]
    if max(map(len, lines), default=0) > LONGEST:
        return False
    escaped = sum(line.count(sign) for line in lines for sign in _ESCAPED)
    return sum(map(len, lines)) + GROWTH * escaped + PER_TEXT * len(lines) <= LARGEST_PAGE


def _number(rest: str) -> int:
    """The number in `rows-7.html` and `find-7.js`; 0 where there is none."""
    word = rest.partition("-")[2].partition(".")[0]
    if rest == "index.html":
        return 1
    return int(word) if word.isdecimal() and len(word) < 7 else 0


def _hash(raw: Raw) -> bytes:
    beside = (f"{one.run_id} {one.row.offset} {one.mark}\0".encode() + one.line for one in raw.results)
    return hash_of(b"".join((raw.request, *beside)))
