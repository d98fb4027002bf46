"""Exports: each row of a dataset once, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json

import pytest
import toys
from row_runs import RUN, make_run

from benchgen.export import export
from benchgen.store.runs import Results

ROWS = [{"id": f"r{n}", "prompt": str(n), "expected": str(n)} for n in range(1_200)]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    root = tmp_path_factory.mktemp("export")
    make_run(root, ROWS, {"test/a": lambda asked: asked, "test/b": lambda asked: '=cmd|"x"!A1'})
    return Results(root)


def table(results: Results, run_id: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(export(results, run_id, "csv")).decode(), newline="")))


def test_every_row_is_exported_once_in_the_datasets_order(results):
    lines = [json.loads(line) for line in b"".join(export(results, RUN, "jsonl")).splitlines()]
    assert [line["custom_id"] for line in lines if line["model"] == "test/a"] == [row["id"] for row in ROWS]
    assert len(lines) == 2 * len(ROWS)
    assert {line["response"]["body"]["choices"][0]["message"]["content"] for line in lines[1::2]} == {'=cmd|"x"!A1'}


def test_a_table_says_what_was_expected_and_answered(results):
    first = table(results, RUN)[0]
    wanted = {"custom_id": "r0", "model": "test/a", "status": "passed", "expected": "0", "response": "0"}
    assert {name: first[name] for name in wanted} == wanted


def test_no_cell_is_a_formula_and_numbers_stay_numbers(tmp_path, results):
    assert table(results, RUN)[1]["response"] == """'=cmd|"x"!A1"""
    make_run(tmp_path, [{"id": "a", "prompt": "x", "expected": -5}], {"test/a": lambda asked: "-5"})
    assert table(Results(tmp_path), RUN)[0]["response"] == "-5"


def test_attempts_of_tasks_are_exported_too(tmp_path):
    tasks = toys.make_catalog(tmp_path / "tasks", 2)
    toys.run("run", "all", "-m", "builtin/noop", "--tasks-dir", tasks, cwd=tmp_path)
    done = toys.run("export", "latest", cwd=tmp_path)
    assert [row["task"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["toy_0", "toy_1"]
    lines = toys.run("export", "latest", "--format", "jsonl", cwd=tmp_path).stdout.splitlines()
    assert {json.loads(line)["category"] for line in lines} == {"no_diff"}
