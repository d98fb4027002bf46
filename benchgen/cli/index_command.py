"""`benchgen index`: rebuilds everything that is derived from the logs."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen.cli import options
from benchgen.cli.progress import printable
from benchgen.store.derived import reindex


@click.command("index", short_help="Rebuild everything that is derived from the logs.")
@options.results_dir
def command(results_dir: Path) -> int:
    """Rebuild summaries, digests and history.db from the run folders."""
    problems = 0
    for run in reindex(results_dir.resolve()):
        if run.problem:
            problems += 1
            click.echo(printable(f"! {run.run_id}: {run.problem}"), err=True)
        else:
            click.echo(f"{run.run_id}: {', '.join(run.rewritten)} made anew", err=True)
    return 1 if problems else 0
