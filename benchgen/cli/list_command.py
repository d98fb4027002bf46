"""`benchgen list tasks|runs|models|evals`: what there is, in a table or as JSON."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from benchgen import codec, paths
from benchgen.catalog.select import Filters, select
from benchgen.cli import options
from benchgen.cli.tables import show, table
from benchgen.cli.words import printable
from benchgen.cli.workshop import tools_of
from benchgen.errors import UsageError
from benchgen.records.digest import RunDigest
from benchgen.sandbox.spec import Missing
from benchgen.settings import Found

MOST_MODELS = 20


@click.group("list", short_help="List tasks, runs, models or evals.")
def command() -> None:
    """List what there is."""


@command.command("tasks")
@click.argument("targets", nargs=-1)
@click.option("-k", "keyword", help="Only tasks with this word in id or title.")
@click.option("--tag", "tags", multiple=True, help="Only tasks with this tag.")
@click.option("-l", "--language", "languages", multiple=True, help="Only tasks in this language.")
@options.tasks_dir
@options.as_json
def tasks_list(
    targets: tuple[str, ...],
    keyword: str | None,
    tags: tuple[str, ...],
    languages: tuple[str, ...],
    tasks_dir: Path | None,
    as_json: bool,
) -> int:
    """The catalog, and what of it can run here."""
    catalog = options.catalog(tasks_dir)
    tasks = select(catalog, targets or ("all",), Filters(keyword, tags, languages))
    if as_json:
        click.echo(codec.file({task.task_id: task.card() for task in tasks}), nl=False)
        return 0
    shown = table("task", "difficulty", "domain", "cases", "here")
    lacking: dict[str, str] = {}
    for task in tasks:
        tools = tools_of(task)
        if isinstance(tools, Missing):
            lacking[task.language] = f"{tools.name}: {tools.install}"
        here = "✕" if isinstance(tools, Missing) else "✓"
        shown.add_row(task.task_id, task.difficulty, task.domain, str(len(task.cases)), here)
    show(shown)
    for language, what in lacking.items():
        click.echo(f"{language} tasks are not runnable here; install {what}", err=True)
    for broken in catalog.broken():
        click.echo(printable(f"! {broken.task_id}: {broken.reason}"), err=True)
    return 0


@command.command("runs")
@options.results_dir
@options.as_json
def runs_list(results_dir: Path, as_json: bool) -> int:
    """The runs in the results folder, newest first."""
    from benchgen.cli.reading import results_of, standing  # each list imports what it alone needs
    from benchgen.following.waiting import waiting

    results = results_of(results_dir)
    found = results.digests()
    if as_json:
        click.echo(codec.file(found.runs), nl=False)
        return 0
    shown = table("run", "status", "benchmark", "models", "attempts", "passed")
    for run in found.runs:
        shown.add_row(*_run_row(run, standing(results, run.run_id, run.status)))
    show(shown)
    waits = waiting(results_dir, {run.run_id for run in found.runs})
    for bad in found.unreadable:
        if bad.run_id not in waits:
            click.echo(printable(f"! {bad.run_id}: {bad.reason}"), err=True)
    for name in waits:
        told = f"- {name}: a batch's results without a {paths.SUMMARY}, shown when it is there; as they are now by"
        click.echo(printable(f"{told}: benchgen import {shlex.quote(str(results_dir / name))}"), err=True)
    return 0


@command.command("evals")
@click.argument("word", default="")
@click.option("--all", "everything", is_flag=True, help="Subtasks of groups and experimental ones, too.")
@options.as_json
@click.pass_obj
def evals_list(found: Found, /, word: str, everything: bool, as_json: bool) -> int:
    """The benchmarks and groups of openbench, those with WORD in name, title, category or tags; kept ten minutes."""
    from benchgen.catalog.openbench import evals_of
    from benchgen.cli.run_openbench import evals_cache

    known = evals_of(found.settings.openbench.command, evals_cache())
    evals = [one for one in known.evals if everything or word or not (one.is_subtask or one.is_alpha)]
    evals = [one for one in evals if word.lower() in " ".join((one.name, one.title, one.category, *one.tags)).lower()]
    groups = [one for one in known.groups if word.lower() in f"{one.name} {one.title}".lower()]
    if as_json:
        click.echo(codec.file({"evals": evals, "groups": groups}), nl=False)
        return 0
    shown = table("benchmark", "category", "title", "")
    for one in evals:
        shown.add_row(one.name, one.category, printable(one.title), "alpha: --bench=--alpha" if one.is_alpha else "")
    for group in groups:
        shown.add_row(group.name, "group", printable(group.title), f"{len(group.evals)} benchmarks")
    show(shown)
    click.echo(f"{len(evals)} of {len(known.evals)} benchmarks; run one with: benchgen run openbench:NAME", err=True)
    return 0


@command.command("models")
@click.argument("endpoints", nargs=-1)
@options.as_json
@click.pass_obj
def models_list(found: Found, /, endpoints: tuple[str, ...], as_json: bool) -> int:
    """The built-in models, and those of local endpoints or of the ENDPOINTS that are named (openrouter, house …)."""
    import asyncio

    from benchgen.providers.builtin import KNOWN
    from benchgen.providers.endpoints import names
    from benchgen.providers.survey import survey

    known = names(found.settings)
    unknown = [name for name in endpoints if name not in known]
    if unknown:
        raise UsageError(f"no endpoint {unknown[0]!r}", hint=f"there are {', '.join(known)}")
    surveyed = asyncio.run(survey(found.settings, found.secrets, endpoints))
    if as_json:
        click.echo(codec.file({"builtin": KNOWN, "endpoints": surveyed}), nl=False)
        return 0
    shown = table("model", "")
    for name, what in KNOWN.items():
        shown.add_row(name, what)
    for one in surveyed:
        if len(one.models) > MOST_MODELS and not endpoints:
            shown.add_row(f"{one.name}/…", f"{len(one.models)} models: benchgen list models {one.name}")
        else:
            for model in one.models:
                shown.add_row(printable(model.model), "loaded" if model.is_loaded else "")
    show(shown)
    for one in surveyed:
        if one.state != "ok":
            click.echo(printable(f"! {one.name} at {one.base_url}: {one.why}"), err=True)
    return 1 if endpoints and any(one.state != "ok" for one in surveyed) else 0


def _run_row(run: RunDigest, status: str) -> tuple[str, ...]:
    passed, evaluated = sum(model.passed for model in run.models), sum(model.evaluated for model in run.models)
    return (
        run.run_id,
        status,
        printable(run.benchmark_name),
        printable(", ".join(model.model_id for model in run.models)),
        f"{run.finished}/{run.total}",
        f"{passed}/{evaluated}",
    )
