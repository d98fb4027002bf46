"""What can be done with a run on a server: only what makes sense as it stands."""

from __future__ import annotations

from benchgen.record import Record
from benchgen.records.annotations import Annotations
from benchgen.records.state import RunState
from benchgen.records.status import ENDED


class RunControls(Record):
    """The buttons of a run's page, and what people wrote about the run, to be changed."""

    run_id: str
    can_cancel: bool
    can_resume: bool
    can_retry: bool
    can_remove: bool
    note: str
    tags: tuple[str, ...]


def run_controls(state: RunState, annotations: Annotations, *, is_dead: bool) -> RunControls:
    """A run that goes on or waits can be canceled, one that stopped short resumed; what has ended can be removed.

    Nothing of that can be done with a run that another harness runs; one that it reported is its own to go on with.
    """
    ours = not state.config.followed
    can_run = ours and state.config.kind != "agent"
    goes_on = state.status in ("running", "queued") and not is_dead
    failed = any(tally.categories.get("api_error") for tally in state.sums_of())
    return RunControls(
        run_id=state.config.run_id,
        can_cancel=ours and goes_on,
        can_resume=can_run and not goes_on and state.finished < state.total,
        can_retry=can_run and state.status in ENDED and failed,
        can_remove=ours and not goes_on,
        note=annotations.note,
        tags=annotations.tags,
    )
