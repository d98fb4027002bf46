"""`benchgen import`: results of another harness, as a run of ours."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen.cli import options
from benchgen.importing import import_folder
from benchgen.redact import Redactor
from benchgen.settings import Found


@click.command("import", short_help="Bring in results of other harnesses.")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@options.results_dir
@click.pass_obj
def command(found: Found, /, source: Path, results_dir: Path) -> int:
    """Read SOURCE, a result folder of openadapt-evals, and write it as a run; it is not changed."""
    folder = import_folder(source, results_dir.resolve(), redactor=Redactor(found.secrets.keys))
    click.echo(folder.name)
    click.echo(f"next    benchgen show {folder.name}", err=True)
    return 0
