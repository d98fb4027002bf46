"""`benchgen build`: writes the site as files."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen import codec
from benchgen.build import build
from benchgen.cli import options
from benchgen.cli.progress import printable
from benchgen.cli.reading import results_of
from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer


@click.command("build", short_help="Write the site.")
@options.results_dir
@options.tasks_dir
@options.site_dir
@click.option("--compare", "pairs", nargs=2, multiple=True, metavar="RUN RUN", help="Also compare these two runs.")
@click.option("--publish-references", is_flag=True, help="Also show references, mutants, and answers made of them.")
@options.as_json
def command(
    results_dir: Path,
    tasks_dir: Path | None,
    site_dir: Path,
    pairs: tuple[tuple[str, str], ...],
    publish_references: bool,
    as_json: bool,
) -> int:
    """Write the site; what has not changed is left alone."""
    results = results_of(results_dir)
    catalog = options.catalog(tasks_dir)
    report = build(Site(results, Renderer(), catalog, solutions=publish_references, pairs=pairs), site_dir)
    if as_json:
        click.echo(codec.file(report), nl=False)
    else:
        click.echo(
            f"{report.total} files in {site_dir}: {report.written} written, {report.unchanged} unchanged, "
            f"{report.removed} removed\nopen    {site_dir / 'index.html'}\nshare   benchgen publish",
            err=True,
        )
    for bad in report.failed:
        click.echo(printable(f"! {bad.run_id} is not in the site: {bad.reason}"), err=True)
    return 1 if report.failed else 0
