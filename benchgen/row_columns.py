"""The outcomes of a dataset's rows, packed: a hundred thousand of them take a sixth of the room that records take."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, Sequence, ValuesView
from functools import lru_cache
from itertools import chain
from struct import Struct
from struct import error as DoesNotFit
from typing import Any, overload

from benchgen import clock, paths
from benchgen.record import field_names
from benchgen.records.attempt import Usage
from benchgen.records.events import Outline
from benchgen.records.state import AttemptRow, Tally
from benchgen.tallying import in_billionths, tally_of

# Shape, length of the task's name, two instants in milliseconds, three durations, four counts of tokens, cost, line.
_CELL = Struct("<IHqqdddqqqqqQI")
_COUNTED = Struct("<IH16xd")
_NOBODY = -1
_NEVER = float("nan")
_Shape = tuple[tuple[Any, ...], ...]
_SECONDS = field_names(Tally).index("seconds")


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
        self._tallies: list[tuple[tuple[Any, ...], tuple[Any, ...]]] = []  # of each shape, but for its seconds
        self._whole: dict[int, AttemptRow] = {}

    def __len__(self) -> int:
        return len(self._attempts)

    @overload
    def __getitem__(self, index: int) -> AttemptRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[AttemptRow]: ...
    def __getitem__(self, index: int | slice) -> AttemptRow | list[AttemptRow]:
        length = len(self._attempts)
        if isinstance(index, slice):
            return [self._row(at) for at in range(*index.indices(length))]
        if not -length <= index < length:
            raise IndexError(index)
        return self._row(index % length)

    def __iter__(self) -> Iterator[AttemptRow]:
        return map(self._row, range(len(self)))

    def tally(self, index: int) -> tuple[tuple[str, str], Tally]:
        """Row and model of a row, and what it counts; the row itself is not made."""
        if index in self._whole:
            outline = self._whole[index].outline
            return (outline.task, outline.model), tally_of(outline)
        shape, size, seconds = _COUNTED.unpack_from(self._cells, index * _CELL.size)
        before, after = self._tallies[shape]
        key = self._attempts[index][:size], self._shapes[shape][0][0]
        return key, Tally(*before, in_billionths(seconds), *after)  # type: ignore[call-arg]

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
            (one.model, one.sample, one.category),
            (one.worker, one.score),
            (one.turns, one.steps, one.first_action_correct),
            (one.replaces, one.from_cache, one.passed_at_turn, one.is_scored),
        )
        number = self._number_of.get(shape)
        if number is None:
            number = self._number_of[shape] = len(self._shapes)
            self._shapes.append(shape)
            counts = [getattr(tally_of(one), name) for name in field_names(Tally)]
            self._tallies.append((tuple(counts[:_SECONDS]), tuple(counts[_SECONDS + 1 :])))
        return number

    def _row(self, index: int) -> AttemptRow:
        whole = self._whole.get(index) if self._whole else None
        if whole is not None:
            return whole
        shape, size, started, finished, seconds, latency, first, *tokens, cost, offset, length = _CELL.unpack_from(
            self._cells, index * _CELL.size
        )
        who, how, steps, others = self._shapes[shape]
        attempt = self._attempts[index]
        outline = Outline(  # type: ignore[call-arg]
            attempt[:size],
            *who,
            clock.spell_millis(started),
            clock.spell_millis(finished),
            seconds,
            *how,
            self._messages[index],
            None if tokens[0] == _NOBODY else Usage(*tokens),
            *steps,
            None if latency != latency else latency,
            None if first != first else first,
            *others,
        )
        return AttemptRow(attempt, outline, None if cost == _NOBODY else cost, offset, length)


class TalliesOfRows(Mapping[tuple[str, str], Tally]):
    """The tallies of a dataset's rows by row and model, each made from its one outcome when somebody looks at it.

    `others` are of those that were asked again, which were counted.
    """

    def __init__(self, rows: RowColumns, index_of: Mapping[str, int], others: Mapping[tuple[str, str], Tally]) -> None:
        self._rows, self._index_of, self._others = rows, index_of, others
        self._length = len(rows)

    def __getitem__(self, key: tuple[str, str]) -> Tally:
        if key in self._others:
            return self._others[key]
        index = self._index_of.get(paths.attempt_id(*key, 0), self._length)
        if index >= self._length:
            raise KeyError(key)
        return self._rows.tally(index)[1]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return (key for key, _ in self.each())

    def __len__(self) -> int:
        return sum(1 for _ in self) if self._others else self._length

    def items(self) -> ItemsView[tuple[str, str], Tally]:
        """All of them, in one pass."""
        return _Items(self)

    def values(self) -> ValuesView[Tally]:
        """The same without their keys."""
        return _Values(self)

    def each(self) -> Iterator[tuple[tuple[str, str], Tally]]:
        """Every key with its tally."""
        every = map(self._rows.tally, range(self._length))
        others = self._others
        return chain((item for item in every if item[0] not in others), others.items()) if others else every


class _Items(ItemsView[tuple[str, str], Tally]):
    _mapping: TalliesOfRows

    def __iter__(self) -> Iterator[tuple[tuple[str, str], Tally]]:
        return self._mapping.each()


class _Values(ValuesView[Tally]):
    _mapping: TalliesOfRows

    def __iter__(self) -> Iterator[Tally]:
        return (tally for _, tally in self._mapping.each())


def _millis(instant: str) -> int:
    """Milliseconds since the epoch. ValueError where they would be spelled in another way."""
    millis = 1000 * _second(instant[:19]) + int(instant[20:23])
    if clock.spell_millis(millis) != instant:
        raise ValueError(instant)
    return millis


@lru_cache(maxsize=256)
def _second(spelled: str) -> int:
    return round(clock.read(spelled))
