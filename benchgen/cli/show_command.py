"""`benchgen show NAME`: a task's instructions and facts, or a run's head and result."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.cli.outcome import print_outcome
from benchgen.cli.progress import printable
from benchgen.cli.reading import results_of
from benchgen.records.task import Task


@click.command("show", short_help="Show a task or a run.")
@click.argument("name")
@options.results_dir
@options.tasks_dir
@options.as_json
def command(name: str, results_dir: Path, tasks_dir: Path | None, as_json: bool) -> int:
    """Show NAME, a task's id, a run's id or `latest`."""
    results = results_of(results_dir)
    runs = results.list()
    if name == "latest" and runs:
        name = runs[0]
    if name not in runs:
        _show_task(options.catalog(tasks_dir).task(name), as_json)
        return 0
    if as_json:
        click.echo(codec.file(results.digest(name)), nl=False)
        return 0
    state = results.load(name)
    click.echo(f"{name} · {state.status} · {printable(state.config.benchmark_name)}", err=True)
    print_outcome(state, results.folder(name), quiet=False)
    return 0


def _show_task(task: Task, as_json: bool) -> None:
    if as_json:
        click.echo(codec.file({"task_id": task.task_id, **codec.plain(task.card())}), nl=False)
        return
    click.echo(f"{task.task_id} · {task.language} · {task.type} · {task.difficulty} · {task.domain}")
    click.echo(f"judged by {' '.join(task.evaluation.command)}, {len(task.cases)} cases:")
    for case in task.cases:
        click.echo(f"  {case}")
    click.echo(f"\n{task.instructions}")
