"""`benchgen datasets add|list|show|rm`: files of rows that any model can be run on."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import click

from benchgen import codec
from benchgen.catalog.rows import MOST_PROBLEMS, Checked, Row, check, lines_of, read_row
from benchgen.cli import options
from benchgen.cli.tables import show, table
from benchgen.cli.words import counted, printable
from benchgen.errors import UsageError
from benchgen.store import datasets
from benchgen.store.uploads import CHUNK, delete_dataset, incoming, new_dataset_id

PREVIEW = 5
_SHOWN = 200


@click.group("datasets", short_help="Add, list, show and remove datasets.")
def command() -> None:
    """Add, list, show and remove datasets."""


@command.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="What to call it.  [default: the file's name]")
@options.results_dir
@options.as_json
def add_command(file: Path, name: str | None, results_dir: Path, as_json: bool) -> int:
    """Check FILE, OpenAI-batch JSONL or simple rows, and keep it."""
    checked = check(lines_of(_chunks(file)))
    refuse_problems(checked, str(file))
    for warning in checked.warnings:
        click.echo(f"! {printable(warning)}", err=True)
    with incoming(results_dir.resolve()) as one:
        for chunk in _chunks(file):
            one.write(chunk)
        added = one.keep(new_dataset_id(secrets.token_hex(6)), name or file.name, checked.count)
    if as_json:
        click.echo(codec.file(added), nl=False)
    else:
        click.echo(f"{added.id}  {counted(added.count, 'row')}  {printable(added.name)}")
        click.echo(f"next    benchgen run {added.id} -m MODEL", err=True)
    return 0


@command.command("list")
@options.results_dir
@options.as_json
def list_command(results_dir: Path, as_json: bool) -> int:
    """The datasets that were added, newest first."""
    found = datasets.list_datasets(results_dir.resolve())
    if as_json:
        click.echo(codec.file(found), nl=False)
        return 0
    shown = table("dataset", "name", "rows", "bytes", "added")
    for one in found:
        shown.add_row(one.id, printable(one.name), f"{one.count:,}", f"{one.bytes:,}", one.uploaded_at)
    show(shown)
    return 0


@command.command("show")
@click.argument("dataset")
@click.option("--rows", type=click.IntRange(0), default=PREVIEW, show_default=True, help="How many rows to show.")
@options.results_dir
@options.as_json
def show_command(dataset: str, rows: int, results_dir: Path, as_json: bool) -> int:
    """What DATASET is, and its first rows."""
    root = results_dir.resolve()
    found = datasets.get_dataset(root, dataset)
    with datasets.dataset_file(root, dataset).open("rb") as file:
        lines = list(islice(file, rows))
    preview = [read_row(line.removeprefix(b"\xef\xbb\xbf"), f"{dataset} line {n}") for n, line in enumerate(lines, 1)]
    if as_json:
        click.echo(codec.file({**codec.plain(found), "preview": [codec.plain(row) for row in preview]}), nl=False)
        return 0
    size = f"{counted(found.count, 'row')}  {found.bytes:,} bytes"
    click.echo(f"{found.id}  {printable(found.name)}  {size}  {found.uploaded_at}")
    shown = table("id", "scorer", "expected", "asked")
    for row in preview:
        shown.add_row(*_preview(row))
    show(shown)
    return 0


@command.command("rm")
@click.argument("dataset")
@options.results_dir
def rm_command(dataset: str, results_dir: Path) -> int:
    """Remove DATASET; the results of runs made with it stay."""
    delete_dataset(results_dir.resolve(), dataset)
    click.echo(f"{dataset} is removed", err=True)
    return 0


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        yield from iter(lambda: source.read(CHUNK), b"")


def refuse_problems(checked: Checked, where: str) -> None:
    """UsageError lists what is wrong, line by line; nothing happens to sound rows."""
    if checked.problems:
        listed = "\n".join(f"  line {one.line}: {printable(one.reason)}" for one in checked.problems)
        more = ", the first of them" if len(checked.problems) == MOST_PROBLEMS else ""
        count = len(checked.problems)
        raise UsageError(f"{count} {'line is' if count == 1 else 'lines are'} no row{more}\n{listed}", where=where)


def _preview(row: Row) -> tuple[str, ...]:
    expected = "" if row.scorer.expected is None else codec.compact(row.scorer.expected).decode()
    return row.custom_id, row.scorer.name, printable(expected[:_SHOWN]), printable(row.messages[-1].content[:_SHOWN])
