"""`benchgen import`: results of another harness, as runs of ours."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen import paths
from benchgen.cli import options
from benchgen.cli.words import printable
from benchgen.formats import foreign
from benchgen.imports.files import files_in, import_files
from benchgen.imports.folder import import_folder
from benchgen.imports.place import Place
from benchgen.redact import Redactor
from benchgen.settings import Found


@click.command("import", short_help="Bring in results of other harnesses.")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--again", is_flag=True, help="Make a run anew that was imported from here before; notes on it stay.")
@options.results_dir
@click.pass_obj
def command(found: Found, /, source: Path, again: bool, results_dir: Path) -> int:
    """Read SOURCE, a run folder of another harness, a log of Inspect, results of lm-eval, or a folder of such files; it
    is not changed.

    A folder's kind is told by what lies in it: tasks/*/execution.json of agents, a summary.json with `attempts` of
    code, one with `primary_metric` of OpenBench, results.jsonl of a dataset. Each log of Inspect becomes a run of its
    own, and each results_*.json of lm-eval with the samples_*.jsonl beside it.
    """
    place = Place(results_dir.resolve(), Redactor(found.secrets.keys), found.settings.prices, is_again=again)
    files = files_in(source) if foreign.kind_of(source) is None else []
    if not files:
        folder = import_folder(source, place)
        click.echo(folder.name)
        before = place.root / folder.name.rpartition("-")[0]
        if (before / paths.EVENTS).is_file() and not again:
            click.echo(f"note    {before.name} was there before and stays as it was: --again makes it anew", err=True)
        click.echo(f"next    benchgen show {folder.name}", err=True)
        return 0
    imported = import_files(files, place)
    for one in imported:
        if one.folder is not None:
            click.echo(one.folder.name)
        else:
            click.echo(printable(f"! {one.source.name}: {one.reason}".replace("\n ", ";")), err=True)
    click.echo("next    benchgen build && benchgen serve --open", err=True)
    return 0 if all(one.folder for one in imported) else 1
