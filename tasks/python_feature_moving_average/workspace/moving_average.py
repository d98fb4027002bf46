"""Means over a window that moves along a stream of numbers."""

from collections.abc import Iterable, Iterator


def moving_average(
    values: Iterable[int | float | None], window: int, *, min_count: int | None = None
) -> Iterator[float | None]:
    """Yield, for each value, the mean of the values present among the last `window` ones."""
    raise NotImplementedError
