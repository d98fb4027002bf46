"""The last lines of a run: what came out, where it is, what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchgen.cli.tables import show, table
from benchgen.cli.words import counted, printable
from benchgen.errors import EXIT_GATE, EXIT_INCOMPLETE
from benchgen.numbers.money import dollars
from benchgen.numbers.rates import TaskOutcome, rate
from benchgen.numbers.sentences import in_percent
from benchgen.records.digest import ModelDigest, RunDigest

if TYPE_CHECKING:
    from rich.table import Table

    from benchgen.panels.check import Check
    from benchgen.runner.session import Ended


def conclude(ended: Ended, folder: Path, *, quiet: bool, fail_under: float | None = None) -> int:
    """Says what came out to whoever still reads; the exit code is the run's, or that its gate is not met.

    `fail_under` is the success rate in percent that every model must reach.
    """
    gate = None if fail_under is None else _gate(ended.digest, fail_under)
    with suppress(BrokenPipeError):
        print_outcome(ended.digest, folder, quiet=quiet)
        if gate and not quiet:
            print_gate(gate, err=True)
    is_missed = gate is not None and not gate.passed and ended.exit_code in (0, EXIT_INCOMPLETE)
    return EXIT_GATE if is_missed else ended.exit_code


def _gate(digest: RunDigest, fail_under: float) -> Check:
    from benchgen.panels.check import Demand, check  # only who asks for a gate waits for it

    return check(digest, None, Demand(fail_under / 100))


def print_gate(found: Check, *, err: bool) -> None:
    """Whether a gate is met, then what each model has to do with it."""
    against = f" against {found.baseline}" if found.baseline else ""
    click.echo(f"{'✓ the gate is met' if found.passed else '✕ the gate is not met'}: {found.run_id}{against}", err=err)
    if not found.is_complete:
        click.echo("! the run is not complete: this is not its final answer", err=err)
    for one in found.models:
        for sentence in one.sentences:
            click.echo(printable(f"{one.model}: {sentence}"), err=err)


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
        left = counted(digest.total - digest.finished, "attempt")
        how = "its own harness alone" if digest.kind == "agent" else f"benchgen resume {folder.name}"
        click.echo(f"left    {left}; go on with: {how}", err=True)
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
    shown = "no result" if found.value is None else f"{in_percent(found.value)} %"
    interval = f"{100 * found.interval.low:.0f}–{100 * found.interval.high:.0f}" if found.interval else ""
    return (
        printable(model.model_id) + (" (mock)" if model.is_mock else ""),
        shown,
        interval,
        f"{model.passed}/{model.evaluated}",
        str(model.excluded),
        "local" if model.is_local else dollars(model.cost_nanousd, is_lower_bound=model.cost_is_lower_bound),
        "" if model.median_seconds is None else f"{model.median_seconds:.1f} s",
    )
