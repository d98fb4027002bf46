"""`benchgen run`: plan, say what will run, run it, say what came of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from benchgen.answers.prompt import EDIT_FORMATS, VERSION, build
from benchgen.catalog.select import Filters, select
from benchgen.cli import options
from benchgen.cli.displays import make_display
from benchgen.cli.estimate import Estimate, estimate, estimate_rows
from benchgen.cli.launching import Crew, machine, reach, run_to_end, used_keys
from benchgen.cli.limits import budget_of, display_options, limits
from benchgen.cli.outcome import conclude
from benchgen.cli.surroundings import around
from benchgen.cli.words import counted
from benchgen.cli.workshop import SANDBOXES, default_workers
from benchgen.clock import Clock
from benchgen.errors import UsageError
from benchgen.plan import RunRequest, benchmark_name, is_openbench, plan
from benchgen.providers.registry import Resolved, check_thinking, replay, resolve
from benchgen.record import Record, replace
from benchgen.records.run import Budget, Machine, RunConfig, Settings, planned_total
from benchgen.records.task import Task
from benchgen.redact import Redactor
from benchgen.runner.session import Wish
from benchgen.settings import Found, MachineEntry
from benchgen.store.create import queue_run
from benchgen.store.datasets import is_dataset


class Asked(Record):
    """The command line of `run`, as click parsed it."""

    targets: tuple[str, ...]
    models: tuple[str, ...]
    samples: int
    workers: int
    max_connections: int
    filters: Filters
    settings: Settings
    seed: int
    name: str
    note: str
    budget: Budget
    base_url: str | None
    machines: tuple[Machine, ...]


def _split(ctx: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Options that repeat may also be given as a list with commas."""
    return tuple(part for value in values for part in _parts(value))


def _parts(value: str) -> Sequence[str]:
    return [value] if "?" in value else [part for part in value.split(",") if part]


