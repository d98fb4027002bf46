"""`benchgen run` of a dataset: a file of rows or an added one, checked, planned, asked; `resume` comes here, too."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from benchgen.catalog.rows import Checked, check, lines_of
from benchgen.catalog.select import limits
from benchgen.cli import options
from benchgen.cli.datasets_command import refuse_problems
from benchgen.cli.progress import Display, line_of
from benchgen.cli.rows_progress import EVERY, Meter
from benchgen.cli.words import counted, printable
from benchgen.errors import NotFound, UsageError
from benchgen.plan import RunRequest, Surroundings
from benchgen.providers.registry import Resolved
from benchgen.record import Record
from benchgen.records.events import AttemptFinished, Event, RunFinished
from benchgen.records.run import RunConfig, planned_total
from benchgen.redact import Redactor
from benchgen.runner.dataset_plan import Source, plan_rows, requests
from benchgen.runner.dataset_run import RowMeans, execute_rows
from benchgen.runner.journal import Listener
from benchgen.runner.lanes import Stop
from benchgen.runner.session import Ended, Wish
from benchgen.store.console import say
from benchgen.store.create import queue_run
from benchgen.store.datasets import DATASET_ID, dataset_file, get_dataset

CHUNK = 1 << 20
# Options of `run` that mean something to rows; --samples is refused when the run is planned.
_OPTIONS = frozenset(
    ("targets", "more_targets", "models", "samples", "max_connections", "limit", "temperature", "top_p", "max_tokens",
     "thinking_level", "timeout", "max_retries", "max_time", "max_cost", "max_tokens_total", "base_url", "seed",
     "cache", "response_file", "response_text", "name", "note", "dry_run", "fail_under", "display", "as_json",
     "results_dir", "tasks_dir")
)  # fmt: skip


class FileLines(Record):
    """The lines of a file, as often as they are asked for, never all of them at once."""

    path: Path

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            yield from lines_of(iter(lambda: file.read(CHUNK), b""))


def plan_dataset(
    targets: Sequence[str], limit: str | None, root: Path, request: RunRequest, around: Surroundings
) -> tuple[RunConfig, Source]:
    """The run of the one dataset that is named. UsageError lists what is wrong with its lines."""
    options.refuse_others(_OPTIONS, "a dataset", "leave it out; --limit chooses rows")
    source = _source(targets, limit, root)
    return plan_rows(request, source, around), source


def queue_rows(root: Path, config: RunConfig, source: Source, env_keys: Sequence[str], redactor: Redactor) -> Path:
    """The folder of the run, with its requests in it."""
    return queue_run(root, config, env_keys, redactor=redactor, requests=requests(source))


def announce(config: RunConfig, results: Path) -> None:
    """What will run, before it does."""
    models = len(config.models)
    click.echo(
        f"{counted(planned_total(config) // models, 'row')} × {counted(models, 'model')}, "
        f"{config.max_connections} asked at once\nfolder  {results / config.run_id}\n"
        f"watch   benchgen serve --results-dir {results}",
        err=True,
    )


def preview(source: Source) -> int:
    """The first request, for `--dry-run`."""
    click.echo("The first request:\n")
    click.echo(next(requests(source)), nl=False)
    return 0


def means_of(config: RunConfig, models: Sequence[Resolved], redactor: Redactor) -> RowMeans:
    """What the run needs from outside."""
    providers = {model.spec.model_id: model.provider for model in models}
    return RowMeans(providers, lanes=config.max_connections, redactor=redactor)


async def run_rows(folder: Path, config: RunConfig, wish: Wish, means: RowMeans, stop: Stop, display: Display) -> Ended:
    """Asks what is left of a run's rows, and keeps a line on its progress in the run's folder."""
    return await execute_rows(folder, config, wish, means, stop, _listener(folder, config, display, means.redactor))


def _listener(folder: Path, config: RunConfig, display: Display, redactor: Redactor) -> Listener:
    meter, said = Meter(planned_total(config), getattr(display, "done", 0)), [time.monotonic()]

    def listen(event: Event) -> None:
        if isinstance(event, AttemptFinished):
            meter.take(event.outcome)
            line = meter.line() if time.monotonic() - said[0] >= EVERY else None
        else:
            line = meter.line() if isinstance(event, RunFinished) else line_of(event)
        if line is not None:
            said[0] = time.monotonic()
            say(folder, f"{event.at} {line}", redactor=redactor)
        display.show(event)

    return listen


def added_source(root: Path, dataset_id: str, limit: str | None) -> Source:
    """A dataset that was added, which was checked then. NotFound where there is none."""
    name = get_dataset(root, dataset_id).name
    return Source(name, FileLines(dataset_file(root, dataset_id)), dataset_id, None if limit is None else limits(limit))


def _source(targets: Sequence[str], limit: str | None, root: Path) -> Source:
    if len(targets) != 1:
        raise UsageError("a dataset runs alone", where=", ".join(targets), hint="name one file or dataset id")
    target = targets[0]
    if DATASET_ID.fullmatch(target):
        path, name, dataset_id = dataset_file(root, target), get_dataset(root, target).name, target
    else:
        path, name, dataset_id = Path(target), Path(target).name, None
    if not path.is_file():
        raise NotFound("no such file", where=target, hint="benchgen datasets list shows what was added")
    lines = FileLines(path)
    checked = check(lines)
    refuse_problems(checked, target)
    _warn(checked)
    return Source(name, lines, dataset_id, None if limit is None else limits(limit))


def _warn(checked: Checked) -> None:
    for warning in checked.warnings:
        click.echo(f"! {printable(warning)}", err=True)
