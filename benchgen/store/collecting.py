"""When Python looks for garbage: not while many records are read that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_later(*, many: bool) -> Iterator[None]:
    """While `many` objects are made that all stay, looking through them for garbage took a quarter of the time."""
    if not many or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def loading() -> Iterator[None]:
    """The start of a process that lives long: what it has loaded by the end is never looked through again."""
    with collecting_later(many=True):
        yield
        gc.freeze()


@contextmanager
def all_kept() -> Iterator[None]:
    """While work goes on that needs all there is: none of it is looked through, so that forks share it, too."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
