"""A run's log read once, for all that is derived from it."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from pathlib import Path

from benchgen import paths
from benchgen.digest import Counting, digest_of
from benchgen.fold import Fold
from benchgen.record import Record
from benchgen.records.digest import RunDigest
from benchgen.records.events import AttemptSuperseded, Event
from benchgen.records.run import RunConfig
from benchgen.records.state import AttemptRow, RunState
from benchgen.records.summary import Summary
from benchgen.redact import Redactor
from benchgen.store.history import Row, Rows
from benchgen.store.history_rows import AttemptRows, attempt_row, run_rows
from benchgen.store.log import LogReader
from benchgen.store.runs import read_config
from benchgen.store.summaries import summary_of


class Account(Record):
    """What a log comes to. The state of a dataset run holds no rows: there may be a hundred thousand."""

    state: RunState
    digest: RunDigest
    summary: Summary
    rows: Rows


def account_of(folder: Path, redactor: Redactor) -> Account:
    """A run as its log says now."""
    config = read_config(folder)
    brief = _Brief(config, redactor).read(folder) if config.kind == "dataset" else None
    if brief is not None:
        return _told(folder, brief.state, brief.counting.digest(brief.state), brief.lines, redactor)
    fold = Fold(config)
    LogReader(folder / paths.EVENTS).scan(fold.take)
    state = fold.state()
    lines = [attempt_row(config.run_id, row, redactor) for row in state.counted_rows()]
    return _told(folder, state, digest_of(state), lines, redactor)


def _told(folder: Path, state: RunState, digest: RunDigest, lines: Iterable[Row], redactor: Redactor) -> Account:
    summary = summary_of(folder, state, digest)
    return Account(state, digest, summary, run_rows(state, digest, summary, lines, redactor))


class _Looked(Record):
    """What is left of a dataset run whose outcomes were looked at; the fold, which knows them by name, is not."""

    state: RunState
    counting: Counting
    lines: AttemptRows


class _Brief:
    """A dataset run of which each outcome is looked at once and let go: memory hardly grows with its rows."""

    def __init__(self, config: RunConfig, redactor: Redactor) -> None:
        self._counting = Counting(each_once=True)
        self._lines = AttemptRows(config.run_id, redactor)
        self._fold = Fold(config, keeps_rows=False, on_row=self._count)
        self._is_repeated = False

    def read(self, folder: Path) -> _Looked | None:
        """None where that is not enough: an outcome that another one replaced would have been counted."""
        LogReader(folder / paths.EVENTS).scan(self._take)
        state = self._fold.state()
        del self._fold
        gc.collect()  # a fold is held by its own parts, and holds every id
        return None if self._is_repeated else _Looked(state, self._counting, self._lines)

    def _take(self, event: Event, offset: int, length: int) -> None:
        self._fold.take(event, offset, length)
        self._is_repeated = self._is_repeated or isinstance(event, AttemptSuperseded)

    def _count(self, row: AttemptRow) -> None:
        self._is_repeated = self._is_repeated or row.replaces is not None or row.sample > 0 or row.steps != 1
        self._counting.add(row)
        self._lines.add(row)
