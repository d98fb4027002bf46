"""`benchgen show RUN ATTEMPT`: one attempt on the terminal: what came out, which cases failed, where its files lie."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import click

from benchgen import codec
from benchgen.cli.tables import show, table
from benchgen.cli.words import printable
from benchgen.errors import NotFound
from benchgen.numbers.money import dollars
from benchgen.panels.attempt import headline
from benchgen.records.attempt import Attempt
from benchgen.records.run import folder_of
from benchgen.records.state import AttemptRow, RunState
from benchgen.store.runs import Results

MOST_LISTED = 20


def show_attempt(results: Results, state: RunState, name: str, *, as_json: bool) -> None:
    """The finished attempt with this id, or those whose ids the glob or the word meets: several are a list."""
    met = _meets(state, name)
    if as_json:
        outcomes = [codec.plain(results.outcome(state.config.run_id, row.line)) for row in met]
        click.echo(codec.file(outcomes if len(met) > 1 else outcomes[0]), nl=False)
        return
    if len(met) > 1:
        _list(met)
        return
    row = met[0]
    outcome = results.outcome(state.config.run_id, row.line)
    folder = results.folder(state.config.run_id) / folder_of(state.config, row.attempt)
    for line in _lines(outcome, row, folder):
        click.echo(printable(line))


def list_failures(state: RunState) -> None:
    """What did not pass, retries in place of what they replaced, and how to see one."""
    failed = [row for row in state.counted_rows() if row.category is not None]
    if not failed:
        return
    _list(failed)
    click.echo(f"one     benchgen show {state.config.run_id} '{printable(failed[0].attempt)}'", err=True)


def _meets(state: RunState, name: str) -> list[AttemptRow]:
    rows = list(state.rows)
    met = [row for row in rows if row.attempt == name] or [row for row in rows if fnmatchcase(row.attempt, name)]
    met = met or [row for row in rows if name in row.attempt]
    if not met:
        hint = f"benchgen show {state.config.run_id} '*' lists those that have finished"
        raise NotFound(f"no finished attempt {name!r}", where=state.config.run_id, hint=hint)
    return met


def _list(rows: list[AttemptRow]) -> None:
    found = table("attempt", "outcome", "seconds", "what")
    for row in rows[:MOST_LISTED]:
        said = row.message.split("\n", 1)[0]
        seconds = f"{row.seconds:.1f}" if row.seconds else "–"
        found.add_row(printable(row.attempt), row.category or row.status, seconds, printable(said))
    show(found)
    if len(rows) > MOST_LISTED:
        click.echo(f"and {len(rows) - MOST_LISTED} more; benchgen export has all of them", err=True)


def _lines(outcome: Attempt, row: AttemptRow, folder: Path) -> Iterator[str]:
    yield f"{outcome.attempt} · {headline(outcome)}"
    yield f"took    {outcome.duration_seconds:.1f} s, cost {dollars(row.cost_nanousd)}"
    if outcome.patch:
        patch = outcome.patch
        yield f"change  {patch.edit_format}, +{patch.added} -{patch.removed}: {', '.join(patch.files)}"
    for case in outcome.cases:
        if case.status != "passed":
            yield f"{case.status:8}{case.id}"
            yield from (f"        {line}" for line in case.message.splitlines()[:5] if line.strip())
    yield f"files   {folder}"
    yield from (f"        {artifact.name}, {artifact.bytes:,} bytes" for artifact in outcome.artifacts)
