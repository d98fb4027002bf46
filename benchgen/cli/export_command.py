"""`benchgen export`: a run's outcomes as CSV, JSON lines, JSON, Markdown or JUnit XML, or the run as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast, get_args

import click

from benchgen.cli import options
from benchgen.cli.going_on import Known, find
from benchgen.errors import UsageError
from benchgen.export import ONE_FILE, Format, export
from benchgen.settings import Found


@click.command("export", short_help="Write a run as CSV, JSON, Markdown, JUnit XML or one HTML file.")
@click.argument("run")
@click.option("--format", "form", type=click.Choice([*get_args(Format), ONE_FILE]), default="csv", show_default=True)
@click.option("--to", type=click.File("wb"), default="-", help="The file to write.  [default: stdout]")
@click.option("--golden", is_flag=True, help="Only answers that were marked as golden, with what was asked.")
@options.read_results("--to names the file that is written, --results-dir says where runs lie")
@click.pass_obj
def command(found: Found, /, run: str, form: str, to: BinaryIO, golden: bool, results_dir: Path) -> int:
    """Write what came of RUN, an id or `latest`: attempts, or a dataset's rows with their answers.

    As html it is the run's pages in one file: they need no other file, and no network.
    """
    known = find(results_dir, run)
    if form == ONE_FILE:
        if golden:
            raise UsageError("golden answers are exported as csv or jsonl", where=form)
        to.write(_one_file(known, found))
        return 0
    for piece in export(known.results, known.run_id, cast(Format, form), only_golden=golden):
        to.write(piece)
    return 0


def _one_file(known: Known, found: Found) -> bytes:
    from benchgen.cli.appearance import appearance_of
    from benchgen.pages.listing import Site
    from benchgen.render.renderer import Renderer

    look = appearance_of(found.settings)
    return Site(known.results, Renderer(appearance=look), appearance=look).one_file(known.run_id)
