"""`benchgen leaderboard`: the models of each benchmark, ranked by their newest complete runs."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen import codec
from benchgen.cli import options
from benchgen.cli.reading import results_of
from benchgen.cli.spelling import spell
from benchgen.cli.words import counted, printable
from benchgen.numbers.money import dollars
from benchgen.panels.leaderboard import Leaderboard, Row, leaderboards
from benchgen.panels.sheets import Sheet

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
    for board in boards:
        if not as_csv:
            click.echo(printable(f"{'## ' if markdown else ''}{_title(board)}"))
        spell(Sheet(NAMES, tuple(_row(row) for row in board.rows)), markdown=markdown, as_csv=as_csv)
    if not boards:
        click.echo("no run has finished yet: benchgen run all -m builtin/reference", err=True)
    return 0


def _title(board: Leaderboard) -> str:
    return f"{board.benchmark_name}: {counted(board.tasks, 'task')} × {counted(board.samples, 'sample')}"


def _row(row: Row) -> tuple[str, ...]:
    rate, interval = row.rate.value, row.rate.interval
    rank = "–" if row.best_rank is None else f"{row.best_rank}–{row.worst_rank}"
    return (
        row.model + (" (mock)" if row.is_mock else ""),
        f"{row.best_rank}" if row.best_rank == row.worst_rank and row.best_rank else rank,
        "no result" if rate is None else f"{100 * rate:.1f} %",
        f"{100 * interval.low:.0f}–{100 * interval.high:.0f}" if interval else "",
        f"{row.solved}/{row.tasks}",
        "local" if row.money.is_local else dollars(row.money.nanousd, is_lower_bound=row.money.is_lower_bound),
        str(row.left_out),
        row.run_id,
    )
