"""`benchgen cancel`: ends a run from another terminal, and one that is only queued, on record."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.cli.going_on import Known, find_ours
from benchgen.clock import Clock
from benchgen.errors import EXIT_INTERRUPTED
from benchgen.records.events import RunFinished
from benchgen.records.status import ENDED
from benchgen.store.derived import finish
from benchgen.store.locks import holder, is_alive, runner_lock
from benchgen.store.log import append
from benchgen.store.stopping import stop


@click.command("cancel", short_help="End a run from another terminal.")
@click.argument("run")
@click.option("--now", is_flag=True, help="Kill the attempts under way instead of letting them end.")
@click.option(
    "--wait", type=options.AMOUNT, default=600.0, show_default=True, help="Seconds to wait for the run to end."
)
@options.results_dir
@options.as_json
def command(run: str, now: bool, wait: float, results_dir: Path, as_json: bool) -> int:
    """End RUN, a run's id or `latest`; it can be resumed later."""
    known = find_ours(results_dir, run)
    if (runner := holder(known.folder)) and is_alive(known.folder):
        click.echo(f"benchgen: process {runner.pid} was asked to stop; waiting for its attempts under way", err=True)
        stop(known.folder, now=now, wait=wait)
        message = f"{known.run_id} has ended"
    elif known.state.status in ENDED:
        message = f"{known.run_id} is over already: {known.state.status}"
    elif _end(known):
        message = f"{known.run_id} was {known.state.status} and nobody ran it; it is canceled now"
    else:
        message = f"{known.run_id} has ended"
    status = known.results.load(known.run_id).status
    if as_json:
        click.echo(codec.file({"run_id": known.run_id, "status": status, "message": message}), nl=False)
    else:
        click.echo(f"benchgen: {message}", err=True)
    return 0


def _end(known: Known) -> bool:
    """Puts the end of a run on record that no process will ever write; False where one just did, which holds."""
    with runner_lock(known.folder):
        if known.results.load(known.run_id).status in ENDED:
            return False
        append(known.folder, [RunFinished(status="canceled", exit_code=EXIT_INTERRUPTED)])
        finish(known.results.root, known.folder, Clock())
        return True
