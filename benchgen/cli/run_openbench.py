"""`benchgen run openbench:NAME`: the real `bench`, found, told what to run and watched; `resume` comes here, too."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from platformdirs import user_cache_path

from benchgen.catalog.openbench import bench_command, evals_of, try_bench
from benchgen.cli import options
from benchgen.cli.displays import make_display
from benchgen.cli.launching import obey_signals
from benchgen.cli.outcome import conclude
from benchgen.cli.progress import Display, SilentDisplay
from benchgen.cli.surroundings import around
from benchgen.cli.words import printable
from benchgen.clock import Clock
from benchgen.errors import UsageError
from benchgen.plan import OPENBENCH, RunRequest
from benchgen.record import Confidential, replace
from benchgen.records.events import AttemptFinished, Event, LimitReached, Progress
from benchgen.records.run import RunConfig
from benchgen.redact import SHORTEST_SECRET, Redactor
from benchgen.runner.lanes import Stop
from benchgen.runner.openbench_command import Choices, eval_words
from benchgen.runner.openbench_plan import is_path, known, own_folder, plan_openbench
from benchgen.runner.openbench_run import BenchMeans, choices_of, execute_openbench
from benchgen.runner.session import Ended, Wish
from benchgen.settings import Found
from benchgen.store.create import queue_run

CACHE = "openbench-evals.json"
# Options of `run` that mean something to bench.
_OPTIONS = frozenset(
    ("targets", "more_targets", "models", "samples", "max_connections", "limit", "temperature", "top_p", "max_tokens",
     "thinking_level", "timeout", "max_retries", "max_time", "max_cost", "max_tokens_total", "base_url", "seed", "name",
     "note", "dry_run", "fail_under", "display", "as_json", "results_dir", "task_args", "model_args", "bench_options")
)  # fmt: skip
_SECRET = re.compile(r"(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|PAT)(?:$|_)")
_FOR_ALL = ("HF_", "HUGGING_FACE_", "HUGGINGFACE_")


class Handed(Confidential):
    """The variables of bench's process, and the names of the secret ones among them."""

    env: Mapping[str, str]
    secrets: Mapping[str, str]


def evals_cache() -> Path:
    """Where what bench can run is kept for ten minutes."""
    return user_cache_path("benchgen") / CACHE


def run_openbench(requests: Sequence[RunRequest], found: Found, root: Path, given: dict[str, Any]) -> int:
    """One run for each request, one after another; the worst of their exit codes."""
    options.refuse_others(_OPTIONS, "openbench", "--bench passes an option on to bench")
    _refuse_secrets(given)
    shown = "json" if given["as_json"] else given["display"]
    bench = bench_command(found.settings.openbench.command)
    choices, name = _choices(given, requests[0], found)
    worst = 0
    for request in requests:
        model = str(request.raw["models"][0])
        config = plan_openbench(
            replace(request, benchmark_name=name), choices, model, around(tuple(request.raw["command"]), Clock())
        )
        words = (*bench, *eval_words(config, choices))
        if given["dry_run"]:
            click.echo(shlex.join(words))
            continue
        handed = environment(found, model)
        redactor = Redactor({**found.secrets.keys, **handed.secrets})
        folder = queue_run(root, config, handed.secrets, redactor=redactor)
        if shown not in ("json", "none"):
            click.echo(f"folder  {folder}\nwatch   benchgen serve --results-dir {root}", err=True)
        means = BenchMeans(bench, handed.env, found.settings.prices, redactor=redactor)
        worst = max(worst, _to_end(folder, config, Wish(), means, shown, given["fail_under"]))
    return worst


