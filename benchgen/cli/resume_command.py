"""`benchgen resume`: finishes a run that was queued, stopped or killed; what has an outcome is not run again."""

from __future__ import annotations

from pathlib import Path

import click

from benchgen.cli import options
from benchgen.cli.launching import Crew, run_to_end
from benchgen.cli.outcome import print_outcome
from benchgen.cli.progress import DISPLAYS, make_display
from benchgen.errors import BenchgenError
from benchgen.providers.registry import Reach, resolve
from benchgen.redact import Redactor
from benchgen.settings import Found
from benchgen.store.runs import Results


@click.command("resume", short_help="Finish a run that was stopped or killed.")
@click.argument("run")
@click.option("--display", type=click.Choice(DISPLAYS), default="auto", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Events as JSON lines on stdout: --display json.")
@options.results_dir
@options.tasks_dir
@click.pass_obj
def command(found: Found, /, run: str, display: str, as_json: bool, results_dir: Path, tasks_dir: Path | None) -> int:
    """Finish RUN, a run's id or `latest`."""
    results = Results(results_dir.resolve())
    run_id = results.list()[0] if run == "latest" and results.list() else run
    state = results.load(run_id)
    if state.status == "completed" and state.finished >= state.total:
        click.echo(f"benchgen: {run_id} is complete: nothing is left to run", err=True)
        return state.exit_code or 0
    if any(model.provider == "replay" for model in state.config.models):
        raise BenchgenError("a replayed answer is not kept with the run", where=run_id, hint="start it anew with `run`")
    names = [model.model_id for model in state.config.models]
    models = resolve(names, Reach(found.settings, found.secrets, state.config.max_connections))
    shown = "json" if as_json else display
    ended = run_to_end(
        results.folder(run_id),
        state.config,
        Crew(options.catalog(tasks_dir), models, Redactor(found.secrets.keys)),
        make_display(shown, state.config, state.finished),
    )
    print_outcome(ended.state, results.folder(run_id), quiet=shown in ("json", "none"))
    return ended.exit_code
