"""Groups the items of a source into batches."""

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")


class Batches(Iterator[tuple[T, ...]], Generic[T]):
    """An iterator over batches that can be closed."""

    def __next__(self) -> tuple[T, ...]:
        raise NotImplementedError

    def close(self) -> None:
        """End the iteration and close the source."""
        raise NotImplementedError

    def __enter__(self) -> "Batches[T]":
        raise NotImplementedError

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError


def batched(
    source: Iterable[T],
    size: int,
    *,
    max_weight: float | None = None,
    weigh: Callable[[T], float] | None = None,
) -> Batches[T]:
    """Group the items of `source` into batches of limited number and weight."""
    raise NotImplementedError
