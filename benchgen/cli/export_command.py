"""`benchgen export`: a run's outcomes as CSV, JSON lines, JSON, Markdown or JUnit XML."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, get_args

import click

from benchgen.cli import options
from benchgen.cli.going_on import find
from benchgen.export import Format, export


@click.command("export", short_help="Write a run's outcomes as CSV, JSON, Markdown or JUnit XML.")
@click.argument("run")
@click.option("--format", "form", type=click.Choice(get_args(Format)), default="csv", show_default=True)
@click.option("--to", type=click.File("wb"), default="-", help="The file to write.  [default: stdout]")
@click.option("--golden", is_flag=True, help="Only answers that were marked as golden, with what was asked.")
@options.read_results("--to names the file that is written, --results-dir says where runs lie")
def command(run: str, form: Format, to: BinaryIO, golden: bool, results_dir: Path) -> int:
    """Write what came of RUN, an id or `latest`: attempts, or a dataset's rows with their answers."""
    known = find(results_dir, run)
    for piece in export(known.results, known.run_id, form, only_golden=golden):
        to.write(piece)
    return 0
