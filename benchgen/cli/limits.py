"""The options that `run`, `resume` and `retry` share: where a run stops by itself, and how it shows its progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from benchgen.cli.options import AMOUNT
from benchgen.cli.progress import DISPLAYS
from benchgen.numbers.money import nanousd
from benchgen.records.run import Budget

F = TypeVar("F", bound=Callable[..., Any])


def limits(command: F) -> F:
    """The options that set a run's limits, alike for its first start and for all later ones."""
    for option in (
        click.option("--max-tokens-total", type=click.IntRange(0), help="Stop when this many tokens are used."),
        click.option("--max-time", type=AMOUNT, help="Stop after this many seconds, earlier starts included."),
        click.option("--max-cost", type=AMOUNT, help="Stop when this many dollars are spent, earlier starts included."),
    ):
        command = option(command)
    return command


def display_options(command: F) -> F:
    """`--display` and `--json`."""
    command = click.option("--json", "as_json", is_flag=True, help="Events as JSON lines: --display json.")(command)
    return click.option("--display", type=click.Choice(DISPLAYS), default="auto", show_default=True)(command)


def budget_of(given: dict[str, Any], before: Budget = Budget()) -> Budget:
    """The limits on the command line; where one is not given, the one from before holds."""
    dollars, seconds, tokens = given["max_cost"], given["max_time"], given["max_tokens_total"]
    return Budget(
        max_cost_nanousd=before.max_cost_nanousd if dollars is None else nanousd(dollars),
        max_seconds=before.max_seconds if seconds is None else seconds,
        max_tokens_total=before.max_tokens_total if tokens is None else tokens,
    )