def _refuse_secrets(given: dict[str, Any]) -> None:
    """What is typed can be seen by every user of this machine, and stands in the run's files."""
    for option, name in (("-T", "task_args"), ("-M", "model_args"), ("--bench", "bench_options")):
        for word in given[name]:
            key, _, value = word.lstrip("-").partition("=")
            found = _SECRET.search(key.upper().replace("-", "_"))
            if found and found.end() == len(key) and len(value) >= SHORTEST_SECRET:  # not `stop_token_ids`
                hint = "put it into .env or the environment, under the name that bench reads"
                raise UsageError("a secret does not belong on the command line", where=f"{option} {key}=…", hint=hint)


def resume_openbench(folder: Path, config: RunConfig, wish: Wish, found: Found, shown: str) -> int:
    """Goes on with such a run."""
    bench, handed = bench_command(found.settings.openbench.command), environment(found, config.models[0].model_id)
    redactor = Redactor({**found.secrets.keys, **handed.secrets})
    choices_of(config)
    return _to_end(folder, config, wish, BenchMeans(bench, handed.env, found.settings.prices, redactor=redactor), shown)


def environment(found: Found, model: str) -> Handed:
    """The user's variables, but of the secret ones only those of the model's provider, of datasets, and named ones."""
    prefixes = (model.partition("/")[0].upper().replace("-", "_") + "_", *_FOR_ALL)
    every = {**found.secrets.keys, **os.environ}
    is_handed = {
        name: not _SECRET.search(name) or name.startswith(prefixes) or name in found.settings.openbench.env
        for name in every
    }
    env = {name: value for name, value in every.items() if is_handed[name]}
    secrets = {name: value for name, value in env.items() if _SECRET.search(name)}
    return Handed({**env, "NO_COLOR": "1", "COLUMNS": "200", "TERM": "dumb"}, secrets)


class BenchDisplay(SilentDisplay):
    """A line whenever bench says how far it is, and one for each sample that broke."""

    def show(self, event: Event) -> None:
        if isinstance(event, Progress) and event.detail:
            total = "?" if event.total is None else event.total
            click.echo(printable(f"{event.done}/{total} samples · {event.detail}"), err=True)
        elif isinstance(event, LimitReached):
            click.echo(printable(event.message), err=True)
        elif isinstance(event, AttemptFinished) and event.outcome.category in ("api_error", "harness"):
            click.echo(printable(f"! {event.outcome.task}: {event.outcome.message}"), err=True)


def _to_end(
    folder: Path, config: RunConfig, wish: Wish, means: BenchMeans, shown: str, fail_under: float | None = None
) -> int:
    display = make_display(shown, config, 0) if shown in ("json", "none") else BenchDisplay(config, 0)
    try:
        ended = asyncio.run(_run(folder, config, wish, means, display))
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
    code = conclude(ended, folder, quiet=shown in ("json", "none"), fail_under=fail_under)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    return code


async def _run(folder: Path, config: RunConfig, wish: Wish, means: BenchMeans, display: Display) -> Ended:
    stop = Stop()
    obey_signals(stop, display, "asking bench to stop and to write its log, Ctrl-C again kills it")
    with display:
        return await execute_openbench(folder, config, wish, means, stop, display.show)


def _choices(given: dict[str, Any], request: RunRequest, found: Found) -> tuple[Choices, str]:
    targets: list[str] = request.raw["targets"]
    if len(targets) != 1:
        raise UsageError("a benchmark of openbench runs alone", where=", ".join(targets), hint="a group runs several")
    name = targets[0].removeprefix(OPENBENCH)
    if is_path(name):
        folder = own_folder(name)
        target, name = str(folder), folder.stem if folder.is_file() else folder.name
        try_bench(bench_command(found.settings.openbench.command))
    else:
        one = known(evals_of(found.settings.openbench.command, evals_cache()), name)
        target = name = one.name
    is_said = click.get_current_context().get_parameter_source("samples") is not ParameterSource.DEFAULT
    return (
        Choices(
            target=target,
            limit=given["limit"],
            epochs=request.samples if is_said else None,
            base_url=given["base_url"],
            task_args=given["task_args"],
            model_args=given["model_args"],
            extra=given["bench_options"],
        ),
        name,
    )
