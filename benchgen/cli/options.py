"""Options that several commands share, each declared once."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from benchgen import assets, paths
from benchgen.catalog.tasks import Catalog
from benchgen.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])


class Amount(click.FloatRange):
    """A number of something; `nan` and `inf`, which compare as no number does, are none."""

    name = "float"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401
        found: float = super().convert(value, param, ctx)
        if not isfinite(found):
            self.fail(f"{value!r} is no amount.", param, ctx)
        return found


PERCENT = Amount(0, 100)
AMOUNT = Amount(0)
_FOLDER = click.Path(file_okay=False, path_type=Path)


def results_dir(command: F) -> F:
    """`--results-dir`, with the spellings that seed 001 and its users know."""
    return _results("-o", "--results-dir", "--output-dir")(command)


def read_results(writes_to: str) -> Callable[[F], F]:
    """`--results-dir` of a command whose output goes elsewhere, and who types `-o` there is told where: `writes_to`."""

    def refuse(_context: click.Context, _option: click.Parameter, given: str | None) -> None:
        if given is not None:
            raise UsageError("it names the folder of runs, which are only read here", where="-o", hint=writes_to)

    def both(command: F) -> F:
        other = click.option("-o", "--output-dir", hidden=True, expose_value=False, callback=refuse)
        return _results("--results-dir")(other(command))

    return both


def _results(*names: str) -> Callable[[F], F]:
    return click.option(
        *names, "results_dir", type=_FOLDER, default=paths.RESULTS_DIR, show_default=True, help="Where run folders lie."
    )


def tasks_dir(command: F) -> F:
    """`--tasks-dir`: another catalog than the built-in one."""
    option = click.option(
        "--tasks-dir",
        type=_FOLDER,
        default=None,
        help="Where tasks lie.  [default: the catalog that comes with benchgen]",
    )
    return option(command)


def site_dir(command: F) -> F:
    """`--site-dir`: where `build` writes and `publish` reads."""
    option = click.option(
        "--site-dir",
        type=_FOLDER,
        default=paths.SITE_DIR,
        show_default=True,
        help="Where the site lies.",
    )
    return option(command)


def sheet_forms(command: F) -> F:
    """`--md`, `--csv` and `--json`, for what is a table."""
    for option in (
        click.option("--md", "markdown", is_flag=True, help="Print a Markdown table."),
        click.option("--csv", "as_csv", is_flag=True, help="Print CSV."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    ):
        command = option(command)
    return command


def as_json(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def yes(command: F) -> F:
    """`--yes`, before anything is removed."""
    return click.option("-y", "--yes", is_flag=True, help="Do not ask.")(command)


def fail_under(command: F) -> F:
    """`--fail-under`, the gate of a run."""
    said = "The success rate that every model must reach."
    option = click.option("--fail-under", type=PERCENT, metavar="PERCENT", callback=_no_share, help=said)
    return option(command)


def _no_share(_context: click.Context, _option: click.Parameter, percent: float | None) -> float | None:
    """A gate of 0.9 % would be met by nearly everything, and is not what anybody means who writes 0.9."""
    if percent is not None and 0 < percent <= 1:
        raise click.BadParameter(f"it counts percent; for {percent * 100:g} % write {percent * 100:g}")
    return percent


def refuse_others(meant: frozenset[str], what: str, hint: str) -> None:
    """UsageError for an option that was typed and means nothing to `what`: it would be left out in silence."""
    context = click.get_current_context()
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if parameter.name not in meant and source in (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT):
            raise UsageError(f"{what} has no such setting", where=parameter.opts[0], hint=hint)


def catalog(folder: Path | None) -> Catalog:
    """The catalog that `--tasks-dir` names, else the built-in one."""
    return Catalog((folder or assets.tasks()).resolve())
