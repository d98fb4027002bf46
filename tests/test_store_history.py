"""history.db: the seeds' tables letter for letter, always made again from the folders."""

import json
import re
import sqlite3
from contextlib import closing

import pytest
from factories import RUN_ID, START, at, make_run, make_runs, run_config

from benchgen import paths
from benchgen.clock import Clock
from benchgen.records.events import RunFinished
from benchgen.store.derived import finish, reindex
from benchgen.store.history import SCHEMA
from benchgen.store.log import append
from benchgen.store.removal import remove_run
from benchgen.store.uploads import add_dataset, delete_dataset

COLUMNS = {
    "runs": "run_id timestamp_utc model_id tasks_json accuracy total_cost total_duration summary_json",
    "attempts": "run_id task_id status duration prompt_tokens completion_tokens cost error",
    "datasets": "id name file_path count uploaded_at created_at",
    "benchmarks": "id model_id dataset_id status progress completed total throughput eta_seconds started_at "
    "completed_at total_time_seconds results_file metadata_file created_at",
}
SEED_003 = """CREATE TABLE benchmarks (
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
);"""


def ask(root, query):
    with closing(sqlite3.connect(root / paths.HISTORY)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(query)]


def everything(root):
    return {table: ask(root, f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4") for table in COLUMNS}


def dataset_run(root, **changes):
    config = run_config(kind="dataset", dataset_id="ds_0123456789ab", benchmark_id="bm_0123456789ab", **changes)
    return make_run(root, config, [None, "api_error"], artifacts=False)


def test_the_schema_of_seed_003_stands_letter_for_letter():
    assert SEED_003 in re.sub("IF NOT EXISTS ", "", SCHEMA)


@pytest.mark.parametrize("table", COLUMNS)
def test_each_table_has_the_seeds_columns_in_their_order(tmp_path, table):
    reindex(tmp_path)
    found = [row["name"] for row in ask(tmp_path, f"PRAGMA table_info({table})")]
    assert found == COLUMNS[table].split()


def test_a_run_has_a_row_for_each_model(tmp_path):
    config = run_config(models=("acme/fast", "acme/slow"))
    finish(tmp_path, make_run(tmp_path, config, [None, "tests_failed"]), Clock())
    rows = ask(tmp_path, "SELECT * FROM runs ORDER BY model_id")
    assert [(row["model_id"], row["accuracy"]) for row in rows] == [("acme/fast", 1.0), ("acme/slow", 0.0)]
    assert rows[0]["timestamp_utc"] == START
    assert json.loads(rows[0]["tasks_json"]) == ["task_0", "task_1"]
    assert {entry["model"] for entry in json.loads(rows[0]["summary_json"])["attempts"]} == {"acme/fast"}
    assert rows[0]["total_cost"] == pytest.approx(0.003)


def test_an_unknown_cost_is_null(tmp_path):
    finish(tmp_path, make_run(tmp_path, cost_nanousd=None), Clock())
    assert ask(tmp_path, "SELECT total_cost FROM runs") == [{"total_cost": None}]
    assert {row["cost"] for row in ask(tmp_path, "SELECT cost FROM attempts")} == {None}


def test_attempts_are_rows_with_status_and_error(tmp_path):
    finish(tmp_path, make_run(tmp_path, run_config(), [None, "tests_failed"]), Clock())
    rows = ask(tmp_path, "SELECT task_id, status, error, prompt_tokens FROM attempts")
    assert rows == [
        {"task_id": "task_0", "status": "passed", "error": None, "prompt_tokens": 120},
        {"task_id": "task_1", "status": "failed", "error": "it ended as tests_failed", "prompt_tokens": 120},
    ]


def test_a_dataset_run_is_a_benchmark_in_seed_003s_words(tmp_path):
    finish(tmp_path, dataset_run(tmp_path), Clock())
    (row,) = ask(tmp_path, "SELECT * FROM benchmarks")
    assert (row["id"], row["model_id"], row["dataset_id"]) == ("bm_0123456789ab", "acme/fast", "ds_0123456789ab")
    assert (row["status"], row["progress"], row["completed"], row["total"]) == ("completed", 100, 2, 2)
    assert (row["results_file"], row["total_time_seconds"]) == (f"{RUN_ID}/results.jsonl", 4.0)


def test_finishing_twice_leaves_one_set_of_rows(tmp_path):
    folder = dataset_run(tmp_path)
    finish(tmp_path, folder, Clock())
    once = everything(tmp_path)
    finish(tmp_path, folder, Clock())
    assert everything(tmp_path) == once


@pytest.mark.parametrize("damage", [None, b"", b"not a database at all" * 50, "cut", "other columns"])
def test_a_damaged_index_is_made_again_from_the_folders(tmp_path, damage):
    first, second, third = make_runs(tmp_path, 3, outcomes=[None, "timeout"])
    add_dataset(tmp_path, "ds_0123456789ab", "batch.jsonl", b"{}\n", 1)
    for folder in (first, second, third):
        finish(tmp_path, folder, Clock())
    before, path = everything(tmp_path), tmp_path / paths.HISTORY
    data = path.read_bytes()
    path.unlink()
    if damage == "other columns":
        with closing(sqlite3.connect(path)) as database:
            database.execute("CREATE TABLE runs (id INTEGER)")
    elif damage is not None:
        path.write_bytes(data[: len(data) // 2] if damage == "cut" else damage)
    reindex(tmp_path)
    assert everything(tmp_path) == before


def test_finishing_a_run_mends_an_index_that_lost_the_others(tmp_path):
    first, second = make_runs(tmp_path, 2)
    finish(tmp_path, first, Clock())
    (tmp_path / paths.HISTORY).write_bytes(b"not a database" * 100)
    finish(tmp_path, second, Clock())
    assert {row["run_id"] for row in ask(tmp_path, "SELECT run_id FROM runs")} == {first.name, second.name}


def test_a_run_that_cannot_be_read_does_not_stop_the_index(tmp_path):
    good, bad = make_runs(tmp_path, 2)
    (bad / paths.EVENTS).write_bytes(b"garbage\n")
    reindex(tmp_path)
    assert {row["run_id"] for row in ask(tmp_path, "SELECT run_id FROM runs")} == {good.name}


def test_a_run_is_removed_whole_where_the_index_is_damaged(tmp_path):
    folder = make_run(tmp_path)
    (tmp_path / paths.HISTORY).write_text("no database")
    remove_run(tmp_path, folder.name)
    assert [path.name for path in tmp_path.iterdir() if "run_" in path.name] == []


def test_a_removed_run_and_a_deleted_dataset_leave_no_row(tmp_path):
    finish(tmp_path, dataset_run(tmp_path), Clock())
    add_dataset(tmp_path, "ds_0123456789ab", "batch.jsonl", b"{}\n", 1)
    remove_run(tmp_path, RUN_ID)
    delete_dataset(tmp_path, "ds_0123456789ab")
    assert everything(tmp_path) == {table: [] for table in COLUMNS}


def test_a_canceled_run_is_spelled_as_seed_003_spells_it(tmp_path):
    config = run_config(kind="dataset")
    folder = make_run(tmp_path, config, finished=False, artifacts=False)
    append(folder, [RunFinished(at=at(9), status="canceled", exit_code=130)])
    finish(tmp_path, folder, Clock())
    assert ask(tmp_path, "SELECT status FROM benchmarks") == [{"status": "cancelled"}]
