"""What `run`, `resume` and their kin share: gathering the means, obeying Ctrl-C, showing progress, the last lines."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from pathlib import Path

import click
from platformdirs import user_cache_path

from benchgen.catalog.tasks import Catalog
from benchgen.cli.progress import Display, line_of
from benchgen.cli.workshop import preference, tools_of, tools_with_requirements
from benchgen.clock import Clock
from benchgen.errors import BenchgenError
from benchgen.numbers.money import nanousd
from benchgen.providers.registry import Reach, Resolved
from benchgen.record import Record
from benchgen.records.events import Event
from benchgen.records.run import Machine, RunConfig
from benchgen.records.run import Settings as RunSettings
from benchgen.records.task import Task
from benchgen.redact import Redactor
from benchgen.runner.execute import Means, execute
from benchgen.runner.journal import Listener
from benchgen.runner.lanes import Stop
from benchgen.runner.loops import loop_of
from benchgen.runner.session import Ended, Wish
from benchgen.sandbox.choose import choose
from benchgen.sandbox.spec import Sandbox
from benchgen.settings import Found, MachineEntry, Secrets
from benchgen.store.console import say

STOPPING = "stopping: running attempts are finished first, Ctrl-C again kills them"


def reach(found: Found, settings: RunSettings, connections: int, base_url: str | None) -> Reach:
    """How the models of a run are reached."""
    cache = user_cache_path("benchgen") / "answers" if settings.cache else None
    return Reach(found.settings, found.secrets, connections, base_url, cache)


class Crew(Record):
    """Who takes part in a run: the catalog, the models with their providers, and who keeps secrets out."""

    catalog: Catalog
    models: Sequence[Resolved]
    redactor: Redactor


def used_keys(models: Sequence[Resolved], secrets: Secrets) -> list[str]:
    """The names of the keys that a run may send; never their values."""
    return sorted(secrets.keys) if any(model.is_networked for model in models) else []


def run_to_end(folder: Path, config: RunConfig, wish: Wish, crew: Crew, display: Display) -> Ended:
    """Does what is wished with a run, showing its progress. A late Ctrl-C does not disturb the last lines."""
    try:
        with asyncio.Runner(loop_factory=loop_of(config.kind)) as runner:
            return runner.run(_run(folder, config, wish, crew, display))
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)


async def _run(folder: Path, config: RunConfig, wish: Wish, crew: Crew, display: Display) -> Ended:
    stop = Stop()
    try:
        if config.kind == "dataset":
            from benchgen.cli.run_rows import means_of, run_rows  # what rows alone need

            obey_signals(stop, display)
            with display:
                means = means_of(config, crew.models, crew.redactor)
                return await run_rows(folder, config, wish, means, stop, display)
        sandbox = await choose(preference(config.settings.sandbox))
        if sandbox.name == "none":
            click.echo(f"benchgen: {sandbox.describe()}", err=True)
        obey_signals(stop, display)
        with display:
            listener = _listener(folder, display, crew.redactor)
            return await execute(folder, config, wish, _means(config, crew, sandbox), stop, listener)
    finally:
        providers = {id(model.provider): model.provider for model in crew.models}  # models of one server share theirs
        await asyncio.gather(*(provider.close() for provider in providers.values()))


def _listener(folder: Path, display: Display, redactor: Redactor) -> Listener:
    """Shows an event, and keeps what it says to people in the run's folder."""

    def listen(event: Event) -> None:
        line = line_of(event)
        if line is not None:
            say(folder, f"{event.at} {line}", redactor=redactor)
        display.show(event)

    return listen


def _means(config: RunConfig, crew: Crew, sandbox: Sandbox) -> Means:
    networked = any(model.is_networked for model in crew.models)
    tasks = {task.task_id: task for task in crew.catalog.tasks() if task.task_id in config.tasks}
    _refuse_changed(config, tasks)
    return Means(
        tasks=tasks,
        providers={model.spec.model_id: model.provider for model in crew.models},
        sandbox=sandbox,
        tools_of=tools_with_requirements if config.settings.install_deps else tools_of,
        lanes=max(config.workers, config.max_connections) if networked else config.workers,
        judges=config.workers,
        requests=config.max_connections,
        clock=Clock(),
        redactor=crew.redactor,
    )


def _refuse_changed(config: RunConfig, tasks: dict[str, Task]) -> None:
    """A resumed run must meet the tasks that it was planned with, or its numbers would be of two benchmarks."""
    changed = [name for name, task in tasks.items() if config.tasks[name].digest != task.digest]
    if changed:
        raise BenchgenError(
            f"{', '.join(changed[:3])} changed since the run was planned",
            where=config.run_id,
            hint="start a new run, or put the task folders back as they were",
        )


def obey_signals(stop: Stop, display: Display, words: str = STOPPING) -> None:
    """The first Ctrl-C lets running attempts end, the second kills them; a request to terminate counts as the first."""
    loop = asyncio.get_running_loop()

    def interrupted() -> None:
        if stop.gently.is_set():
            stop.now.set()
        else:
            stop.gently.set()
            display.say(words)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupted)


def machine(name: str, entry: MachineEntry) -> Machine:
    """A machine of `[infra]` as a run records it."""
    return Machine(entry.kind, name, entry.instance_type, nanousd(entry.hourly_usd))