@click.command("run", short_help="Run a benchmark.")
@click.argument("targets", nargs=-1)
@click.option("--task", "--tasks", "more_targets", multiple=True, callback=_split, help="A target; repeat, or commas.")
@click.option(
    "-m",
    "--model",
    "--models",
    "models",
    multiple=True,
    callback=_split,
    help="A model; repeat, or commas.",
)
@click.option("--samples", "--epochs", default=1, show_default=True, help="Attempts of each task by each model.")
@click.option("--workers", type=int, default=None, help="Attempts in sandboxes at once.  [default: the cores]")
@click.option(
    "-j",
    "--max-connections",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="Model requests under way at once.",
)
@click.option("-k", "keyword", help="Only tasks with this word in id or title.")
@click.option("--tag", "tags", multiple=True, help="Only tasks with this tag.")
@click.option("-l", "--language", "languages", multiple=True, help="Only tasks in this language.")
@click.option("--limit", help="Only the first N tasks, or a-b counted from 1.")
@click.option("--temperature", type=options.AMOUNT)
@click.option("--top-p", type=options.Amount(0, 1))
@click.option("--max-tokens", type=click.IntRange(1))
@click.option("--thinking-level", help="Reasoning effort, as the provider spells it.")
@click.option(
    "--timeout", type=options.Amount(0, min_open=True), help="Seconds for one answer, tries included.  [default: 600]"
)
@click.option(
    "--max-retries", type=click.IntRange(0), default=5, show_default=True, help="Further tries when a provider refuses."
)
@limits
@click.option("--base-url", help="Ask this address instead of the endpoint's own; no key is sent to it.")
@click.option("--seed", type=int, help="Sent to the model; also decides every chance of benchgen's own.")
@click.option("--include-tests", is_flag=True, help="Show the tests to the model.")
@click.option("--allow-incomplete-diffs", is_flag=True, help="Take a diff whose fence never closes.")
@click.option("--allow-diff-rewrite-fallback", is_flag=True, help="Take whole files where no diff came.")
@click.option("--turns", default=1, show_default=True, help="Answers a task may get, the later ones told what failed.")
@click.option("--install-deps", is_flag=True, help="Install a task's requirements.txt, as wheels only.")
@click.option("--cache", is_flag=True, help="Keep answers in the user's cache, and take them from there.")
@click.option(
    "--edit-format",
    type=click.Choice(EDIT_FORMATS),
    default="diff",
    show_default=True,
    help="How the model is asked to write its change.",
)
@click.option(
    "--sandbox",
    type=click.Choice(SANDBOXES),
    default="auto",
    show_default=True,
    help="What untrusted code runs in; auto is the first that works here.",
)
@click.option(
    "--response-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Replay the answer in this file instead of asking.",
)
@click.option("--response-text", help="Replay this answer instead of asking.")
@click.option("-T", "task_args", multiple=True, help="openbench: an argument of the benchmark, name=value.")
@click.option("-M", "model_args", multiple=True, help="openbench: an argument of the model, name=value.")
@click.option("--bench", "bench_options", multiple=True, help="openbench: an option passed on to bench, as --x=y.")
@click.option("--name", default="", help="A name for the run.")
@click.option("--note", default="", help="A note shown on the run's page.")
@click.option("--dry-run", is_flag=True, help="Show what would run and the first prompt; ask and write nothing.")
@options.fail_under
@display_options
@options.results_dir
@options.tasks_dir
@click.pass_obj
def command(found: Found, /, results_dir: Path, tasks_dir: Path | None, **given: Any) -> int:  # noqa: ANN401
    """Run TARGET… against every model.

    A TARGET is a task id, a glob, all, tag:x or lang:go; or one dataset, a file of rows or ds_…; or one benchmark of
    openbench, openbench:NAME or openbench:PATH.
    """
    catalog, root = options.catalog(tasks_dir), results_dir.resolve()
    asked = _asked(given, found.settings.infra)
    if any(map(is_openbench, asked.targets)):
        from benchgen.cli.run_openbench import run_openbench  # each kind of run imports what it alone needs

        return run_openbench(_bench_requests(asked), found, root, given)
    if given["task_args"] or given["model_args"] or given["bench_options"]:
        raise UsageError("-T, -M and --bench are of openbench alone", hint="benchgen run openbench:NAME")
    if any(map(is_dataset, asked.targets)):
        return _run_dataset(asked, found, root, given)
    tasks = select(catalog, asked.targets, asked.filters)
    models = _models(asked.models, asked.settings, found, given)
    config = plan(_request(asked, tasks, models), around(_command_line(), Clock()))
    display = "json" if given["as_json"] else given["display"]
    quiet = display in ("json", "none")
    _announce(config, root, estimate(config, tasks, models), quiet=quiet)
    if given["dry_run"]:
        return _dry_run(tasks, config)
    redactor = Redactor(found.secrets.keys)
    folder = queue_run(root, config, used_keys(models, found.secrets), redactor=redactor)
    crew = Crew(catalog, models, redactor)
    ended = run_to_end(folder, config, Wish(), crew, make_display(display, config, 0))
    return conclude(ended, folder, quiet=quiet, fail_under=given["fail_under"])


def _run_dataset(asked: Asked, found: Found, root: Path, given: dict[str, Any]) -> int:
    from benchgen.cli.run_rows import announce, plan_dataset, preview, queue_rows

    models = _models(asked.models, asked.settings, found, given)
    request = _request(asked, [], models)
    config, source = plan_dataset(asked.targets, asked.filters.limit, root, request, around(_command_line(), Clock()))
    display = "json" if given["as_json"] else given["display"]
    quiet = display in ("json", "none")
    with suppress(BrokenPipeError):
        if not quiet:
            announce(config, root)
            _say_money(config, estimate_rows(source.rows(), models))
    if given["dry_run"]:
        return preview(source)
    redactor = Redactor(found.secrets.keys)
    folder = queue_rows(root, config, source, used_keys(models, found.secrets), redactor)
    crew = Crew(options.catalog(None), models, redactor)
    ended = run_to_end(folder, config, Wish(), crew, make_display(display, config, 0))
    return conclude(ended, folder, quiet=quiet, fail_under=given["fail_under"])


