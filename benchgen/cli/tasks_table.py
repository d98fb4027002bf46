"""How `tasks verify` shows its work: progress while it runs, then a table, what did not hold, or the same as JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import TracebackType

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from benchgen.cli.words import counted, printable
from benchgen.record import Record
from benchgen.records.task import Task
from benchgen.verify.checks import Checked, Kind
from benchgen.verify.schedule import Plan

_NARROWEST = 150
_CHECKS_A_LINE = 50
_SHARES: tuple[Kind, ...] = ("reference", "starter", "noop", "mutant", "cheat")
_HEADS = ("cases", "reference", "starter", "noop", "mutants caught", "cheats refused", "slowest", "judged", "memory")


class Share(Record):
    """How many checks of a kind held."""

    held: int
    of: int


class Bar:
    """A bar on a terminal; elsewhere a line for each finished task and now and then a count; nothing when quiet."""

    def __init__(self, planned: Plan, *, quiet: bool) -> None:
        self._left = {task_id: len(own) for task_id, own in planned.checks.items()}
        self._bad: dict[str, int] = dict.fromkeys(self._left, 0)
        self._done, self._total = 0, planned.total()
        self._lines = not quiet and not sys.stderr.isatty()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        times = (TimeElapsedColumn(), TimeRemainingColumn())
        console = Console(stderr=True, highlight=False)
        self._progress = Progress(*columns, *times, console=console, disable=quiet or self._lines, transient=True)
        self._task = self._progress.add_task("verifying", total=self._total)

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def tell(self, result: Checked) -> None:
        """Takes one result."""
        self._left[result.task_id] -= 1
        self._bad[result.task_id] += result.outcome == "broken"
        self._progress.advance(self._task)
        if result.outcome == "broken":
            self._say(fault_line(result))
        elif self._left[result.task_id] == 0 and not self._bad[result.task_id]:
            self._say(f"✓ {result.task_id}")
        self._done += 1
        if self._lines and self._done % _CHECKS_A_LINE == 0:
            click.echo(f"… {self._done} of {self._total} checks", err=True)

    def _say(self, line: str) -> None:
        if self._lines:
            click.echo(line, err=True)
        else:
            self._progress.console.print(line, markup=False, soft_wrap=True)


def print_table(tasks: Sequence[Task], results: Sequence[Checked], seconds: float) -> None:
    """One row a task, then every check that did not hold, then a sentence on the whole."""
    console = Console(highlight=False)
    console.width = max(console.width, _NARROWEST)
    console.print(_table(tasks, results))
    for result in results:
        if result.outcome != "held":
            click.echo(fault_line(result))
    broken = sum(result.outcome == "broken" for result in results)
    done = f"{counted(len(results), 'check')} of {counted(len(tasks), 'task')} in {seconds:.0f} s"
    click.echo(f"{done}: {broken or 'all held, none'} broken")


def as_data(tasks: Sequence[Task], results: Sequence[Checked], seconds: float) -> dict[str, object]:
    """The table and its rows' checks for other programs."""
    rows: dict[str, dict[str, object]] = {}
    for task in tasks:
        own = [result for result in results if result.task_id == task.task_id]
        rows[task.task_id] = {"language": task.language, **{str(kind): share(own, kind) for kind in _SHARES}}
    held = all(result.outcome != "broken" for result in results)
    return {"held": held, "seconds": round(seconds, 1), "tasks": rows, "checks": list(results)}


def fault_line(result: Checked) -> str:
    mark = {"broken": "✕", "weak": "~", "not_runnable": "⊘", "held": "✓"}[result.outcome]
    return printable(f"{mark} {result.task_id} · {result.kind} {result.name}: {result.message}")


def share(results: Sequence[Checked], kind: Kind) -> Share:
    own = [result for result in results if result.kind == kind and result.outcome != "not_runnable"]
    return Share(sum(result.outcome == "held" for result in own), len(own))


def _table(tasks: Sequence[Task], results: Sequence[Checked]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("task", no_wrap=True, min_width=max((len(task.task_id) for task in tasks), default=4))
    for head in _HEADS:
        table.add_column(head, justify="right", no_wrap=True)
    for task in tasks:
        own = [result for result in results if result.task_id == task.task_id]
        slowest = max((result.seconds for result in own), default=0.0)
        memory = max((result.peak_memory_bytes or 0 for result in own), default=0)
        costs = (f"{slowest:.1f} s", f"{sum(result.seconds for result in own):.0f} s", f"{memory >> 20} MB")
        table.add_row(task.task_id, str(len(task.cases)), *(_cell(own, kind) for kind in _SHARES), *costs)
    return table


def _cell(results: Sequence[Checked], kind: Kind) -> str:
    found = share(results, kind)
    if not found.of:
        return "–"
    weak = any(result.outcome == "weak" for result in results if result.kind == kind)
    mark = "✓" if found.held == found.of else "~" if weak else "✕"
    return f"{mark} {found.held}/{found.of}"
