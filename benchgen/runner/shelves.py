"""LM Studio holds one model at a time: all attempts of one come before the next, so that each is loaded once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator

from benchgen.providers.endpoints import LMSTUDIO
from benchgen.records.run import RunConfig
from benchgen.runner.desk import Todo


def by_shelf(config: RunConfig, todos: Iterator[Todo]) -> Iterator[Todo]:
    """Attempts in an order in which no model comes back."""
    shelved = _shelved(config)
    if len(shelved) < 2:
        return todos
    place = {model: number for number, model in enumerate(shelved)}
    return iter(sorted(todos, key=lambda todo: place.get(todo.planned.model, 0)))


def passes(config: RunConfig) -> list[frozenset[str]]:
    """The models of each walk over a dataset: all at once, but those that cannot be in memory together."""
    later = [frozenset((model,)) for model in _shelved(config)[1:]]
    first = frozenset(model.model_id for model in config.models).difference(*later)
    return [first, *later]


class Turns:
    """Lets nobody begin with a model while an attempt by another is under way: it may not have asked yet, or ask again.

    Models of other providers come and go as they like.
    """

    def __init__(self, config: RunConfig) -> None:
        self._shelved = frozenset(_shelved(config))
        self._under_way: Counter[str] = Counter()
        self._left = asyncio.Event()

    async def enter(self, model: str) -> None:
        """Waits for the turn of a model; who began says `leave` in the end."""
        if model not in self._shelved:
            return
        while any(count for other, count in self._under_way.items() if other != model):
            self._left.clear()
            await self._left.wait()
        self._under_way[model] += 1

    def leave(self, model: str) -> None:
        if model in self._shelved:
            self._under_way[model] -= 1
            self._left.set()


def _shelved(config: RunConfig) -> list[str]:
    return [model.model_id for model in config.models if model.provider == LMSTUDIO]
