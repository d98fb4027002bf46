"""Parts that are the same on many pages, rendered once."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from markupsafe import Markup

MOST = 512


class Kept:
    """Called by a template around a part, with a name for all that decides it beyond the renderer's own inputs."""

    def __init__(self) -> None:
        self._parts: dict[tuple[Hashable, ...], Markup] = {}

    def __call__(self, *key: Hashable, caller: Callable[[], Markup]) -> Markup:
        found = self._parts.get(key)
        if found is None:
            if len(self._parts) >= MOST:
                self._parts.clear()
            found = self._parts[key] = caller()
        return found


def place_of(page_path: str) -> str:
    """What of a path decides the links around a page: its folder, or all of it where the navigation may lead to it."""
    folder = page_path.rpartition("/")[0]
    return folder if "/" in folder else page_path
