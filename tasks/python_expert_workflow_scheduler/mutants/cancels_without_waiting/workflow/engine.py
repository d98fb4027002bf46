"""Runs the steps of a workflow, several at a time."""

import asyncio
import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workflow.graph import check
from workflow.model import Outcome, Step


async def run_workflow(steps: Sequence[Step], *, limit: int) -> dict[str, Outcome]:
    """Run every step after those it needs and return what became of each."""
    check(steps)
    return await _Run(steps, limit).play()


@dataclass
class _Progress:
    """How far one step has come."""

    step: Step
    place: int
    unmet: set[str]
    dependents: list["_Progress"] = field(default_factory=list)
    attempts: int = 0
    started: float | None = None


class _Run:
    """One run: what is ready, what is busy (an attempt) and what rests (a backoff)."""

    def __init__(self, steps: Sequence[Step], limit: int) -> None:
        self.limit = limit
        self.outcomes: dict[str, Outcome] = {}
        self.progress = {step.name: _Progress(step, place, set(step.after)) for place, step in enumerate(steps)}
        for progress in self.progress.values():
            for name in progress.unmet:
                self.progress[name].dependents.append(progress)
        self.ready = [progress.place for progress in self.progress.values() if not progress.unmet]
        self.by_place = list(self.progress.values())
        self.busy: dict[asyncio.Task[Any], _Progress] = {}
        self.resting: dict[asyncio.Task[None], _Progress] = {}

    async def play(self) -> dict[str, Outcome]:
        try:
            self.start_ready()
            while self.busy or self.resting:
                await asyncio.wait([*self.busy, *self.resting], return_when=asyncio.FIRST_COMPLETED)
                self.settle()
                self.start_ready()
        finally:
            left = [*self.busy, *self.resting]
            for task in left:
                task.cancel()
        return self.results()

    def start_ready(self) -> None:
        while self.ready and len(self.busy) < self.limit:
            progress = self.by_place[heapq.heappop(self.ready)]
            progress.attempts += 1
            if progress.started is None:
                progress.started = asyncio.get_running_loop().time()
            values = {name: self.outcomes[name].value for name in progress.step.after}
            self.busy[asyncio.create_task(_attempt(progress.step, values))] = progress

    def settle(self) -> None:
        for rest in [task for task in self.resting if task.done()]:
            heapq.heappush(self.ready, self.resting.pop(rest).place)
        for task in [task for task in self.busy if task.done()]:
            self.settle_attempt(task, self.busy.pop(task))

    def settle_attempt(self, task: asyncio.Task[Any], progress: _Progress) -> None:
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is None:
            self.finish(progress, Outcome("succeeded", value=task.result()))
            for dependent in progress.dependents:
                dependent.unmet.discard(progress.step.name)
                if not dependent.unmet:
                    heapq.heappush(self.ready, dependent.place)
        elif progress.attempts <= progress.step.retries:
            rest = progress.step.backoff * 2 ** (progress.attempts - 1)
            self.resting[asyncio.create_task(asyncio.sleep(rest))] = progress
        else:
            self.finish(progress, Outcome("failed", error=error))

    def finish(self, progress: _Progress, ended: Outcome) -> None:
        self.outcomes[progress.step.name] = Outcome(
            ended.status,
            attempts=progress.attempts,
            value=ended.value,
            error=ended.error,
            started=progress.started,
            finished=asyncio.get_running_loop().time(),
        )

    def results(self) -> dict[str, Outcome]:
        causes: dict[str, set[int]] = {name: set() for name in self.progress}
        for name in [name for name, outcome in self.outcomes.items() if outcome.status == "failed"]:
            failed = self.progress[name]
            below = list(failed.dependents)
            while below:
                reached = below.pop()
                if failed.place not in causes[reached.step.name]:
                    causes[reached.step.name].add(failed.place)
                    below.extend(reached.dependents)
        return {
            name: self.outcomes.get(name)
            or Outcome("skipped", causes=tuple(self.by_place[place].step.name for place in sorted(causes[name])))
            for name in self.progress
        }


async def _attempt(step: Step, values: dict[str, Any]) -> Any:
    limit = asyncio.timeout(step.timeout)
    try:
        async with limit:
            value = await step.run(values)
    except Exception as error:
        if limit.expired() and not isinstance(error, TimeoutError):
            raise TimeoutError from error
        raise
    if limit.expired():
        raise TimeoutError
    return value
