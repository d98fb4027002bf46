"""The head of an attempt under way, for the page that only a server has; once it has ended, the way to its outcome."""

from __future__ import annotations

from benchgen.panels import links
from benchgen.record import Record
from benchgen.records.run import RunConfig
from benchgen.records.state import Running


class RunningHead(Record):
    """Which attempt it is; `href` is the page of its outcome, None while it is under way."""

    attempt: str
    run_id: str
    run_name: str
    run_href: str
    task: str
    task_href: str | None
    instruction: str
    model: str
    model_href: str
    worker: str
    started_at: str
    step: int | None
    phase: str | None
    href: str | None = None


def running_head(config: RunConfig, running: Running, *, has_ended: bool = False) -> RunningHead:
    """The head of an attempt; `has_ended`: its page is that of its outcome now."""
    card = config.tasks.get(running.task)
    return RunningHead(
        attempt=running.attempt,
        run_id=config.run_id,
        run_name=config.run_name,
        run_href=links.run(config.run_id),
        task=running.task,
        task_href=links.task_of(config.kind, running.task),
        instruction=card.title if card else "",
        model=running.model,
        model_href=links.model(running.model),
        worker=running.worker,
        started_at=running.started_at,
        step=running.step,
        phase=running.phase,
        href=links.attempt(config.run_id, running.attempt) if has_ended else None,
    )
