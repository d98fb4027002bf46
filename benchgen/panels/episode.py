"""The steps of one episode: what the agent did, why, and what it saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchgen.panels import links
from benchgen.panels.log_text import clean
from benchgen.records.events import StepRecorded

MOST_STEPS = 500
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the action's type and its other fields in words. `correct` is None when nobody judged it."""

    number: int
    action: str
    details: str
    reasoning: str
    screenshot: str | None
    screenshot_href: str | None
    correct: bool | None
    at: str


@dataclass(frozen=True, slots=True)
class Episode:
    """All steps in their order; `hidden` counts those beyond the most that are shown."""

    steps: tuple[Step, ...]
    hidden: int


def episode(run_id: str, folder: str, steps: Sequence[StepRecorded]) -> Episode | None:
    """The steps of an attempt whose files lie in `folder`; None when it recorded none."""
    if not steps:
        return None
    newest = {step.step: step for step in sorted(steps, key=lambda step: step.seq)}  # said again, with more in it
    ordered = [newest[number] for number in sorted(newest)]
    return Episode(tuple(_step(run_id, folder, one) for one in ordered[:MOST_STEPS]), max(0, len(ordered) - MOST_STEPS))


def _step(run_id: str, folder: str, step: StepRecorded) -> Step:
    shot = step.screenshot if step.screenshot and links.is_picture(step.screenshot) else None
    return Step(
        number=step.step,
        action=clean(str(step.action.get("type", "")))[:LONGEST],
        details=_details(step.action),
        reasoning=clean(step.reasoning or "")[:LONGEST],
        screenshot=shot,
        screenshot_href=links.artifact(run_id, f"{folder}/{shot}") if shot else None,
        correct=step.correct,
        at=step.at,
    )


def _details(action: Mapping[str, Any]) -> str:
    """The action's fields but its type, those that say something."""
    said = (f"{name} {value}" for name, value in action.items() if name != "type" and value not in (None, ""))
    return clean(", ".join(said))[:LONGEST]
