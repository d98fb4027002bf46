"""`benchgen compare A B [C D]`: what the others do better or worse than A, with intervals that say what to believe."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.cli.reading import results_of, run_named
from benchgen.cli.spelling import spell
from benchgen.cli.words import printable
from benchgen.errors import UsageError
from benchgen.panels.compare import MOST_RUNS, Compare, compare
from benchgen.panels.compare_sheet import compare_sheet
from benchgen.panels.sheets import one_line
from benchgen.panels.sides import LETTERS


@click.command("compare", short_help="Compare two to four runs.")
@click.argument("runs", nargs=-1, required=True)
@options.results_dir
@options.sheet_forms
def command(runs: tuple[str, ...], results_dir: Path, markdown: bool, as_csv: bool, as_json: bool) -> int:
    """Compare RUNS, two to four ids or `latest`, with the first of them on their common tasks.

    `benchgen build --compare A,B` makes the page.
    """
    results = results_of(results_dir)
    meant = [run_named(results, run) for run in runs]
    if not 2 <= len(meant) <= MOST_RUNS or len(set(meant)) < len(meant):
        raise UsageError(f"two to {MOST_RUNS} different runs are compared, not {', '.join(meant)}")
    digests = [results.digest(run) for run in meant]
    found = compare(*digests)
    if as_json:
        click.echo(codec.file(found), nl=False)
        return 0
    if markdown:
        click.echo("".join(f"- {one_line(line)}\n" for line in _lines(found)))
    elif not as_csv:
        for line in _lines(found):
            click.echo(printable(line))
    sheet = compare_sheet(digests, only_differing=True)
    if not as_csv and _models_of(found):
        sheet = sheet.without("model")
    if sheet.rows or markdown or as_csv:
        spell(sheet, markdown=markdown, as_csv=as_csv)
    else:
        click.echo("no task came out differently")
    return 0


def _models_of(found: Compare) -> tuple[str, ...]:
    """The model of each run where these differ: said once with the runs, instead of all of them on every line."""
    models = tuple(side.model for side in found.groups[0].sides)
    return models if len(found.groups) == 1 and len(set(models)) > 1 else ()


def _lines(found: Compare) -> Iterator[str]:
    """What is compared, the verdicts, and the settings that differ."""
    for letter, run_id, model in zip_longest(LETTERS[: len(found.run_ids)], found.run_ids, _models_of(found)):
        yield f"{letter}  {run_id}" + (f"  {model}" if model else "")
    if not found.same_benchmark:
        names = ", ".join(dict.fromkeys(found.benchmarks))
        yield f"these runs are of different benchmarks ({names}): only common tasks are compared"
    elif not found.same_tasks:
        yield "the runs met different tasks: only those that all have are compared"
    for pair in found.pairs:
        of_model = f", {pair.b.model}" if len(found.groups) > 1 else ""
        yield f"{pair.b.letter} against {pair.a.letter}{of_model}: {pair.sentence}"
    for setting in found.settings:
        values = zip(LETTERS, setting.values, strict=False)
        said = ", ".join(f"{'not sent' if value is None else value} in {letter}" for letter, value in values)
        yield f"{setting.name}: {said}"
