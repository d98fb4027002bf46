"""`benchgen index`: rebuilds everything that is derived from the logs."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen.cli import options
from benchgen.cli.words import printable
from benchgen.store.derived import reindex


@click.command("index", short_help="Rebuild everything that is derived from the logs.")
@options.results_dir
def command(results_dir: Path) -> int:
    """Rebuild summaries, digests and history.db from the run folders."""
    unreadable = reindex(results_dir.resolve())
    for bad in unreadable:
        click.echo(printable(f"! {bad.run_id}: {bad.reason}"), err=True)
    return 1 if unreadable else 0
