"""The head of the live page: which run it shows; it changes when another run is taken up."""

from __future__ import annotations

from benchgen.panels.run_head import tasks_of
from benchgen.record import Record
from benchgen.records.state import RunState
from benchgen.records.status import Kind


class LiveHead(Record):
    """A run as a heading."""

    name: str
    benchmark_name: str
    kind: Kind
    tasks: int
    models: int
    samples: int
    started_at: str | None


def live_head(state: RunState | None) -> LiveHead | None:
    """The heading of a run; None where there is none."""
    if state is None:
        return None
    config = state.config
    return LiveHead(
        name=config.run_name or config.run_id,
        benchmark_name=config.benchmark_name,
        kind=config.kind,
        tasks=tasks_of(state),
        models=len(config.models),
        samples=config.samples,
        started_at=state.started_at,
    )
