"""What was once made of records that are still the same: a change of one run leaves what the others came to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

T = TypeVar("T")


class Remembered:
    """Results by what they are of and by the identity of the records; those not asked for in a round are forgotten."""

    def __init__(self) -> None:
        self._held: dict[tuple[object, ...], tuple[tuple[object, ...], object]] = {}
        self._before = self._held

    def of(self, name: str, records: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `make` gives, or gave for the very same records."""
        key = (name, *map(id, records))
        found = self._held.get(key) or self._before.get(key)
        if found is None:
            found = (records, make())  # holding the records keeps their identity from being given to others
        self._held[key] = found
        return cast(T, found[1])

    def next_round(self) -> None:
        """Results that this round did not ask for go, once there were any questions."""
        if self._held:
            self._before, self._held = self._held, {}
