"""Which event loop a run goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from benchgen.records.status import Kind


def loop_of(kind: Kind) -> Callable[[], asyncio.AbstractEventLoop] | None:
    """A quicker one for rows, which turn it thousands of times a second; others spend their time in processes."""
    if kind != "dataset":
        return None
    import uvloop

    return uvloop.new_event_loop
