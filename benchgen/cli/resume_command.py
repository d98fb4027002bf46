"""`benchgen resume`: finishes a run that was queued, stopped or killed; what has an outcome is not run again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from benchgen.cli import options
from benchgen.cli.going_on import find_ours, go_on
from benchgen.cli.limits import display_options, limits
from benchgen.runner.session import Wish
from benchgen.settings import Found


@click.command("resume", short_help="Finish a run that was stopped or killed.")
@click.argument("run")
@limits
@display_options
@options.results_dir
@options.tasks_dir
@click.pass_obj
def command(found: Found, /, run: str, results_dir: Path, **given: Any) -> int:  # noqa: ANN401 - click's own
    """Finish RUN, a run's id or `latest`. A limit that is given takes the place of the run's own."""
    known = find_ours(results_dir, run)
    if known.state.status == "completed" and known.state.finished >= known.state.total:
        click.echo(f"benchgen: {known.run_id} is complete: nothing is left to run", err=True)
        return known.state.exit_code or 0
    return go_on(known, found, Wish(), given)
