"""`benchgen compare A B`: what B does better or worse than A, with the interval that says whether to believe it."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.cli.progress import printable
from benchgen.cli.reading import results_of
from benchgen.cli.spelling import Sheet, spell
from benchgen.panels.compare import Compare, Pair, compare


@click.command("compare", short_help="Compare two runs.")
@click.argument("run_a")
@click.argument("run_b")
@options.results_dir
@options.sheet_forms
def command(run_a: str, run_b: str, results_dir: Path, markdown: bool, as_csv: bool, as_json: bool) -> int:
    """Compare RUN_B with RUN_A on their common tasks; `benchgen build --compare A B` makes the page."""
    results = results_of(results_dir)
    found = compare(results.digest(run_a), results.digest(run_b))
    if as_json:
        click.echo(codec.file(found), nl=False)
        return 0
    if not (markdown or as_csv):
        _say(found)
    spell(_sheet(found), markdown=markdown, as_csv=as_csv)
    return 0


def _say(found: Compare) -> None:
    if not found.same_tasks:
        click.echo("the runs met different tasks: only those that both have are compared")
    for pair in found.pairs:
        click.echo(printable(pair.sentence))
    for setting in found.settings:
        click.echo(printable(f"{setting.name}: {setting.a} in A, {setting.b} in B"))


def _sheet(found: Compare) -> Sheet:
    rows = [row for pair in found.pairs for row in _rows(pair)]
    return Sheet(("task", "model", "change", "A", "B"), tuple(rows))


def _rows(pair: Pair) -> list[tuple[str, ...]]:
    return [
        (one.task, pair.b.model, one.change, f"{100 * one.share_a:.0f} %", f"{100 * one.share_b:.0f} %")
        for one in pair.discordant
    ]
