"""One start of a run, of whatever kind: what is wished of it, how it opens in the log, and what its end comes to."""

from __future__ import annotations

import os

from benchgen.errors import EXIT_COULD_NOT, EXIT_INCOMPLETE, EXIT_INTERRUPTED
from benchgen.fold import Fold
from benchgen.record import Record
from benchgen.records.digest import RunDigest
from benchgen.records.events import RunResumed, RunStarted
from benchgen.records.run import FORMAT, Budget
from benchgen.records.state import RunState
from benchgen.records.status import RunStatus


class Wish(Record):
    """What to do with a run: finish its plan, or repeat what `only` means; within a new budget, or its own."""

    only: tuple[str, ...] = ()
    budget: Budget | None = None


class Ended(Record):
    """The run in brief, and the exit code that the command gives for it."""

    digest: RunDigest
    exit_code: int


def opening(fold: Fold, wish: Wish, sandbox: str = "") -> RunStarted | RunResumed:
    """The event that a start of a run begins with: its first, or one that goes on."""
    run_id = fold.config.run_id
    if fold.state().started_at is None:
        return RunStarted(run_id=run_id, format=FORMAT, pid=os.getpid(), sandbox=sandbox)
    return RunResumed(run_id=run_id, format=FORMAT, pid=os.getpid(), sandbox=sandbox, budget=wish.budget)


def exit_code_of(status: RunStatus, state: RunState) -> int:
    """What the command ends with: a run is incomplete where something of ours or of a provider left a hole in it."""
    if status != "completed":
        return EXIT_INTERRUPTED if status == "canceled" else EXIT_COULD_NOT
    ours = sum(tally.categories.get("api_error", 0) + tally.categories.get("harness", 0) for tally in state.sums_of())
    return EXIT_INCOMPLETE if ours or state.finished < state.total else 0
