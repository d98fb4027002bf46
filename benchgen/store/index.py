"""Keeping `history.db` in step with the folders, and making it anew from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from benchgen import paths
from benchgen.errors import BenchgenError
from benchgen.redact import Redactor
from benchgen.store import history
from benchgen.store.account import account_of
from benchgen.store.datasets import list_datasets
from benchgen.store.history_rows import dataset_rows
from benchgen.store.runs import Results

_PLAIN = Redactor()


def put(root: Path, rows: history.Rows, redactor: Redactor = _PLAIN) -> None:
    """Adds rows to the index, in place of older ones of the same run; a damaged index is made anew from all folders.

    Only under the root lock, and when the folder that the rows come from is complete.
    """
    _or_anew(root, lambda: history.record(root, rows), redactor)


def forget_run(root: Path, run_id: str) -> None:
    """Takes a run whose folder is gone out of the index; only under the root lock."""
    _or_anew(root, lambda: history.forget_run(root, run_id))


def forget_dataset(root: Path, dataset_id: str) -> None:
    """Takes a dataset whose folder is gone out of the index; only under the root lock."""
    _or_anew(root, lambda: history.forget_dataset(root, dataset_id))


def _or_anew(root: Path, change: Callable[[], None], redactor: Redactor = _PLAIN) -> None:
    try:
        change()
    except history.Damaged:
        rebuild(root, redactor)


def rebuild(root: Path, redactor: Redactor = _PLAIN) -> None:
    """The whole index from the folders, in place of the old one at once; only under the root lock."""
    fresh = root / f".{paths.HISTORY}.new"
    history.build(fresh, _every(root, redactor))
    fresh.replace(root / paths.HISTORY)


def _every(root: Path, redactor: Redactor) -> Iterator[history.Rows]:
    """Oldest run first; what cannot be read is not indexed."""
    results = Results(root)
    for run_id in reversed(results.list()):
        try:
            yield account_of(results.home(run_id), redactor).rows
        except (BenchgenError, OSError):
            continue
    for dataset in list_datasets(root):
        yield dataset_rows(dataset)
