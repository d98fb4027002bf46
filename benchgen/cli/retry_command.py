"""`benchgen retry`: makes attempts once more; the new ones count in place of the old, and both stay on record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from benchgen.cli import options
from benchgen.cli.going_on import find_ours, go_on
from benchgen.cli.limits import display_options, limits
from benchgen.cli.words import counted
from benchgen.runner.again import KINDS, repeats, words_of
from benchgen.runner.session import Wish
from benchgen.settings import Found


@click.command("retry", short_help="Make attempts once more.")
@click.argument("run")
@click.option(
    "--only",
    "only",
    multiple=True,
    metavar="|".join((*KINDS, "TASK")),
    help="A kind of outcome, or the id of a task or an attempt; repeat, or commas.  [default: api-errors]",
)
@limits
@display_options
@options.results_dir
@options.tasks_dir
@click.pass_obj
def command(found: Found, /, run: str, only: tuple[str, ...], results_dir: Path, **given: Any) -> int:  # noqa: ANN401
    """Repeat attempts of RUN, a run's id or `latest`; each replaces its predecessor in every number."""
    known = find_ours(results_dir, run)
    words = words_of(known.state, only) or ("api-errors",)
    count = len(repeats(known.state, words))
    if not count:
        click.echo(f"benchgen: no attempt of {known.run_id} is meant by {', '.join(words)}", err=True)
        return 0
    click.echo(f"benchgen: {counted(count, 'attempt')} of {known.run_id} made once more", err=True)
    return go_on(known, found, Wish(only=words), given)
