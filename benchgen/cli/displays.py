"""The display of a name, for a run of a kind."""

from __future__ import annotations

import sys

from benchgen.cli.progress import Display, JsonDisplay, PlainDisplay, SilentDisplay
from benchgen.records.run import RunConfig


def make_display(name: str, config: RunConfig, done: int) -> Display:
    """The display of that name; `auto` is `rich` on a terminal, else `plain`. `done` attempts are over already."""
    is_rows = config.kind == "dataset"
    if name == "auto":
        name = "rich" if sys.stderr.isatty() else "plain"
    if name == "json":
        return JsonDisplay(config, done)
    if name == "rich":
        from benchgen.cli.bars import AttemptsBar, RowsBar  # a library of its own, which only a terminal needs

        return (RowsBar if is_rows else AttemptsBar)(config, done)
    if name == "plain":
        from benchgen.cli.rows_progress import PlainRows

        return (PlainRows if is_rows else PlainDisplay)(config, done)
    return SilentDisplay(config, done)
