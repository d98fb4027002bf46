"""`benchgen cancel`: ends a run from another terminal, and one that is only queued, on record."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.cli.going_on import Known, find_ours
from benchgen.clock import Clock
from benchgen.errors import EXIT_INTERRUPTED, BenchgenError
from benchgen.records.events import RunFinished
from benchgen.records.status import ENDED
from benchgen.store.derived import finish
from benchgen.store.locks import holder, is_alive, runner_lock
from benchgen.store.log import append

_POLL = 0.05


@click.command("cancel", short_help="End a run from another terminal.")
@click.argument("run")
@click.option("--now", is_flag=True, help="Kill the attempts under way instead of letting them end.")
@click.option("--wait", default=600.0, show_default=True, help="Seconds to wait for the run to end.")
@options.results_dir
@options.as_json
def command(run: str, now: bool, wait: float, results_dir: Path, as_json: bool) -> int:
    """End RUN, a run's id or `latest`; it can be resumed later."""
    known = find_ours(results_dir, run)
    if is_alive(known.folder):
        _signal(known, now=now, wait=wait)
        message = f"{known.run_id} has ended"
    elif known.state.status in ENDED:
        message = f"{known.run_id} is over already: {known.state.status}"
    else:
        _end(known)
        message = f"{known.run_id} was {known.state.status} and nobody ran it; it is canceled now"
    status = known.results.load(known.run_id).status
    if as_json:
        click.echo(codec.file({"run_id": known.run_id, "status": status, "message": message}), nl=False)
    else:
        click.echo(f"benchgen: {message}", err=True)
    return 0


def _signal(known: Known, *, now: bool, wait: float) -> None:
    """Asks the runner to stop, once or twice, and waits until it has. Its start time was looked at: it is the one."""
    runner = holder(known.folder)
    if runner is None:
        return
    deadline = time.monotonic() + wait
    try:
        os.kill(runner.pid, signal.SIGINT)
        click.echo(f"benchgen: process {runner.pid} was asked to stop; waiting for its attempts under way", err=True)
        if now and not _is_over(known, time.monotonic() + 1.0):
            os.kill(runner.pid, signal.SIGINT)
    except ProcessLookupError:
        return
    except PermissionError as fault:
        hint = "cancel it as the user who started it"
        raise BenchgenError(f"process {runner.pid} belongs to another user", where=known.run_id, hint=hint) from fault
    if not _is_over(known, deadline):
        hint = f"kill what is under way: benchgen cancel {known.run_id} --now"
        raise BenchgenError(f"still running after {wait:.0f} s", where=known.run_id, hint=hint)


def _is_over(known: Known, deadline: float) -> bool:
    while is_alive(known.folder):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL)
    return True


def _end(known: Known) -> None:
    """Puts the end of a run on record that no process will ever write."""
    with runner_lock(known.folder):
        append(known.folder, [RunFinished(status="canceled", exit_code=EXIT_INTERRUPTED)])
        finish(known.results.root, known.folder, Clock())
