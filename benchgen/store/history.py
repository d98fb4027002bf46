"""`history.db`: an SQLite index of results, for questions in SQL; the folders are the truth, it can be made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from benchgen import paths
from benchgen.errors import BadFile, BenchgenError, DiskFull
from benchgen.record import Record, field

Row = tuple[str | int | float | None, ...]

# Seed 000's two tables and seed 003's two, with their columns letter for letter.
SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    run_id TEXT NOT NULL,
    timestamp_utc TEXT NOT NULL,
    model_id TEXT NOT NULL,
    tasks_json TEXT NOT NULL,
    accuracy REAL,
    total_cost REAL,
    total_duration REAL,
    summary_json TEXT NOT NULL,
    PRIMARY KEY (run_id, model_id)
);
CREATE TABLE IF NOT EXISTS attempts (
    run_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    status TEXT NOT NULL,
    duration REAL,
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    cost REAL,
    error TEXT
);
CREATE INDEX IF NOT EXISTS attempts_of_run ON attempts (run_id);
CREATE TABLE IF NOT EXISTS datasets (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    file_path TEXT NOT NULL,
    count INTEGER NOT NULL,
    uploaded_at TIMESTAMP NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE IF NOT EXISTS benchmarks (
    id TEXT PRIMARY KEY,
    model_id TEXT NOT NULL,
    dataset_id TEXT NOT NULL,
    status TEXT NOT NULL,  -- 'running', 'completed', 'failed'
    progress INTEGER DEFAULT 0,
    completed INTEGER DEFAULT 0,
    total INTEGER NOT NULL,
    throughput FLOAT DEFAULT 0,
    eta_seconds INTEGER DEFAULT 0,
    started_at TIMESTAMP NOT NULL,
    completed_at TIMESTAMP,
    total_time_seconds FLOAT,
    results_file TEXT,
    metadata_file TEXT,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (model_id) REFERENCES model_registry(model_id),
    FOREIGN KEY (dataset_id) REFERENCES datasets(id)
);
"""
_INSERT = {
    "runs": "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "attempts": "INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "datasets": "INSERT OR REPLACE INTO datasets VALUES (?, ?, ?, ?, ?, ?)",
    "benchmarks": "INSERT OR REPLACE INTO benchmarks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
}
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


class Damaged(BadFile):
    """The index cannot be read, or has other columns than ours: it must be made anew."""


class Rows(Record):
    """What one run, or one dataset, puts into the index; `run_id` says whose older rows they replace."""

    run_id: str | None = None
    by_table: Mapping[str, Iterable[Row]] = field(default_factory=dict)


def results_file(run_id: str) -> str:
    """Where a dataset run's rows are, relative to the root: what ties a `benchmarks` row to its run."""
    return f"{run_id}/{paths.RESULTS}"


def record(root: Path, rows: Rows) -> None:
    """Puts rows into the index, in place of older ones of the same run; only under the root lock."""
    with _open(root / paths.HISTORY) as database:
        if rows.run_id is not None:
            _forget(database, rows.run_id)
        _insert(database, rows)


def build(path: Path, every: Iterable[Rows]) -> None:
    """A whole index, in a file that nobody reads yet."""
    path.unlink(missing_ok=True)
    with _open(path) as database:
        for rows in every:
            _insert(database, rows)


def forget_run(root: Path, run_id: str) -> None:
    """Takes a run out of the index; only under the root lock."""
    if (root / paths.HISTORY).exists():
        with _open(root / paths.HISTORY) as database:
            _forget(database, run_id)


def forget_dataset(root: Path, dataset_id: str) -> None:
    """Takes a dataset out of the index; only under the root lock."""
    if (root / paths.HISTORY).exists():
        with _open(root / paths.HISTORY) as database:
            database.execute("DELETE FROM datasets WHERE id = ?", (dataset_id,))


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on the index. Damaged when it is no index of ours, DiskFull when it cannot grow."""
    try:
        with closing(sqlite3.connect(path)) as database, database:
            database.executescript(SCHEMA)
            yield database
    except sqlite3.Error as fault:
        if fault.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise DiskFull("disk full", where=str(path.parent)) from fault
        if fault.sqlite_errorcode & 0xFF in _BROKEN:
            raise Damaged(str(fault), where=str(path), hint="benchgen index makes it anew from the runs") from fault
        raise BenchgenError(f"cannot be written: {fault}", where=str(path)) from fault


def _insert(database: sqlite3.Connection, rows: Rows) -> None:
    for table, lines in rows.by_table.items():
        database.executemany(_INSERT[table], lines)


def _forget(database: sqlite3.Connection, run_id: str) -> None:
    database.execute("DELETE FROM runs WHERE run_id = ?", (run_id,))
    database.execute("DELETE FROM attempts WHERE run_id = ?", (run_id,))
    database.execute("DELETE FROM benchmarks WHERE results_file = ?", (results_file(run_id),))
