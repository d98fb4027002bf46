"""The results folder as a command reads it: runs of other harnesses in it are brought up to date first."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen.cli.taking import taker
from benchgen.errors import BenchgenError, NotFound
from benchgen.following.follower import Follower
from benchgen.records.status import RunStatus
from benchgen.redact import Redactor
from benchgen.settings import Found
from benchgen.store.runs import Results

NEWEST = "latest"


def run_named(results: Results, name: str) -> str:
    """The id that is meant: `latest` is the newest run. NotFound when there is none yet."""
    if name != NEWEST:
        return name
    runs = results.list()
    if not runs:
        raise NotFound("there is no run yet", where=str(results.root), hint="benchgen run starts one")
    return runs[0]


def standing(results: Results, run_id: str, status: RunStatus) -> str:
    """A run's status, and `dead` for one that goes on by its log and has no process."""
    return "dead" if status == "running" and not results.is_alive(run_id) else status


def results_of(results_dir: Path) -> Results:
    """The runs below a folder; a folder that cannot be written to shows those runs as they were seen last."""
    root = results_dir.resolve()
    found = click.get_current_context().find_object(Found)
    try:
        redactor = Redactor(found.secrets.keys) if found else Redactor()
        Follower(root, redactor=redactor, take_in=taker(root, found)).look()
    except (BenchgenError, OSError) as fault:
        click.echo(f"benchgen: runs of other harnesses are shown as they were seen last: {fault}", err=True)
    return Results(root)
