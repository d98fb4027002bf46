"""A cache that loads each value once, however many ask for it."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from cache.errors import CacheClosed, LoadCancelled

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(eq=False)
class _Load(Generic[V]):
    """One call of `load`, and how many wait for it."""

    task: asyncio.Task[V]
    waiting: int = 0


@dataclass(frozen=True)
class _Stored(Generic[V]):
    value: V
    expires: float


class AsyncCache(Generic[K, V]):
    """Keeps what `load` returned, for a while and up to a number of values."""

    def __init__(
        self, load: Callable[[K], Awaitable[V]], *, ttl: float, capacity: int, clock: Callable[[], float]
    ) -> None:
        self._load = load
        self._ttl = ttl
        self._capacity = capacity
        self._clock = clock
        self._closed = False
        self._stored: OrderedDict[K, _Stored[V]] = OrderedDict()
        self._current: dict[K, _Load[V]] = {}
        # Every task that has not ended, abandoned ones too: the event loop itself keeps only weak references.
        self._tasks: set[asyncio.Task[V]] = set()

    async def get(self, key: K) -> V:
        """Return the value of a key, loading it if need be."""
        if self._closed:
            raise CacheClosed
        stored = self._stored.get(key)
        if stored is not None and self._clock() < stored.expires:
            self._stored.move_to_end(key)
            return stored.value
        return await self._wait(key, self._current.get(key) or self._start(key))

    def invalidate(self, key: K) -> None:
        """Forget the value of a key, also the one that is being loaded."""
        self._stored.pop(key, None)
        load = self._current.pop(key, None)
        if load is not None:
            self._tasks.discard(load.task)

    async def close(self) -> None:
        """Cancel all loads and wait until they have ended."""
        self._closed = True
        self._current.clear()
        for task in self._tasks:
            # One that was cancelled before may be cleaning up, and a second cancellation would cut that short.
            if not task.cancelling():
                task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _start(self, key: K) -> _Load[V]:
        task = asyncio.create_task(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        load = self._current[key] = _Load(task)
        return load

    def _ended(self, task: asyncio.Task[V]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # Looking at the exception is what keeps the loop from reporting one that nobody waits for.
            task.exception()

    async def _run(self, key: K) -> V:
        try:
            value = await self._load(key)
            if self._is_current(key):
                self._store(key, value)
            return value
        finally:
            if self._is_current(key):
                del self._current[key]

    def _is_current(self, key: K) -> bool:
        load = self._current.get(key)
        return load is not None and load.task is asyncio.current_task()

    async def _wait(self, key: K, load: _Load[V]) -> V:
        load.waiting += 1
        try:
            # Unlike awaiting the task itself, this leaves it alone when the waiting is cancelled.
            await asyncio.wait({load.task})
        finally:
            load.waiting -= 1
            if not load.waiting and not load.task.done():
                self._abandon(key, load)
        if self._closed:
            raise CacheClosed
        if load.task.cancelled():
            raise LoadCancelled(key)
        return load.task.result()

    def _abandon(self, key: K, load: _Load[V]) -> None:
        if self._current.get(key) is load:
            del self._current[key]
        load.task.cancel()

    def _store(self, key: K, value: V) -> None:
        now = self._clock()
        for stale in [other for other, stored in self._stored.items() if not now < stored.expires]:
            del self._stored[stale]
        self._stored[key] = _Stored(value, now + self._ttl)
        self._stored.move_to_end(key)
        if len(self._stored) > self._capacity:
            self._stored.popitem(last=False)
