"""The last lines of a run: what came out, where it is, what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchgen.cli.progress import printable
from benchgen.cli.tables import show, table
from benchgen.cli.words import counted, dollars
from benchgen.numbers.rates import TaskOutcome, rate
from benchgen.records.digest import ModelDigest, RunDigest

if TYPE_CHECKING:
    from rich.table import Table


def print_outcome(digest: RunDigest, folder: Path, *, quiet: bool) -> None:
    """A table with intervals, the folder, the next command."""
    if quiet:
        return
    show(_table(digest), stderr=True)
    for line in _later_turns(digest):
        click.echo(printable(line), err=True)
    click.echo(f"results {folder}", err=True)
    if digest.error:
        click.echo(f"stopped: {printable(digest.error)}", err=True)
    if digest.finished < digest.total:
        click.echo(
            f"left    {counted(digest.total - digest.finished, 'attempt')}; go on with: benchgen resume {folder.name}",
            err=True,
        )
    else:
        click.echo("next    benchgen build && benchgen serve --open", err=True)


def _later_turns(digest: RunDigest) -> Iterator[str]:
    """What feedback helped to, beside the rates and never in them."""
    if digest.settings.turns < 2:
        return
    for model in digest.models:
        told = f"{model.passed_later} of {model.evaluated} passed only after they were told what failed"
        yield f"turns   {model.model_id}: {told}"


def _table(digest: RunDigest) -> Table:
    found = table("model", "pass@1", "95 %", "passed", "left out", "cost", "median", numbers=True)
    for model in digest.models:
        found.add_row(*_row(model))
    return found


def _row(model: ModelDigest) -> tuple[str, ...]:
    found = rate(TaskOutcome(tally.passed, tally.evaluated, tally.excluded) for tally in model.tasks.values())
    shown = "no result" if found.value is None else f"{100 * found.value:.1f} %"
    interval = f"{100 * found.interval.low:.0f}–{100 * found.interval.high:.0f}" if found.interval else ""
    return (
        printable(model.model_id) + (" (mock)" if model.is_mock else ""),
        shown,
        interval,
        f"{model.passed}/{model.evaluated}",
        str(model.finished - model.evaluated),
        dollars(model.cost_nanousd, is_lower_bound=model.cost_is_lower_bound),
        "" if model.median_seconds is None else f"{model.median_seconds:.1f} s",
    )
