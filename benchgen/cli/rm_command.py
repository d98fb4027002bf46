"""`benchgen rm RUN…`: removes runs for good, never one that is going on."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.cli.removing import confirm
from benchgen.store.removal import remove_run
from benchgen.store.runs import Results


@click.command("rm", short_help="Remove runs.")
@click.argument("runs", nargs=-1, required=True)
@options.yes
@options.results_dir
@options.as_json
def command(runs: tuple[str, ...], yes: bool, results_dir: Path, as_json: bool) -> int:
    """Remove RUNS, named by their ids, with everything in their folders."""
    root = results_dir.resolve()
    chosen = list(dict.fromkeys(runs))
    for run in chosen:
        Results(root).folder(run)  # nothing is removed where one of them is not there
    confirm(chosen, yes=yes)
    for run in chosen:
        remove_run(root, run)
        if not as_json:
            click.echo(f"removed {run}", err=True)
    if as_json:
        click.echo(codec.file({"removed": chosen}), nl=False)
    return 0