def _asked(given: dict[str, Any], infra: Mapping[str, MachineEntry]) -> Asked:
    settings = Settings(
        temperature=given["temperature"],
        top_p=given["top_p"],
        max_tokens=given["max_tokens"],
        seed=given["seed"],
        thinking_level=given["thinking_level"],
        timeout_seconds=given["timeout"],
        max_retries=given["max_retries"],
        include_tests=given["include_tests"],
        allow_incomplete_diffs=given["allow_incomplete_diffs"],
        allow_diff_rewrite_fallback=given["allow_diff_rewrite_fallback"],
        edit_format=given["edit_format"],
        turns=given["turns"],
        install_deps=given["install_deps"],
        cache=given["cache"],
        prompt_version=VERSION,
        sandbox=given["sandbox"],
        response_file=given["response_file"].name if given["response_file"] else None,
    )
    if settings.turns < 1:
        raise UsageError(f"{settings.turns} is no number of turns", where="--turns", hint="1 or more")
    targets = (*given["targets"], *given["more_targets"])
    if not targets:
        raise UsageError("nothing to run is named", hint="for example: benchgen run all -m builtin/reference")
    return Asked(
        targets=targets,
        models=given["models"],
        samples=given["samples"],
        workers=given["workers"] if given["workers"] is not None else default_workers(),
        max_connections=given["max_connections"],
        filters=Filters(given["keyword"], given["tags"], given["languages"], given["limit"]),
        settings=settings,
        seed=given["seed"] or 0,
        name=given["name"],
        note=given["note"],
        budget=budget_of(given),
        base_url=given["base_url"],
        machines=tuple(machine(name, entry) for name, entry in infra.items()),
    )


def _models(names: tuple[str, ...], settings: Settings, found: Found, given: dict[str, Any]) -> list[Resolved]:
    file, text = given["response_file"], given["response_text"]
    if file is not None and text is not None:
        raise UsageError("--response-file and --response-text are given both", hint="leave one out")
    if file is not None:
        text = file.read_bytes().decode("utf-8", "replace")
    if text is not None:
        return replay(names or ("replay/stored",), text)
    if not names and given["dry_run"]:
        names = ("builtin/noop",)
    if not names:
        raise UsageError("no model is named", where="-m", hint="for example -m builtin/reference")
    models = resolve(names, reach(found, settings, given["max_connections"], given["base_url"]))
    check_thinking(models, settings.thinking_level)
    return models


def _request(asked: Asked, tasks: list[Task], models: list[Resolved]) -> RunRequest:
    cards = {task.task_id: task.card() for task in tasks}
    return RunRequest(
        kind="code",
        benchmark_name=benchmark_name(asked.targets, cards),
        tasks=cards,
        models=tuple(model.spec for model in models),
        settings=asked.settings,
        samples=asked.samples,
        workers=asked.workers,
        max_connections=asked.max_connections,
        seed=asked.seed,
        run_name=asked.name,
        note=asked.note,
        budget=asked.budget,
        machines=asked.machines,
        raw={"targets": list(asked.targets), "models": list(asked.models), "base_url": asked.base_url},
    )


def _bench_requests(asked: Asked) -> list[RunRequest]:
    """One for each model: bench writes a log for each, and each is a run with numbers of its own."""
    if not asked.models:
        raise UsageError("no model is named", where="-m", hint="as bench spells it: openai/gpt-4o, groq/…")
    whole = _request(asked, [], [])
    raw = {**whole.raw, "command": list(_command_line())}
    return [replace(whole, kind="openbench", raw={**raw, "models": [model]}) for model in dict.fromkeys(asked.models)]


def _command_line() -> tuple[str, ...]:
    return ("benchgen", *sys.argv[1:])


def _announce(config: RunConfig, results: Path, money: Estimate | None, *, quiet: bool) -> None:
    if quiet:
        return
    total = planned_total(config)
    words = (
        f"{counted(len(config.tasks), 'task')} × {counted(len(config.models), 'model')} × "
        f"{counted(config.samples, 'sample')} = {counted(total, 'attempt')}, "
        f"{config.workers} at once\nfolder  {results / config.run_id}\nwatch   benchgen serve --results-dir {results}"
    )
    with suppress(BrokenPipeError):  # what nobody reads changes nothing of what runs
        click.echo(words, err=True)
        _say_money(config, money)


def _say_money(config: RunConfig, money: Estimate | None) -> None:
    for sentence in money.sentences() if money else ():
        click.echo(sentence, err=True)
    if money and money.unknown and config.budget.max_cost_nanousd is not None:
        click.echo("benchgen: --max-cost counts what is known; it cannot stop what has no price", err=True)


def _dry_run(tasks: list[Task], config: RunConfig) -> int:
    for task in tasks:
        click.echo(f"{task.task_id}\t{task.language}\t{task.difficulty}\t{len(task.cases)} cases")
    click.echo("\nThe first prompt:\n")
    click.echo(build(tasks[0], config.settings).text())
    return 0
