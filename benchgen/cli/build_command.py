"""`benchgen build`: writes the site as files."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen import codec
from benchgen.build import build
from benchgen.cli import options
from benchgen.cli.appearance import appearance_of
from benchgen.cli.reading import results_of
from benchgen.cli.words import counted, printable
from benchgen.errors import UsageError
from benchgen.pages.compare_pages import is_comparison
from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer
from benchgen.settings import Found
from benchgen.store.runs import Results


@click.command("build", short_help="Write the site.")
@options.read_results("--site-dir says where the site is written, --results-dir where runs lie")
@options.tasks_dir
@options.site_dir
@click.option("--compare", "asked", multiple=True, metavar="A,B[,C,D]", help="Also compare these two to four runs.")
@click.option("--publish-references", is_flag=True, help="Also show references, mutants, and answers made of them.")
@click.option("--base-url", help="Where the site will lie: adds a feed and canonical links.")
@options.as_json
@click.pass_obj
def command(
    found: Found,
    /,
    results_dir: Path,
    tasks_dir: Path | None,
    site_dir: Path,
    asked: tuple[str, ...],
    publish_references: bool,
    base_url: str | None,
    as_json: bool,
) -> int:
    """Write the site; what has not changed is left alone."""
    results = results_of(results_dir)
    catalog, pairs = options.catalog(tasks_dir), [_compared(results, words) for words in asked]
    look = appearance_of(found.settings, base_url)
    renderer = Renderer(appearance=look)
    site = Site(results, renderer, catalog, solutions=publish_references, pairs=pairs, appearance=look)
    report = build(site, site_dir)
    if as_json:
        click.echo(codec.file(report), nl=False)
    else:
        click.echo(
            f"{counted(report.total, 'file')} in {site_dir}: {report.written} written, {report.unchanged} unchanged, "
            f"{report.removed} removed\nopen    {site_dir / 'index.html'}\nshare   benchgen publish",
            err=True,
        )
    for bad in report.failed:
        click.echo(printable(f"! {bad.run_id} is not in the site: {bad.reason}"), err=True)
    return 1 if report.failed else 0


def _compared(results: Results, words: str) -> tuple[str, ...]:
    """The runs of one `--compare`; each of them must be there."""
    run_ids = tuple(word.strip() for word in words.split(",") if word.strip())
    if not is_comparison(run_ids):
        hint = "two to four different runs, such as --compare run_a,run_b"
        raise UsageError(f"--compare {words} names no runs to compare", hint=hint)
    for run_id in run_ids:
        results.folder(run_id)
    return run_ids
