"""`benchgen import`: results of another harness, as a run of ours."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen.cli import options
from benchgen.cli.progress import printable
from benchgen.importing import import_folder
from benchgen.importing_inspect import import_logs, logs_in
from benchgen.redact import Redactor
from benchgen.settings import Found


@click.command("import", short_help="Bring in results of other harnesses.")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@options.results_dir
@click.pass_obj
def command(found: Found, /, source: Path, results_dir: Path) -> int:
    """Read SOURCE, a log of Inspect, a folder of such logs, or a result folder of openadapt-evals; it is not changed.

    Each log becomes a run of its own.
    """
    redactor, root = Redactor(found.secrets.keys), results_dir.resolve()
    logs = logs_in(source)
    if not logs:
        folder = import_folder(source, root, redactor=redactor)
        click.echo(folder.name)
        click.echo(f"next    benchgen show {folder.name}", err=True)
        return 0
    imported = import_logs(logs, root, redactor=redactor, prices=found.settings.prices)
    for one in imported:
        if one.folder is not None:
            click.echo(one.folder.name)
        else:
            click.echo(printable(f"! {one.source.name}: {one.reason}"), err=True)
    click.echo("next    benchgen build && benchgen serve --open", err=True)
    return 0 if all(one.folder for one in imported) else 1
