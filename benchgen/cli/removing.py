"""The question before anything is removed for good."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from benchgen.errors import UsageError

_NAMED = 5


def confirm(runs: Sequence[str], *, yes: bool) -> None:
    """Asks on a terminal; where nobody can answer, `--yes` is needed. Abort when the answer is no."""
    if yes:
        return
    named = ", ".join(runs[:_NAMED]) + (f" and {len(runs) - _NAMED} more" if len(runs) > _NAMED else "")
    if not sys.stdin.isatty():
        raise UsageError(f"{named} would be gone for good, and nobody is here to confirm it", hint="say it with --yes")
    click.confirm(f"Remove {named} for good?", abort=True, err=True)
