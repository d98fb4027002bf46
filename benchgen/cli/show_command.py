"""`benchgen show NAME [ATTEMPT]`: a task's instructions and facts, a run's result and failures, or one attempt."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.cli.outcome import print_outcome
from benchgen.cli.reading import results_of, run_named, standing
from benchgen.cli.show_attempt import list_failures, show_attempt
from benchgen.cli.words import printable
from benchgen.errors import UsageError
from benchgen.records.task import Task
from benchgen.store.runs import Results


@click.command("show", short_help="Show a task, a run or an attempt.")
@click.argument("name")
@click.argument("attempt", required=False)
@options.results_dir
@options.tasks_dir
@options.as_json
def command(name: str, attempt: str | None, results_dir: Path, tasks_dir: Path | None, as_json: bool) -> int:
    """Show NAME, a task's id, a run's id or `latest`; with ATTEMPT, an id or a glob, that attempt of the run."""
    results = results_of(results_dir)
    run_id = _run_id(results, name)
    if run_id is None:
        if attempt is not None:
            raise UsageError(f"{name!r} is no run", where=attempt, hint="benchgen list runs shows what there is")
        _show_task(options.catalog(tasks_dir).task(name), as_json)
    elif attempt is not None:
        show_attempt(results, results.load(run_id), attempt, as_json=as_json)
    elif as_json:
        click.echo(codec.digest_file(results.digest(run_id)), nl=False)
    else:
        _show_run(results, run_id)
    return 0


def _run_id(results: Results, name: str) -> str | None:
    """The run that is meant; None where a task must be."""
    run_id = run_named(results, name)
    return run_id if run_id in results.list() else None


def _show_run(results: Results, run_id: str) -> None:
    state = results.load(run_id)
    click.echo(
        f"{run_id} · {standing(results, run_id, state.status)} · {printable(state.config.benchmark_name)}", err=True
    )
    print_outcome(results.digest(run_id), results.folder(run_id), quiet=False)
    list_failures(state)


def _show_task(task: Task, as_json: bool) -> None:
    if as_json:
        click.echo(codec.file({"task_id": task.task_id, **codec.plain(task.card())}), nl=False)
        return
    click.echo(f"{task.task_id} · {task.language} · {task.type} · {task.difficulty} · {task.domain}")
    click.echo(f"judged by {' '.join(task.evaluation.command)}, {len(task.cases)} cases:")
    for case in task.cases:
        click.echo(f"  {case}")
    click.echo(f"\n{task.instructions}")
