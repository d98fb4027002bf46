"""A cache that loads each value once, however many ask for it."""

from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class AsyncCache(Generic[K, V]):
    """Keeps what `load` returned, for a while and up to a number of values."""

    def __init__(
        self, load: Callable[[K], Awaitable[V]], *, ttl: float, capacity: int, clock: Callable[[], float]
    ) -> None:
        raise NotImplementedError

    async def get(self, key: K) -> V:
        """Return the value of a key, loading it if need be."""
        raise NotImplementedError

    def invalidate(self, key: K) -> None:
        """Forget the value of a key, also the one that is being loaded."""
        raise NotImplementedError

    async def close(self) -> None:
        """Cancel all loads and wait until they have ended."""
        raise NotImplementedError
