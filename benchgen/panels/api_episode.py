"""`/api/benchmark/tasks/{run}/{task}` of seed 004: one task with its steps, in the words of its origin's viewer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from benchgen import paths
from benchgen.panels.episode import LogLine, newest_of
from benchgen.record import Record
from benchgen.records.attempt import Attempt
from benchgen.records.events import StepRecorded
from benchgen.records.run import RunConfig
from benchgen.records.state import Running
from benchgen.records.status import status_of

Json = dict[str, Any]


class Told(Record):
    """One attempt as far as it has come: its outcome, or that it is running; its steps and its log."""

    attempt: Attempt | Running
    steps: Sequence[StepRecorded] = ()
    log: Sequence[LogLine] = ()


def task(config: RunConfig, task_id: str, told: Sequence[Told]) -> Json:
    """A task with its newest attempt as `execution`, and all of them where several models or samples made some."""
    card = config.tasks.get(task_id)
    executions = [_execution(config, one) for one in told]
    newest = executions[-1] if executions else None
    return {
        "task_id": task_id,
        "run_id": config.run_id,
        "definition": {
            "task_id": task_id,
            "instruction": card.title if card else "",
            "domain": (card.domain or None) if card else None,
        },
        "execution": newest,
        "screenshots": [step["screenshot_url"] for step in newest["steps"] if step["screenshot_url"]] if newest else [],
        "attempts": executions,
    }


def screenshot(run_id: str, folder: str, name: str) -> str:
    """Where a server answers with a screenshot: `folder` is the episode's, its task where there is one model."""
    return f"/api/benchmark/screenshots/{quote(run_id)}/{quote(folder, safe='')}/{quote(name)}"


def _execution(config: RunConfig, told: Told) -> Json:
    one = told.attempt
    ended = one if isinstance(one, Attempt) else None
    return {
        "attempt": one.attempt,
        "task_id": one.task,
        "model_id": one.model,
        "sample": one.sample,
        "status": status_of(ended.category) if ended else "running",
        "success": ended.category is None if ended else None,
        "score": ended.score if ended else None,
        "num_steps": ended.steps if ended else len(newest_of(told.steps)),
        "total_time_seconds": ended.duration_seconds if ended else None,
        "error": (ended.message or None) if ended and ended.category is not None else None,
        "error_type": ended.error_type if ended else None,
        "steps": [_step(config, step) for step in newest_of(told.steps)],
        "logs": [{"timestamp": line.seconds, "level": line.level, "message": line.message} for line in told.log],
    }


def _step(config: RunConfig, step: StepRecorded) -> Json:
    before, inside, name = (step.screenshot or "").rpartition(f"/{paths.SCREENSHOTS}/")
    folder = before.rpartition("/")[2]
    return {
        "step_idx": step.step,
        "action": dict(step.action),
        "reasoning": step.reasoning,
        "screenshot_url": screenshot(config.run_id, folder, name) if inside else None,
        "timestamp": step.at,
        "correct": step.correct,
    }
