"""`benchgen tasks verify|lint|new|import`: do tasks measure something, are they well written, how to get more."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click

from benchgen import codec
from benchgen.catalog.scaffold import LANGUAGES, make
from benchgen.catalog.select import select
from benchgen.cli import options
from benchgen.cli.tasks_table import Bar, as_data, print_table
from benchgen.cli.words import printable
from benchgen.cli.workshop import SANDBOXES, default_workers, preference, tools_of
from benchgen.errors import EXIT_COULD_NOT
from benchgen.records.task import Language
from benchgen.sandbox.choose import choose
from benchgen.verify.checks import Checked
from benchgen.verify.importing import Collection, Found, Imported, Workshop, bring, found_at
from benchgen.verify.lint import lint, lint_broken, lint_catalog
from benchgen.verify.schedule import Plan, plan, verify_all

COLLECTIONS: tuple[Collection, ...] = get_args(Collection)


@click.group("tasks", short_help="Verify, check, make and import tasks.")
def command() -> None:
    """Verify, check, make and import tasks."""


@command.command("verify")
@click.argument("targets", nargs=-1)
@click.option("--jobs", type=click.IntRange(1), default=None, help="Judges at once.  [default: the cores]")
@click.option("--repeat", type=click.IntRange(1), default=1, show_default=True, help="Runs of each reference.")
@click.option("--sandbox", type=click.Choice(SANDBOXES), default="auto", show_default=True)
@options.tasks_dir
@options.as_json
def verify_command(
    targets: tuple[str, ...], jobs: int | None, repeat: int, sandbox: str, tasks_dir: Path | None, as_json: bool
) -> int:
    """The reference passes, the starter fails, each mutant fails where it says, no cheat scores."""
    started = time.monotonic()
    tasks = select(options.catalog(tasks_dir), targets or ("all",))
    planned = plan(tasks, tools_of, repeat)
    results = asyncio.run(_verify(planned, jobs or default_workers(), sandbox, quiet=as_json))
    seconds = time.monotonic() - started
    if as_json:
        click.echo(codec.file(as_data(tasks, results, seconds)), nl=False)
    else:
        print_table(tasks, results, seconds)
    return EXIT_COULD_NOT if any(_is_fault(result) for result in results) else 0


@command.command("lint")
@click.argument("targets", nargs=-1)
@options.tasks_dir
@options.as_json
def lint_command(targets: tuple[str, ...], tasks_dir: Path | None, as_json: bool) -> int:
    """Wording, metadata, mutants and files are as the guide asks; the built-in catalog is complete."""
    catalog = options.catalog(tasks_dir)
    tasks = select(catalog, targets) if targets else catalog.tasks()
    findings = [finding for task in tasks for finding in lint(task)]
    if not targets:
        findings += lint_broken(catalog.broken())
        findings += lint_catalog(tasks) if tasks_dir is None else []
    if as_json:
        click.echo(codec.file({"tasks": len(tasks), "findings": findings}), nl=False)
    else:
        for finding in findings:
            place = f"{finding.task_id}/{finding.where}" if finding.where else finding.task_id
            click.echo(printable(f"✕ {place}: {finding.message}"))
        click.echo(f"{len(tasks)} tasks: {len(findings) or 'no'} findings", err=True)
    return EXIT_COULD_NOT if findings else 0


@command.command("new")
@click.argument("task_id", metavar="ID")
@click.option("--language", "-l", type=click.Choice(LANGUAGES), required=True)
@click.option("--title", default="", help="The heading of the instructions.  [default: the words of the id]")
@click.option("--tasks-dir", type=click.Path(file_okay=False, path_type=Path), default="tasks", show_default=True)
def new_command(task_id: str, language: Language, title: str, tasks_dir: Path) -> int:
    """Make the folder of a new task: a worked example that verifies, with blanks that lint lists."""
    folder = make(tasks_dir, task_id, language, title)
    click.echo(f"made {folder}")
    click.echo(f"next: fill what `benchgen tasks lint --tasks-dir {tasks_dir} {task_id}` lists", err=True)
    return 0


@command.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--from", "collection", type=click.Choice(COLLECTIONS), required=True, help="Whose tasks they are.")
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), default="tasks", show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=None, help="Judges at once.  [default: the cores]")
@click.option("--sandbox", type=click.Choice(SANDBOXES), default="auto", show_default=True)
def import_command(path: Path, collection: Collection, folder: Path, jobs: int | None, sandbox: str) -> int:
    """Bring tasks of another collection in. Each is judged once with its own solution, which must pass."""
    found = list(found_at(path.resolve(), collection))
    results = asyncio.run(_bring(found, folder, jobs or default_workers(), sandbox))
    refused = [result for result in results if result.outcome == "refused"]
    click.echo(f"{len(results) - len(refused)} of {len(results)} tasks imported to {folder}", err=True)
    return EXIT_COULD_NOT if len(refused) == len(results) else 0


async def _bring(found: Sequence[Found], folder: Path, jobs: int, sandbox: str) -> list[Imported]:
    chosen = await choose(preference(sandbox), candidates=False)
    workshop = Workshop(folder.resolve(), chosen, tools_of)
    return await bring(found, workshop, jobs, _tell)


def _tell(result: Imported) -> None:
    mark = "✓" if result.outcome == "imported" else "⊘"
    click.echo(printable(f"{mark} {result.name}: {result.message}"))


async def _verify(planned: Plan, jobs: int, sandbox: str, *, quiet: bool) -> list[Checked]:
    chosen = await choose(preference(sandbox))
    with Bar(planned, quiet=quiet) as bar:
        return await verify_all(planned, chosen, jobs, bar.tell)


def _is_fault(result: Checked) -> bool:
    """A missing tool is no fault of a task; where continuous integration promises every tool, it is one."""
    return result.outcome == "broken" or (result.outcome == "not_runnable" and bool(os.environ.get("CI")))
