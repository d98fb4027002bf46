"""The outcomes of a dataset's rows, packed: a hundred thousand of them take a sixth of the room that records take."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, Sequence, ValuesView
from functools import lru_cache
from struct import Struct
from struct import error as DoesNotFit
from typing import Any, overload

from benchgen import clock, paths
from benchgen.counting import TallyCount
from benchgen.records.attempt import Usage
from benchgen.records.events import Outline
from benchgen.records.state import AttemptRow, Rows, Tally

# Shape, length of the task's name, two instants in milliseconds, three durations, four counts of tokens, cost, line.
_CELL = Struct("<IHqqdddqqqqqQI")
_NOBODY = -1
_NEVER = float("nan")
_Shape = tuple[Any, ...]


class RowColumns(Sequence[AttemptRow]):
    """An append-only list of rows of which each is made anew when somebody looks at it.

    What many rows have in common (model, worker, category …) is held once, as a shape. A row that does not fit into
    its cell, and come out of it equal, is held whole.
    """

    def __init__(self) -> None:
        self._cells = bytearray()
        self._attempts: list[str] = []
        self._messages: list[str] = []
        self._shapes: list[_Shape] = []
        self._number_of: dict[_Shape, int] = {}
        self._whole: dict[int, AttemptRow] = {}

    def __len__(self) -> int:
        return len(self._attempts)

    @overload
    def __getitem__(self, index: int) -> AttemptRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[AttemptRow]: ...
    def __getitem__(self, index: int | slice) -> AttemptRow | list[AttemptRow]:
        if isinstance(index, slice):
            return [self._row(at) for at in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._row(index % len(self))

    def append(self, row: AttemptRow) -> None:
        """Adds a row."""
        try:
            cell = self._cell(row)
        except (DoesNotFit, ValueError):
            cell = bytes(_CELL.size)
            self._whole[len(self)] = row
        self._cells += cell
        self._messages.append(row.message)
        self._attempts.append(row.attempt)

    def _cell(self, row: AttemptRow) -> bytes:
        """ValueError or DoesNotFit when it would not come out as it went in."""
        one, usage, size = row.outline, row.outline.usage, len(row.outline.task)
        if not isinstance(one, Outline) or row.attempt[:size] != one.task:
            raise ValueError("no row of a dataset as its log has it")
        if (usage is not None and usage.input < 0) or (row.cost_nanousd or 0) < 0:
            raise ValueError("below zero stands for what nobody knows")
        tokens = (_NOBODY,) * 4 if usage is None else (usage.input, usage.output, usage.cached, usage.reasoning)
        return _CELL.pack(
            self._shape(one),
            size,
            _millis(one.started_at),
            _millis(one.finished_at),
            one.duration_seconds,
            _NEVER if one.api_latency_seconds is None else one.api_latency_seconds,
            _NEVER if one.first_token_seconds is None else one.first_token_seconds,
            *tokens,
            _NOBODY if row.cost_nanousd is None else row.cost_nanousd,
            row.offset,
            row.length,
        )

    def _shape(self, one: Outline) -> int:
        shape = (
            one.model,
            one.sample,
            one.category,
            one.worker,
            one.score,
            one.turns,
            one.steps,
            one.first_action_correct,
            one.replaces,
            one.from_cache,
            one.passed_at_turn,
            one.is_scored,
        )
        number = self._number_of.get(shape)
        if number is None:
            number = self._number_of[shape] = len(self._shapes)
            self._shapes.append(shape)
        return number

    def _row(self, index: int) -> AttemptRow:
        whole = self._whole.get(index) if self._whole else None
        if whole is not None:
            return whole
        shape, size, started, finished, seconds, latency, first, *tokens, cost, offset, length = _CELL.unpack_from(
            self._cells, index * _CELL.size
        )
        model, sample, category, worker, score, turns, steps, right, replaces, is_cached, passed_at, is_scored = (
            self._shapes[shape]
        )
        attempt = self._attempts[index]
        outline = Outline(
            attempt[:size],
            model,
            sample,
            category,
            clock.spell(started / 1000),
            clock.spell(finished / 1000),
            seconds,
            worker,
            score,
            self._messages[index],
            None if tokens[0] == _NOBODY else Usage(*tokens),
            turns,
            steps,
            right,
            None if latency != latency else latency,
            None if first != first else first,
            replaces,
            is_cached,
            passed_at,
            is_scored,
        )
        return AttemptRow(attempt, outline, None if cost == _NOBODY else cost, offset, length)


class TalliesOfRows(Mapping[tuple[str, str], Tally]):
    """The tallies of a dataset's rows by row and model, each made from its one outcome when somebody looks at it.

    `others` are of those that were asked again, which were counted.
    """

    def __init__(self, rows: Rows, index_of: Mapping[str, int], others: Mapping[tuple[str, str], Tally]) -> None:
        self._rows, self._index_of, self.others = rows, index_of, others

    def __getitem__(self, key: tuple[str, str]) -> Tally:
        if key in self.others:
            return self.others[key]
        index = self._index_of.get(paths.attempt_id(*key, 0), len(self._rows))
        if index >= len(self._rows):
            raise KeyError(key)
        return tally_of_row(self._rows[index])

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return (key for key, _ in self.each())

    def __len__(self) -> int:
        return len(self._rows) if not self.others else sum(1 for _ in self)

    def items(self) -> ItemsView[tuple[str, str], Tally]:
        """All of them, each row unpacked once."""
        return _Items(self)

    def values(self) -> ValuesView[Tally]:
        """The same without their keys."""
        return _Values(self)

    def each(self) -> Iterator[tuple[tuple[str, str], AttemptRow | None]]:
        """Every key, with its row where it has one outcome."""
        for row in self._rows:
            key = row.task, row.model
            if key not in self.others:
                yield key, row
        for key in self.others:
            yield key, None


class _Items(ItemsView[tuple[str, str], Tally]):
    _mapping: TalliesOfRows

    def __iter__(self) -> Iterator[tuple[tuple[str, str], Tally]]:
        others = self._mapping.others
        return ((key, tally_of_row(row) if row else others[key]) for key, row in self._mapping.each())


class _Values(ValuesView[Tally]):
    _mapping: TalliesOfRows

    def __iter__(self) -> Iterator[Tally]:
        return (tally for _, tally in self._mapping.items())


def tally_of_row(row: AttemptRow) -> Tally:
    """One outcome as a tally."""
    count = TallyCount()
    count.add(row, 1)
    return count.frozen()


def _millis(instant: str) -> int:
    """Milliseconds since the epoch. ValueError where they would be spelled in another way."""
    millis = 1000 * _second(instant[:19]) + int(instant[20:23])
    if clock.spell(millis / 1000) != instant:
        raise ValueError(instant)
    return millis


@lru_cache(maxsize=256)
def _second(spelled: str) -> int:
    return round(clock.read(spelled))
