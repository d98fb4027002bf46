"""`benchgen prune --keep N`: removes all but the newest runs that have ended."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.cli.removing import confirm
from benchgen.store.removal import prunable, remove_run


@click.command("prune", short_help="Remove all but the newest runs.")
@click.option("--keep", type=click.IntRange(0), required=True, help="How many of the ended runs stay.")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@options.yes
@options.results_dir
@options.as_json
def command(keep: int, dry_run: bool, yes: bool, results_dir: Path, as_json: bool) -> int:
    """Remove the ended runs beyond the newest; what runs, waits or cannot be read stays."""
    root = results_dir.resolve()
    chosen = prunable(root, keep)
    if chosen and not dry_run:
        confirm(chosen, yes=yes)
        for run in chosen:
            remove_run(root, run)
    if as_json:
        click.echo(codec.file({"removed": [] if dry_run else chosen, "would_remove": chosen}), nl=False)
        return 0
    for run in chosen:
        click.echo(f"{'would remove' if dry_run else 'removed'} {run}", err=True)
    if not chosen:
        click.echo(f"no more than {keep} ended runs are there: nothing to remove", err=True)
    return 0
