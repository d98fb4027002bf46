"""One episode: what the agent did step by step, why, what it saw, and what was logged meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchgen.panels import links
from benchgen.panels.log_text import clean
from benchgen.record import Record
from benchgen.records.events import StepRecorded

MOST_STEPS = 500
MOST_LINES = 1_000
LONGEST = 2_000
LEVELS = ("INFO", "SUCCESS", "WARNING", "ERROR")


class Step(Record):
    """One step: the action's type and its other fields in words. `correct` is None when nobody judged it."""

    number: int
    action: str
    details: str
    reasoning: str
    screenshot: str | None
    screenshot_href: str | None
    correct: bool | None
    at: str


class LogLine(Record):
    """A line of an episode's log; `seconds` count from its beginning, None where nobody says."""

    level: str
    message: str
    seconds: float | None = None


class LevelCount(Record):
    level: str
    lines: int


class Episode(Record):
    """All steps in their order and the newest log lines; `hidden` and `lines_hidden` count what is not shown."""

    steps: tuple[Step, ...]
    hidden: int
    log: tuple[LogLine, ...] = ()
    lines_hidden: int = 0
    levels: tuple[LevelCount, ...] = ()
    is_running: bool = False


def episode(
    run_id: str,
    folder: str,
    steps: Sequence[StepRecorded],
    log: Sequence[LogLine] = (),
    *,
    is_running: bool = False,
) -> Episode | None:
    """The steps of an attempt whose files lie in `folder`; None when it has none, no log, and is over."""
    if not steps and not log and not is_running:
        return None
    ordered = newest_of(steps)
    shown = [LogLine(_level(one.level), clean(one.message)[:LONGEST], one.seconds) for one in log[-MOST_LINES:]]
    counts = Counter(line.level for line in shown)
    return Episode(
        steps=tuple(_step(run_id, folder, one) for one in ordered[:MOST_STEPS]),
        hidden=max(0, len(ordered) - MOST_STEPS),
        log=tuple(shown),
        lines_hidden=max(0, len(log) - MOST_LINES),
        levels=tuple(LevelCount(level, counts[level]) for level in LEVELS if counts[level]),
        is_running=is_running,
    )


def newest_of(steps: Iterable[StepRecorded]) -> list[StepRecorded]:
    """Each step once, in order: one that was said again, with more in it, stands as it was said last."""
    newest = {step.step: step for step in sorted(steps, key=lambda step: step.seq)}
    return [newest[number] for number in sorted(newest)]


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


def _level(said: str) -> str:
    """A level as one of the few words that there are."""
    return said.upper() if said.upper() in LEVELS else "INFO"
