"""From a dataset and models to a run that could start: its config, and the requests that it keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice

from benchgen.catalog.rows import Row, read_row, spell
from benchgen.errors import UsageError
from benchgen.plan import MOST_ATTEMPTS, RunRequest, Surroundings, frame
from benchgen.record import Record, replace
from benchgen.records.run import RunConfig
from benchgen.records.task import TaskCard

MOST_CARDS = 1_000
"""Rows whose domains a run freezes in its config, for the figures by domain; of more rows there are none."""


class Source(Record):
    """A checked dataset: its lines, which can be read again and again, and its id where it was added."""

    name: str
    lines: Iterable[bytes]
    dataset_id: str | None = None
    limit: range | None = None

    def rows(self) -> Iterator[Row]:
        """Its rows, as far as the limit lets them pass."""
        lines = self.lines if self.limit is None else islice(self.lines, self.limit.start, self.limit.stop)
        for number, line in enumerate(lines, 1 + (self.limit.start if self.limit else 0)):
            yield read_row(line.removeprefix(b"\xef\xbb\xbf"), f"{self.name} line {number}")


class Sum(Record):
    """What one reading of all rows comes to."""

    count: int
    task_set: str
    cards: dict[str, TaskCard]


def plan_rows(request: RunRequest, source: Source, around: Surroundings) -> RunConfig:
    """The run. UsageError when no row or no model is left, or when there are more than anybody can mean."""
    found = sum_of(source)
    _check(request, found.count)
    return replace(
        frame(request, around),
        benchmark_name=source.name,
        kind="dataset",
        tasks=found.cards,
        samples=1,
        workers=request.max_connections,
        task_set=found.task_set,
        dataset_id=source.dataset_id,
        total=found.count * len(request.models),
    )


def requests(source: Source) -> Iterator[bytes]:
    """The lines of the run's `requests.jsonl`."""
    return (spell(row) for row in source.rows())


def sum_of(source: Source) -> Sum:
    """How many rows a dataset has, what tells it from others, and its rows' domains."""
    digest, count, cards, has_domain = hashlib.sha256(), 0, {}, False
    for row in source.rows():
        digest.update(spell(row))
        count += 1
        has_domain = has_domain or bool(row.domain)
        if count <= MOST_CARDS:
            cards[row.custom_id] = TaskCard("", "", "", "", row.domain, (), (), "")
    kept = cards if has_domain and count <= MOST_CARDS else {}
    return Sum(count, digest.hexdigest()[:12], kept)


def _check(request: RunRequest, count: int) -> None:
    if not count:
        raise UsageError("no row is left", where="--limit", hint="rows are counted from 1")
    if request.samples != 1:
        raise UsageError("a row is asked once of each model", where="--samples", hint="leave it out")
    ids = [model.model_id for model in request.models]
    if len(set(ids)) != len(ids):
        raise UsageError("a model is named twice", where="-m", hint="leave one out")
    if count * len(ids) > MOST_ATTEMPTS:
        raise UsageError(f"that would be more than {MOST_ATTEMPTS:,} attempts", where="--limit")
