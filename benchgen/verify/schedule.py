"""All checks of many tasks, as many at once as there are jobs, so that no core waits for the slowest task."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence

from benchgen.record import Record, field
from benchgen.records.task import Task
from benchgen.sandbox.spec import Missing, Sandbox, Toolchain
from benchgen.verify.checks import Check, Checked, agreement, checks, not_runnable, verify


class Plan(Record):
    """What to try on each task, with the tools to do it; tasks without tools stand in `not_runnable`."""

    checks: dict[str, list[Check]] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    tools: dict[str, Sequence[Toolchain]] = field(default_factory=dict)
    not_runnable: list[Checked] = field(default_factory=list)

    def total(self) -> int:
        return sum(len(planned) for planned in self.checks.values())


def plan(tasks: Sequence[Task], tools_of: Callable[[Task], Sequence[Toolchain] | Missing], repeat: int) -> Plan:
    """What `verify_all` will do. Finding the tools may take a while."""
    planned = Plan()
    for task in tasks:
        tools = tools_of(task)
        if isinstance(tools, Missing):
            planned.not_runnable.append(not_runnable(task, tools))
            continue
        planned.tasks[task.task_id] = task
        planned.tools[task.task_id] = tools
        planned.checks[task.task_id] = checks(task, repeat)
    return planned


async def verify_all(planned: Plan, sandbox: Sandbox, jobs: int, tell: Callable[[Checked], None]) -> list[Checked]:
    """Every check, in the order of the plan; `tell` hears of each one as it ends."""
    queue = _interleaved(planned)
    results: dict[tuple[str, int], Checked] = {}

    async def work() -> None:
        for task_id, number in queue:
            check = planned.checks[task_id][number]
            found = await verify(planned.tasks[task_id], check, sandbox, planned.tools[task_id])
            results[task_id, number] = found
            tell(found)

    async with asyncio.TaskGroup() as group:
        for _ in range(jobs):
            group.create_task(work())
    return [*planned.not_runnable, *_in_order(planned, results)]


def _interleaved(planned: Plan) -> Iterator[tuple[str, int]]:
    """One check of each task in turn: slow and quick ones meet, and the last to end is rarely a whole task."""
    longest = max(map(len, planned.checks.values()), default=0)
    for number in range(longest):
        for task_id, own in planned.checks.items():
            if number < len(own):
                yield task_id, number


def _in_order(planned: Plan, results: dict[tuple[str, int], Checked]) -> Iterator[Checked]:
    for task_id, own in planned.checks.items():
        found = [results[task_id, number] for number in range(len(own))]
        yield from found
        if sum(result.kind == "reference" for result in found) > 1:
            yield agreement(planned.tasks[task_id], found)
