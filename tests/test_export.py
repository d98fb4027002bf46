"""Exports: each row of a dataset once, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

import factories
import pytest
import toys
from factories import outcomes_of, run_config, run_events
from row_runs import RUN, make_run

from benchgen.export import export
from benchgen.record import replace
from benchgen.records.run import planned
from benchgen.store.log import append
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


HOSTILE = '</failure><script>alert(1)</script> & "quoted" \x00\x1b[31m ]]> \ud800 | `x`'


@pytest.fixture
def judged(tmp_path):
    config = run_config(tasks=["good", "bad", "gone", "slow"], models=("acme/fast", 'lab/<b>"&'), samples=2)
    outcomes = {"bad": "tests_failed", "gone": "api_error", "slow": "not_runnable"}
    made = outcomes_of(config, outcomes)
    folder = factories.make_run(tmp_path, config, outcomes, artifacts=False, upto=0, finished=False)
    made = [replace(one, message=HOSTILE if one.category else "") for one in made]
    append(folder, run_events(config, made)[2:], sync=False)
    return Results(tmp_path)


def document(judged):
    return ElementTree.fromstring(b"".join(export(judged, factories.RUN_ID, "junit")))


# What Ant's schema and Jenkins' both ask for: attributes, and the order of children.
NEEDED = {"id", "name", "package", "timestamp", "hostname", "tests", "failures", "errors", "time"}


def test_junit_keeps_to_the_usual_schema(judged):
    root = document(judged)
    assert (root.tag, root.attrib) == ("testsuites", {})
    for suite in root:
        assert NEEDED <= suite.attrib.keys() <= NEEDED | {"skipped"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.attrib["timestamp"])
        tags = [child.tag for child in suite]
        assert tags == ["properties", *["testcase"] * 8, "system-out", "system-err"]
        for case in suite.iter("testcase"):
            assert case.attrib.keys() == {"name", "classname", "time"}
            assert len(case) <= 1
            assert all(child.tag in ("failure", "error", "skipped") for child in case)


def test_a_suite_is_a_model_and_its_counts_are_its_cases(judged):
    root = document(judged)
    assert [suite.attrib["name"] for suite in root] == ["acme/fast", 'lab/<b>"&']
    for suite in root:
        for counter, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[counter]) == len(list(suite.iter(tag))) == 2


def test_what_a_model_wrote_is_text_in_junit(judged):
    (first, *_) = document(judged).iter("failure")
    assert first.text.startswith('</failure><script>alert(1)</script> & "quoted" ')
    assert not list(document(judged).iter("script"))


def test_a_report_in_markdown_is_text_and_names_what_failed(judged):
    text = b"".join(export(judged, factories.RUN_ID, "md")).decode()
    assert "| acme/fast | 50.0 % |" in text
    assert "\\<script>" in text
    assert "<script>" not in text.replace("\\<script>", "")
    lines = [line for line in text.splitlines() if line.startswith("| bad |")]
    assert {line.replace("\\|", "").count("|") for line in lines} == {7}


def test_json_holds_the_run_and_every_outcome_in_the_order_of_the_plan(judged):
    found = json.loads(b"".join(export(judged, factories.RUN_ID, "json")))
    assert found["run"]["run_id"] == factories.RUN_ID
    assert [one["attempt"] for one in found["outcomes"]] == [
        one.attempt for one in planned(judged.config(factories.RUN_ID))
    ]


def test_a_dataset_is_exported_in_every_form(results):
    assert len(json.loads(b"".join(export(results, RUN, "json")))["outcomes"]) == 2 * len(ROWS)
    root = ElementTree.fromstring(b"".join(export(results, RUN, "junit")))
    assert [len(list(suite.iter("testcase"))) for suite in root] == [len(ROWS)] * 2
    assert b"| test/b | 0.0 % |" in b"".join(export(results, RUN, "md"))
