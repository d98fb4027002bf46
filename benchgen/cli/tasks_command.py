"""`benchgen tasks verify|lint|new`: do the tasks measure something, are they written well, how to begin one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from benchgen import codec
from benchgen.catalog.select import select
from benchgen.cli import options
from benchgen.cli.launching import SANDBOXES, default_workers, preference, tools_of
from benchgen.cli.progress import printable
from benchgen.records.task import Task
from benchgen.sandbox.choose import choose
from benchgen.sandbox.spec import Missing
from benchgen.verify.checks import Checked, checks, missing, verify


@click.group("tasks", short_help="Verify, check and make tasks.")
def command() -> None:
    """Verify, check and make tasks."""


@command.command("verify")
@click.argument("targets", nargs=-1)
@click.option("--jobs", type=int, default=None, help="Judges at once.  [default: the cores]")
@click.option("--repeat", default=1, show_default=True, help="Runs of each reference, which must agree.")
@click.option("--sandbox", type=click.Choice(SANDBOXES), default="auto", show_default=True)
@options.tasks_dir
@options.as_json
def verify_command(
    targets: tuple[str, ...], jobs: int | None, repeat: int, sandbox: str, tasks_dir: Path | None, as_json: bool
) -> int:
    """The reference passes, the starter fails, each mutant fails where it says, no cheat scores."""
    tasks = select(options.catalog(tasks_dir), targets or ("all",))
    results = asyncio.run(_verify_all(tasks, jobs or default_workers(), repeat, sandbox, quiet=as_json))
    if as_json:
        click.echo(codec.file(results), nl=False)
    else:
        Console(highlight=False).print(_table(tasks, results))
        for bad in (result for result in results if not result.held):
            click.echo(printable(f"✕ {bad.task_id} · {bad.kind} {bad.name}: {bad.message}"))
    return 0 if all(result.held for result in results) else 1


async def _verify_all(tasks: Sequence[Task], jobs: int, repeat: int, sandbox: str, *, quiet: bool) -> list[Checked]:
    chosen = await choose(preference(sandbox))
    slots = asyncio.Semaphore(jobs)

    async def one(task: Task) -> list[Checked]:
        tools = await asyncio.to_thread(tools_of, task)
        if isinstance(tools, Missing):
            return [missing(task, tools)]
        results = []
        for check in await asyncio.to_thread(lambda: list(checks(task, repeat))):
            async with slots:
                results.append(await verify(task, check, chosen, tools))
        if not quiet:
            held = sum(result.held for result in results)
            click.echo(f"{'✓' if held == len(results) else '✕'} {task.task_id} {held}/{len(results)}", err=True)
        return results

    return [result for results in await asyncio.gather(*(one(task) for task in tasks)) for result in results]


def _table(tasks: Sequence[Task], results: Sequence[Checked]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("task")
    for name in ("cases", "reference", "starter", "mutants caught", "cheats refused", "slowest", "memory"):
        table.add_column(name, justify="right")
    for task in tasks:
        own = [result for result in results if result.task_id == task.task_id]
        shares = [_share(own, kind) for kind in ("reference", "starter", "mutant", "cheat")]
        slowest = max((result.seconds for result in own), default=0.0)
        memory = max((result.peak_memory_bytes or 0 for result in own), default=0)
        table.add_row(task.task_id, str(len(task.cases)), *shares, f"{slowest:.1f} s", f"{memory >> 20} MB")
    return table


def _share(results: Sequence[Checked], kind: str) -> str:
    own = [result for result in results if result.kind == kind]
    held = sum(result.held for result in own)
    return f"{'✓' if held == len(own) and own else '✕'} {held}/{len(own)}"
