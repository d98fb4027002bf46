"""Checks that steps can be put in an order at all."""

from collections.abc import Sequence

from workflow.errors import CycleError, DuplicateStepError, UnknownStepError
from workflow.model import Step


def check(steps: Sequence[Step]) -> None:
    """Raise DuplicateStepError, UnknownStepError or CycleError if the steps cannot run."""
    needs: dict[str, tuple[str, ...]] = {}
    for step in steps:
        if step.name in needs:
            raise DuplicateStepError(step.name)
        needs[step.name] = step.after
    for step in steps:
        for missing in step.after:
            if missing not in needs:
                raise UnknownStepError(step.name, missing)
    stuck = _never_ready(needs)
    if stuck:
        raise CycleError(_cycle(needs, stuck))


def _never_ready(needs: dict[str, tuple[str, ...]]) -> set[str]:
    """The steps that are on a cycle or wait for one."""
    unmet = {name: set(after) for name, after in needs.items()}
    dependents: dict[str, list[str]] = {name: [] for name in needs}
    for name, after in unmet.items():
        for needed in after:
            dependents[needed].append(name)
    ready = [name for name, after in unmet.items() if not after]
    while ready:
        done = ready.pop()
        for name in dependents[done]:
            unmet[name].discard(done)
            if not unmet[name]:
                ready.append(name)
    return {name for name, after in unmet.items() if after}


def _cycle(needs: dict[str, tuple[str, ...]], stuck: set[str]) -> tuple[str, ...]:
    """Each stuck step needs another stuck one, so that walking along must come round."""
    seen: dict[str, int] = {}
    walk: list[str] = []
    name = next(name for name in needs if name in stuck)
    while name not in seen:
        seen[name] = len(walk)
        walk.append(name)
        name = next(needed for needed in needs[name] if needed in stuck)
    ring = walk[seen[name] :]
    given = {name: place for place, name in enumerate(needs)}
    first = ring.index(min(ring, key=given.__getitem__))
    return (*ring[first:], *ring[:first], ring[first])
