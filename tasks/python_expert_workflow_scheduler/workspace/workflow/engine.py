"""Runs the steps of a workflow, several at a time."""

from collections.abc import Sequence

from workflow.model import Outcome, Step


async def run_workflow(steps: Sequence[Step], *, limit: int) -> dict[str, Outcome]:
    """Run every step after those it needs and return what became of each."""
    raise NotImplementedError
