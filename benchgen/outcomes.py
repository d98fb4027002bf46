"""The outcomes of a run as its events come: each attempt's counts once, and not at all once another replaced it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Mapping

from benchgen import paths
from benchgen.record import field_names
from benchgen.records.checkpoint import Checkpoint, OutcomeColumns
from benchgen.records.events import AttemptSuperseded
from benchgen.records.state import AttemptRow, Rows, Tally
from benchgen.row_columns import RowColumns, TalliesOfRows
from benchgen.tallying import Tallies

RECENT = 20


class Outcomes:
    """Rows in the order in which attempts ended, and their tallies. The rows of a dataset may be packed."""

    def __init__(self, *, is_packed: bool = False) -> None:
        self._rows: list[AttemptRow] | RowColumns = RowColumns() if is_packed else []
        self._is_packed = is_packed
        self._row_of: dict[str, int] = {}
        self._sums: Tallies[str] = Tallies()
        self._tallies: Tallies[tuple[str, str]] = Tallies()
        self._superseded: dict[str, str] = {}
        self._recent: deque[AttemptRow] = deque(maxlen=RECENT)
        self.ended = 0
        """How many attempts have ended, those included that a retry replaced."""
        self.replaced_nanousd = 0

    def resume(self, checkpoint: Checkpoint) -> None:
        """Goes on from there: rows say all that was counted."""
        rows = [*map(AttemptRow, *[getattr(checkpoint.outcomes, name) for name in field_names(OutcomeColumns)])]
        self._rows = rows
        self._row_of.update((row.attempt, number) for number, row in enumerate(rows))
        self._recent.extend(rows[-RECENT:])
        self.ended = len(rows)
        for row in rows:
            outline = row.outline
            self._tallies.add((outline.task, outline.model), outline, 1)
        for attempt, by in checkpoint.superseded.items():
            self.supersede(AttemptSuperseded(attempt=attempt, by=by))

    @property
    def is_whole(self) -> bool:
        """Whether every row is held as it came."""
        return not self._is_packed and len(self._rows) == self.ended

    def columns(self) -> OutcomeColumns:
        """The rows, to go on from."""
        parts = [(row.attempt, row.outline, row.cost_nanousd, row.offset, row.length) for row in self._rows]
        return OutcomeColumns(*zip(*parts, strict=True))

    @property
    def ids(self) -> Container[str]:
        """The ids of attempts that have ended."""
        return self._row_of

    @property
    def counted(self) -> int:
        """How many outcomes count."""
        return self.ended - len(self._superseded)

    def add(self, row: AttemptRow) -> None:
        """An attempt has ended, whose id is not among the others yet."""
        outline = row.outline
        self._row_of[row.attempt] = len(self._rows)
        self._rows.append(row)
        self._recent.append(row)
        self.ended += 1
        if self._is_packed:
            self._count_packed(row, 1)
        else:
            self._tallies.add((outline.task, outline.model), outline, 1)

    def supersede(self, event: AttemptSuperseded) -> None:
        """An attempt no longer counts."""
        index = self._row_of.get(event.attempt)
        if index is None or event.attempt in self._superseded:
            return
        self._superseded[event.attempt] = event.by
        row = self._rows[index]
        self.replaced_nanousd += row.cost_nanousd or 0
        if self._is_packed:
            self._count_packed(row, -1)
        else:
            self._tallies.add((row.task, row.model), row.outline, -1)

    def _count_packed(self, row: AttemptRow, sign: int) -> None:
        """A dataset's row, whose tally is made from it; counted apart are only those that were asked again."""
        outline = row.outline
        task, model = key = outline.task, outline.model
        self._sums.add(model, outline, sign)
        first = paths.attempt_id(task, model, 0)
        if sign > 0 and row.attempt == first and key not in self._tallies:
            return
        if key not in self._tallies and first in self._row_of:
            self._tallies.add(key, self._rows[self._row_of[first]].outline, 1)
        self._tallies.add(key, outline, sign)

    def rows(self) -> Rows:
        """A view that later outcomes do not change."""
        return Rows(self._rows)

    def tallies(self) -> Mapping[tuple[str, str], Tally]:
        """The same of the tallies."""
        counted = self._tallies.frozen()
        return TalliesOfRows(self._rows, self._row_of, counted) if isinstance(self._rows, RowColumns) else counted

    def sums(self) -> dict[str, Tally]:
        """The tallies of whole models, where tallies are made from rows."""
        return self._sums.frozen()

    def superseded(self) -> dict[str, str]:
        """The attempts that no longer count, and what counts in the place of each."""
        return dict(self._superseded)

    def recent(self) -> tuple[AttemptRow, ...]:
        """The last outcomes, the newest first."""
        return tuple(reversed(self._recent))


class Sums(Outcomes):
    """For who runs a hundred thousand rows: tallies are by model, no row is held, and none may be superseded."""

    def __init__(self, on_row: Callable[[AttemptRow], None] | None) -> None:
        super().__init__()
        self._on_row = on_row

    def add(self, row: AttemptRow) -> None:
        """One that a log tells of may be told of again: its id is held."""
        self._row_of[row.attempt] = 0
        self.add_once(row)

    def add_once(self, row: AttemptRow) -> None:
        """One that nobody will tell of again."""
        self._recent.append(row)
        self.ended += 1
        self._tallies.add(("", row.model), row.outline, 1)
        if self._on_row is not None:
            self._on_row(row)

    def supersede(self, event: AttemptSuperseded) -> None:
        """Nothing is held that could be taken away."""
