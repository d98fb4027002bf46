"""Groups the items of a source into batches."""

from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")


class Batches(Iterator[tuple[T, ...]], Generic[T]):
    """An iterator over batches that can be closed."""

    def __init__(self, source: Iterator[T], size: int, max_weight: float, weigh: Callable[[T], float]) -> None:
        self._source = source
        self._size = size
        self._max_weight = max_weight
        self._weigh = weigh
        self._kept: list[tuple[T, float]] = []
        self._error: Exception | None = None
        self._ended = False
        self._closed = False

    def __next__(self) -> tuple[T, ...]:
        batch = [item for item, _ in self._kept]
        weight = sum(known for _, known in self._kept)
        self._kept.clear()
        while (
            not self._ended
            and len(batch) < self._size
            and (not batch or not self._max_weight or weight < self._max_weight)
        ):
            read = self._read()
            if read is None:
                break
            if batch and weight + read[1] > self._max_weight:
                self._kept.append(read)
                break
            batch.append(read[0])
            weight += read[1]
        if batch:
            return tuple(batch)
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        raise StopIteration

    def close(self) -> None:
        """End the iteration and close the source."""
        self._ended = True
        self._kept.clear()
        self._error = None
        if not self._closed:
            self._closed = True
            close = getattr(self._source, "close", None)
            if close is not None:
                close()

    def __enter__(self) -> "Batches[T]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self) -> tuple[T, float] | None:
        """The next item and its weight; None at the end and at an error, which waits for its turn."""
        try:
            item = next(self._source)
        except StopIteration:
            self._ended = True
            return None
        except Exception as error:
            self._fail(error)
            return None
        try:
            weight = self._weigh(item)
        except Exception as error:
            self._fail(error)
            return None
        if not weight >= 0:
            self._fail(ValueError(f"the weight of {item!r} is {weight!r}"))
            return None
        return item, weight

    def _fail(self, error: Exception) -> None:
        self._ended = True
        self._error = error


def batched(
    source: Iterable[T],
    size: int,
    *,
    max_weight: float | None = None,
    weigh: Callable[[T], float] | None = None,
) -> Batches[T]:
    """Group the items of `source` into batches of limited number and weight."""
    if size < 1:
        raise ValueError(f"size {size} is less than 1")
    if (max_weight is None) != (weigh is None):
        raise ValueError("max_weight and weigh belong together")
    if max_weight is None or weigh is None:
        return Batches(iter(source), size, 0.0, lambda item: 0.0)
    if not max_weight >= 0:
        raise ValueError(f"max_weight is {max_weight}")
    return Batches(iter(source), size, max_weight, weigh)
