"""Tables on a terminal: ids stay whole, and in a pipe no line is cut to a width that nobody has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

_WIDE = 1000


def table(first: str, *heads: str, numbers: bool = False) -> Table:
    """A table whose first column is never cut or broken; with `numbers` the others stand to the right."""
    from rich.table import Table  # rich takes longer to import than most commands to run: only who shows a table waits

    made = Table(box=None, pad_edge=False, header_style="bold")
    made.add_column(first, no_wrap=True, overflow="ignore")
    for head in heads:
        made.add_column(head, justify="right" if numbers else "left")
    return made


def show(made: Table, *, stderr: bool = False) -> None:
    """Prints a table, as wide as the terminal, or as wide as it is where there is none."""
    from rich.console import Console

    class Pipe(Console):
        """A console that tells its caller when nobody reads: rich itself would end the process with 1."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    console = Pipe(stderr=stderr, highlight=False, markup=False, emoji=False)  # what a model said is no markup
    if not console.is_terminal:
        console.width = _WIDE
    console.print(made)
