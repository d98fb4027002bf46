"""What `resume` and `retry` share: finding the run, its models and its new limits, and running what is wished."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchgen.cli import options
from benchgen.cli.displays import make_display
from benchgen.cli.launching import Crew, reach, run_to_end
from benchgen.cli.limits import budget_of
from benchgen.cli.outcome import conclude
from benchgen.cli.reading import results_of, run_named
from benchgen.errors import BenchgenError, UsageError
from benchgen.providers.registry import resolve
from benchgen.record import Record, replace
from benchgen.records.state import RunState
from benchgen.redact import Redactor
from benchgen.runner.again import repeats
from benchgen.runner.session import Wish
from benchgen.settings import Found
from benchgen.store.locks import is_alive
from benchgen.store.runs import Results


class Known(Record):
    """A run that is on record."""

    results: Results
    run_id: str
    state: RunState

    @property
    def folder(self) -> Path:
        return self.results.folder(self.run_id)


def find(results_dir: Path, run: str) -> Known:
    """The run of that id, or the newest where `latest` is asked for."""
    results = results_of(results_dir)
    run_id = run_named(results, run)
    return Known(results, run_id, results.load(run_id))


def find_ours(results_dir: Path, run: str) -> Known:
    """The same, for who means to change the run: one that another harness runs is none of ours."""
    known = find(results_dir, run)
    if known.state.config.followed:
        hint = "benchgen only reads along; resume or end it with the harness that runs it"
        raise UsageError("another harness runs this", where=known.run_id, hint=hint)
    return known


def go_on(known: Known, found: Found, wish: Wish, given: dict[str, Any]) -> int:
    """Runs what is wished with its progress on the terminal; the exit code."""
    state = known.state
    if state.config.kind == "agent":
        raise UsageError("another harness ran this", where=known.run_id, hint="go on, or begin anew, with that harness")
    if any(model.provider == "replay" for model in state.config.models):
        hint = "start it anew with `run`"
        raise BenchgenError("a replayed answer is not kept with the run", where=known.run_id, hint=hint)
    if is_alive(known.folder):
        hint = f"wait for it, or end it: benchgen cancel {known.run_id}"
        raise BenchgenError("another process is running this run", where=str(known.folder), hint=hint)
    shown = "json" if given["as_json"] else given["display"]
    if state.config.kind == "openbench":
        from benchgen.cli.run_openbench import resume_openbench  # what this kind alone needs

        limits = budget_of(given, state.config.budget)
        wish = replace(wish, budget=limits if limits != state.config.budget else None)
        return resume_openbench(known.folder, state.config, wish, found, shown)
    names = [model.model_id for model in state.config.models]
    base_url = state.config.request.get("base_url")
    models = resolve(names, reach(found, state.config.settings, state.config.max_connections, base_url))
    budget = budget_of(given, state.config.budget)
    wish = replace(wish, budget=budget if budget != state.config.budget else None)
    ended = run_to_end(
        known.folder,
        state.config,
        wish,
        Crew(options.catalog(given["tasks_dir"]), models, Redactor(found.secrets.keys)),
        make_display(shown, state.config, state.finished - (len(repeats(state, wish.only)) if wish.only else 0)),
    )
    return conclude(ended, known.folder, quiet=shown in ("json", "none"))
