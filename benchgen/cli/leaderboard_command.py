"""`benchgen leaderboard`: the models of each benchmark, ranked by their newest complete runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.cli.reading import results_of
from benchgen.cli.spelling import spell
from benchgen.cli.words import counted, printable
from benchgen.numbers.money import dollars
from benchgen.numbers.sentences import in_percent
from benchgen.panels.leaderboard import Leaderboard, Row, leaderboards
from benchgen.panels.sheets import Sheet, one_line, sheet_csv

NAMES = ("model", "rank", "pass@1", "95 %", "solved", "cost", "left out", "run")


@click.command("leaderboard", short_help="Rank the models of each benchmark.")
@options.results_dir
@options.sheet_forms
def command(results_dir: Path, markdown: bool, as_csv: bool, as_json: bool) -> int:
    """Rank the models, each by its newest complete run of the same benchmark and settings."""
    boards = leaderboards(results_of(results_dir).digests().runs)
    if as_json:
        click.echo(codec.file(boards), nl=False)
        return 0
    if as_csv:
        click.echo(sheet_csv(_all_in_one(boards)), nl=False)
    for board in boards if not as_csv else ():
        click.echo(_heading(board, markdown=markdown))
        spell(Sheet(NAMES, tuple(_row(row) for row in board.rows)), markdown=markdown, as_csv=False)
    if not boards:
        click.echo("no run has finished yet: benchgen run all -m builtin/reference", err=True)
    return 0


def _all_in_one(boards: Sequence[Leaderboard]) -> Sheet:
    """One table under one line of names, as those who read CSV expect."""
    rows = ((board.benchmark_name, str(board.samples), *_row(row)) for board in boards for row in board.rows)
    return Sheet(("benchmark", "samples", *NAMES), tuple(rows))


def _heading(board: Leaderboard, *, markdown: bool) -> str:
    return f"## {one_line(_title(board))}\n" if markdown else printable(_title(board))


def _title(board: Leaderboard) -> str:
    return f"{board.benchmark_name}: {counted(board.tasks, 'task')} × {counted(board.samples, 'sample')}"


def _row(row: Row) -> tuple[str, ...]:
    rate, interval = row.rate.value, row.rate.interval
    rank = "–" if row.best_rank is None else f"{row.best_rank}–{row.worst_rank}"
    return (
        row.model + (" (mock)" if row.is_mock else ""),
        f"{row.best_rank}" if row.best_rank == row.worst_rank and row.best_rank else rank,
        "no result" if rate is None else f"{in_percent(rate)} %",
        f"{100 * interval.low:.0f}–{100 * interval.high:.0f}" if interval else "",
        f"{row.solved}/{row.tasks}",
        "local" if row.money.is_local else dollars(row.money.nanousd, is_lower_bound=row.money.is_lower_bound),
        str(row.left_out),
        row.run_id,
    )
