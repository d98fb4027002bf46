"""The newest runs as a feed that readers of feeds can follow."""

from __future__ import annotations

from collections.abc import Sequence

from benchgen.numbers.rates import Rate
from benchgen.panels.appearance import Appearance
from benchgen.panels.run_line import RunLine
from benchgen.record import Record

MOST_RUNS = 50


class FeedModel(Record):
    """One model of a run and its rate."""

    model: str
    is_mock: bool
    rate: Rate


class FeedEntry(Record):
    """One complete run at its address."""

    run_id: str
    title: str
    url: str
    updated_at: str
    models: tuple[FeedModel, ...]


class Feed(Record):
    """All of it. `updated_at` is the end of the newest run, so that equal results give equal bytes."""

    title: str
    url: str
    base_url: str
    updated_at: str
    entries: tuple[FeedEntry, ...]


def feed(lines: Sequence[RunLine], appearance: Appearance, path: str) -> Feed:
    """The newest complete runs of all lines, newest first. Only a site with an address has a feed."""
    runs: dict[str, list[RunLine]] = {}
    for line in lines:
        if not line.is_partial and (line.run_id in runs or len(runs) < MOST_RUNS):
            runs.setdefault(line.run_id, []).append(line)
    base = appearance.base_url or ""
    entries = tuple(_entry(its, base) for its in runs.values())
    updated = max((entry.updated_at for entry in entries), default="1970-01-01T00:00:00Z")
    return Feed(f"{appearance.title}: runs", f"{base}{path}", base, updated, entries)


def _entry(lines: list[RunLine], base: str) -> FeedEntry:
    first = lines[0]
    models = tuple(FeedModel(line.model, line.is_mock, line.rate) for line in lines)
    title = f"{first.run_name or first.run_id} on {first.benchmark_name}"
    return FeedEntry(first.run_id, title, f"{base}{first.href}", first.finished_at or first.created_at, models)
