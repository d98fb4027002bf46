"""Run folders of other harnesses, of every kind, become runs that say what their files say, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import foreign_runs as foreign
import pytest
import toys
from test_importing import make_folder

from benchgen import paths
from benchgen.errors import BadFile, BenchgenError, UsageError
from benchgen.formats.foreign import kind_of
from benchgen.imports.files import import_files
from benchgen.imports.folder import import_folder
from benchgen.imports.place import Place
from benchgen.panels.run_head import run_head
from benchgen.records.annotations import Annotations
from benchgen.records.attempt import Attempt
from benchgen.store.annotations import annotate, read_annotations
from benchgen.store.runs import Results

LOG = Path(__file__).parent / "inspect_logs" / "newer.eval"


def taken(source: Path) -> Path:
    return import_folder(source, Place(source.parent.parent / "ours"))


def told(folder: Path) -> dict:
    return json.loads((folder / paths.SUMMARY).read_text())


def outcomes(folder: Path) -> dict[str, Attempt]:
    results = Results(folder.parent)
    rows = results.load(folder.name).rows
    return {row.task: results.outcome(folder.name, row.line) for row in rows}


def of_one(tmp_path: Path, **said: object) -> Attempt:
    folder = taken(foreign.code_run(tmp_path / "theirs", [foreign.attempt("a", **said)]))
    return outcomes(folder)["a"]


@pytest.mark.parametrize(
    ("make", "kind"), [(foreign.code_run, "code"), (foreign.engine_run, "openbench"), (foreign.batch_run, "dataset")]
)
def test_a_folder_s_kind_is_told_by_what_lies_in_it(tmp_path, make, kind):
    source = make(tmp_path / "theirs")
    assert kind_of(source) == kind
    assert told(taken(source))["kind"] == kind


def test_a_code_run_has_the_rate_the_tokens_and_the_money_of_its_list(tmp_path):
    found = told(taken(foreign.code_run(tmp_path / "theirs")))
    assert (found["num_success"], found["success_rate"]) == (1, pytest.approx(1 / 3))
    assert found["metrics"]["api_errors_excluded"] == 1
    assert found["token_usage"] == {"prompt_tokens": 3600, "completion_tokens": 1020, "total_cost_usd": 0.00369}
    assert found["created_at"] == "2025-11-01T10:15:42.123Z"


@pytest.mark.parametrize(
    ("make", "known"),
    [
        (foreign.code_run, {"temperature": "0.2", "max_tokens": "4096", "top_p": None, "include_tests": "yes"}),
        (foreign.engine_run, {"max_retries": "3"}),
        (foreign.batch_run, {}),
        (make_folder, {}),
    ],
)
def test_settings_that_nobody_said_are_shown_by_no_page(tmp_path, make, known):
    source = make(tmp_path / "theirs")
    if make is foreign.code_run:
        foreign.code_run(tmp_path / "theirs", top_p=None, include_tests=True, install_deps="rubbish")
    if make is foreign.engine_run:
        foreign.engine_run(tmp_path / "theirs", max_retries=3)
    folder = taken(source)
    head = run_head(Results(folder.parent).load(folder.name), Annotations())
    assert {one.name: one.value for one in head.settings} == known
    assert (head.is_told, head.seed, head.workers) == (True, None, None)


def test_an_export_says_null_of_what_nobody_said(tmp_path):
    found = told(taken(foreign.code_run(tmp_path / "theirs", include_tests=False)))
    assert (found["include_tests"], found["install_deps"]) == (False, None)


def test_an_attempt_says_what_its_entry_says(tmp_path):
    found = outcomes(taken(foreign.code_run(tmp_path / "theirs")))
    categories = {task: one.category for task, one in found.items()}
    assert list(categories.values()) == [None, "tests_failed", "patch_failed", "api_error"]
    failed = found["go_expert_token_bucket"]
    assert failed.judge is not None
    assert (failed.judge.exit_code, failed.judge.wall_seconds) == (1, None)
    assert (failed.duration_seconds, failed.api_latency_seconds) == (6.5, 4.25)
    assert found["rust_expert_lru_cache"].message.startswith("Patch failed dry-run validation")


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ({"status": "timeout"}, "timeout"),
        ({"status": "cancelled"}, "canceled"),
        ({"status": "skipped"}, "not_runnable"),
        ({"status": "error", "error": "Evaluation timed out after 300 seconds"}, "timeout"),
        ({"status": "error", "error": "OpenRouter API request failed"}, "api_error"),
        ({"status": "error", "error": "No diff block found in the response"}, "no_diff"),
        ({"status": "error", "error": "compile_error"}, "compile_error"),
        ({"status": "error"}, "no_answer"),
        ({"status": "exploded"}, "harness"),
        ({"status": ["passed"]}, "harness"),
    ],
)
def test_a_status_is_taken_for_what_it_says_and_an_unknown_one_is_in_no_rate(tmp_path, said, category):
    assert of_one(tmp_path, **said).category == category


def test_runs_of_the_same_tasks_are_compared_and_those_of_others_are_not(tmp_path):
    sets = []
    for number, tasks in enumerate((["a", "b"], ["b", "a"], ["a", "c"])):
        listed = [foreign.attempt(task, status="passed") for task in tasks]
        folder = taken(foreign.code_run(tmp_path / str(number) / "theirs", listed, tasks=tasks))
        sets.append(Results(folder.parent).config(folder.name).task_set)
    assert sets[0] == sets[1] != sets[2]


def test_an_answer_whose_cost_nobody_says_makes_the_cost_unknown(tmp_path):
    source = foreign.code_run(tmp_path / "theirs", [foreign.attempt("a", status="passed", cost_usd=None, usage=None)])
    found = told(taken(source))
    assert found["cost_usd"] is None
    assert found["attempts"][0]["usage"] is None and found["attempts"][0]["cost_usd"] is None


def test_files_of_an_attempt_come_with_it_and_end_as_excerpts(tmp_path):
    source = foreign.code_run(tmp_path / "theirs")
    folder = taken(source)
    one = outcomes(folder)["python_tool_weather_cli"]
    assert (folder / one.folder / paths.RESPONSE).read_text() == "a diff"
    assert [artifact.name for artifact in one.artifacts] == ["prompt.txt", "response.txt", "stdout.log"]
    assert one.stdout_excerpt == "3 passed in 0.1s"
    assert not outcomes(folder)["go_expert_token_bucket"].folder


@pytest.mark.parametrize("where", ["../../secret", "/etc", "link", "a\\b", "", "a\0b", 7, "x" * 5000])
def test_files_outside_of_the_folder_are_left_where_they_are(tmp_path, where):
    foreign.write(tmp_path / "secret" / "key.txt", "secret")
    source = foreign.code_run(tmp_path / "theirs", [foreign.attempt("a", status="passed", attempt_dir=where)])
    (source / "link").symlink_to(tmp_path / "secret")
    folder = taken(source)
    assert not outcomes(folder)["a"].artifacts
    assert b"secret" not in b"".join(path.read_bytes() for path in folder.rglob("*.txt"))


def test_two_entries_of_one_sample_are_both_kept_and_it_is_said(tmp_path):
    same = [foreign.attempt("a", status="passed"), foreign.attempt("a", status="failed")]
    folder = taken(foreign.code_run(tmp_path / "theirs", same))
    assert [one["sample_index"] for one in told(folder)["attempts"]] == [0, 1]
    assert "1 attempts had the number of another" in Results(folder.parent).config(folder.name).note


def test_what_makes_no_sense_in_a_list_is_left_out_and_counted(tmp_path):
    rubbish = [None, 7, [], {}, {"task_id": "a"}, {"task_id": ["a"], "model": "m"}]
    folder = taken(foreign.code_run(tmp_path / "theirs", [*rubbish, foreign.attempt("a", status="passed")]))
    assert len(told(folder)["attempts"]) == 1
    assert (
        Results(folder.parent).config(folder.name).note
        == "left out, because unreadable: 6 of the entries of `attempts`"
    )


def test_numbers_beyond_all_reason_are_unknown(tmp_path):
    text = (
        '{"attempts": [{"task_id": "a", "model": "m", "status": "passed", "sample_index": -4, "return_code": 1e300,'
        ' "duration_seconds": NaN, "cost_usd": Infinity, "api_latency_seconds": -1,'
        ' "usage": {"prompt_tokens": 1e30, "completion_tokens": -5}}]}'
    )
    source = foreign.code_run(tmp_path / "theirs")
    (source / paths.SUMMARY).write_text(text)
    (entry,) = told(taken(source))["attempts"]
    names = ("sample_index", "return_code", "duration_seconds", "cost_usd", "api_latency_seconds", "usage")
    assert [entry[name] for name in names] == [0, None, 0.0, None, None, None]


def test_names_of_any_kind_become_ids_that_pages_can_show(tmp_path):
    wild = ["a\nb", "../../etc/passwd", "<script>alert(1)</script>", "x" * 5000, "\ud800"]
    folder = taken(foreign.code_run(tmp_path / "theirs", [foreign.attempt(one, status="passed") for one in wild]))
    names = list(outcomes(folder))
    assert len(names) == len(wild) and all(name.isprintable() and len(name) < 220 for name in names)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"attempts": ', "not valid JSON"),
        ("[1]", "no JSON object"),
        ('{"attempts": {"a": 1}}', "`attempts` is no list"),
        ('{"attempts": [1, 2]}', "no entry of `attempts` can be read"),
        ("[" * 5000, "not valid JSON"),
    ],
)
def test_a_damaged_summary_is_named_and_nothing_is_written(tmp_path, text, reason):
    source = foreign.code_run(tmp_path / "theirs")
    (source / paths.SUMMARY).write_text(text)
    with pytest.raises(BadFile, match=reason) as fault:
        taken(source)
    assert fault.value.where.endswith(f"{foreign.CODE}/summary.json")
    assert not (tmp_path / "ours").exists()


def test_an_engine_s_summary_is_its_report(tmp_path):
    found = told(taken(foreign.engine_run(tmp_path / "theirs")))
    assert found["primary_metric"] == {"name": "accuracy", "value": 0.82, "unit": None}
    assert [(item["key"], item["value"]) for item in found["breakdowns"][0]["items"]] == [("math", 0.9), ("law", 0.74)]
    assert (found["benchmark_name"], found["model_id"], found["cost_usd"]) == ("mmlu", "openai/gpt-4o", None)
    assert found["raw"]["source"] == "summary.json"


def test_an_engine_s_summary_of_rubbish_has_no_number_and_says_so(tmp_path):
    said = {"primary_metric": [], "metrics": [1, {"name": 3, "value": "x"}], "breakdowns": {"a": 1}, "notes": [{}]}
    found = told(taken(foreign.engine_run(tmp_path / "theirs", **said)))
    assert (found["primary_metric"], found["breakdowns"]) == (None, [])
    assert "the summary has no number" in found["notes"]


def test_the_log_beside_a_summary_is_preferred_to_it(tmp_path):
    (log,) = import_files([LOG], Place(tmp_path / "first"))
    assert log.folder is not None
    source = foreign.engine_run(tmp_path / "theirs")
    (source / paths.OPENBENCH_LOG).write_bytes((log.folder / paths.OPENBENCH_LOG).read_bytes())
    folder = taken(source)
    assert told(folder)["metrics"] == told(log.folder)["metrics"]
    assert folder.name == foreign.ENGINE and list(outcomes(folder)) == list(outcomes(log.folder))


def test_a_damaged_log_beside_a_summary_is_said_and_the_summary_shown(tmp_path):
    source = foreign.engine_run(tmp_path / "theirs")
    foreign.write(source / paths.OPENBENCH_LOG, '{"eval": {}, "status": "success", "results": ')
    found = told(taken(source))
    assert found["primary_metric"]["value"] == 0.82
    assert any("openbench.log.json cannot be read" in note for note in found["notes"])


def test_a_batch_s_answers_are_answered_rows_in_no_rate(tmp_path):
    folder = taken(foreign.batch_run(tmp_path / "theirs"))
    found = told(folder)
    assert (found["dataset_name"], found["models"]) == ("batch_5k.jsonl", ["allenai/OLMo-2"])
    assert (found["completed"], found["total"], found["successful"], found["failed"]) == (3, 3, 2, 1)
    assert (found["total_time_seconds"], found["success_rate"], found["cost_usd"]) == (10080.0, None, None)
    assert (found["prompt_tokens"], found["completion_tokens"]) == (200, 40)
    assert [one.category for one in outcomes(folder).values()] == [None, None, "api_error"]
    assert not any(one.is_scored for one in outcomes(folder).values())


def test_a_row_with_a_score_is_in_the_rate(tmp_path):
    lines = [foreign.answer("a", "4", score=1), foreign.answer("b", "5", score=0), foreign.answer("c", "6", score=9)]
    assert told(taken(foreign.batch_run(tmp_path / "theirs", lines)))["success_rate"] == 0.5


def test_rows_stand_beside_what_was_asked(tmp_path):
    folder = taken(foreign.batch_run(tmp_path / "theirs"))
    asked = [json.loads(line) for line in (folder / paths.REQUESTS).read_text().splitlines()]
    assert [one["body"]["messages"][0]["content"] for one in asked] == [f"Does {number} fit?" for number in range(3)]
    assert len((folder / paths.RESULTS).read_text().splitlines()) == 3


def test_questions_that_nobody_knows_are_empty_and_it_is_said(tmp_path):
    folder = taken(foreign.batch_run(tmp_path / "theirs", asked=False))
    config = Results(folder.parent).config(folder.name)
    asked = [json.loads(line) for line in (folder / paths.REQUESTS).read_text().splitlines()]
    assert [one["body"]["messages"][0]["content"] for one in asked] == ["", "", ""]
    assert config.note == "what was asked is not known: there is no requests.jsonl beside the results"
    assert config.task_set == ""


def test_results_without_a_summary_name_their_models_themselves(tmp_path):
    source = foreign.batch_run(tmp_path / "theirs")
    (source / paths.SUMMARY).unlink()
    found = told(taken(source))
    assert (found["models"], found["completed"]) == (["olmo-2-7b"], 3)


def test_lines_of_rubbish_are_left_out_and_counted(tmp_path):
    deep = '{"custom_id": "deep", "error": null, "response": ' + '{"a":' * 400 + "1" + "}" * 401
    lines = ["rubbish", "[]", '{"custom_id": 3}', deep, '{"custom_id": "x", "response": "no", "error": [NaN]}', ""]
    folder = taken(foreign.batch_run(tmp_path / "theirs", [*lines, foreign.answer("a", "4"), foreign.answer("a", "5")]))
    assert list(outcomes(folder)) == ["x", "a"]
    note = Results(folder.parent).config(folder.name).note
    assert "unreadable: 4 of the lines" in note and "answered before: 1 of the lines" in note


def test_a_file_without_any_result_is_named_and_nothing_is_written(tmp_path):
    source = foreign.batch_run(tmp_path / "theirs", ["rubbish"])
    with pytest.raises(BadFile, match=r"results\.jsonl: no line of it is a result"):
        taken(source)
    assert not (tmp_path / "ours").exists()


def test_an_answer_of_another_status_than_200_is_an_error(tmp_path):
    response = {"status_code": 429, "body": {"error": {"message": "slow down"}}}
    lines = [foreign.answer("a", "4", response=response), foreign.answer("b", None)]
    found = outcomes(taken(foreign.batch_run(tmp_path / "theirs", lines)))
    assert (found["a"].category, found["a"].message) == ("api_error", "HTTP 429: slow down")
    assert (found["b"].category, found["b"].message) == ("no_answer", "the answer is empty")


def test_the_refusal_names_all_four_kinds(tmp_path):
    with pytest.raises(UsageError) as fault:
        import_folder(tmp_path, Place(tmp_path / "ours"))
    assert all(f"({kind})" in fault.value.hint for kind in ("agent", "code", "openbench", "dataset"))


def test_a_run_of_ours_is_to_be_copied_not_imported(tmp_path):
    folder = taken(foreign.code_run(tmp_path / "theirs"))
    with pytest.raises(UsageError, match="copy it into the results folder"):
        import_folder(folder, Place(tmp_path / "more"))


def test_a_folder_stays_as_it_is_and_can_be_imported_twice(tmp_path):
    source = foreign.code_run(tmp_path / "theirs")
    before = {path: path.read_bytes() for path in source.rglob("*") if path.is_file()}
    first, second = taken(source), taken(source)
    assert {path: path.read_bytes() for path in source.rglob("*") if path.is_file()} == before
    assert second.name.startswith(f"{first.name}-")
    with pytest.raises(BenchgenError, match="there is a run of this id already"):
        taken(source)


@pytest.mark.parametrize("make", [foreign.code_run, foreign.engine_run, foreign.batch_run, make_folder])
def test_a_run_that_was_imported_before_is_made_anew_in_its_place_and_notes_on_it_stay(tmp_path, make):
    source = make(tmp_path / "theirs")
    folder = taken(source)
    annotate(folder.parent, folder.name, note="ours")
    config = json.loads((folder / paths.CONFIG).read_text())
    (folder / paths.CONFIG).write_text(json.dumps({**config, "workers": 7}))
    assert import_folder(source, Place(folder.parent, is_again=True)) == folder
    results = Results(folder.parent)
    assert (results.list(), results.config(folder.name).workers) == ([folder.name], 1)
    assert read_annotations(folder).note == "ours"
    assert results.load(folder.name).status == "completed"
    assert not list(folder.parent.glob(".*.new"))


def test_the_command_says_how_to_make_anew_what_was_imported_before(tmp_path):
    source = foreign.code_run(tmp_path / "theirs")
    first, second = (toys.run("import", source, cwd=tmp_path).stderr for _ in range(2))
    assert "--again" not in first
    assert f"{source.name} was there before and stays as it was: --again makes it anew" in second


def test_a_log_that_was_imported_before_is_made_anew_in_its_place(tmp_path):
    (first,) = import_files([LOG], Place(tmp_path))
    assert first.folder is not None
    (first.folder / paths.EVENTS).write_text("")
    (again,) = import_files([LOG], Place(tmp_path, is_again=True))
    assert again == first
    assert Results(tmp_path).load(first.folder.name).rows


def test_a_run_of_the_same_name_from_elsewhere_is_not_made_anew(tmp_path):
    folder = taken(foreign.code_run(tmp_path / "theirs"))
    other = foreign.code_run(tmp_path / "others", timestamp_utc="2025-12-01T10:15:42Z")
    with pytest.raises(UsageError, match="was not imported from here"):
        import_folder(other, Place(folder.parent, is_again=True))
    assert told(folder)["created_at"].startswith("2025-11")


@pytest.mark.parametrize("make", [foreign.code_run, foreign.batch_run])
def test_what_nobody_said_of_a_request_that_failed_is_unknown_in_every_place(tmp_path, make):
    folder = taken(make(tmp_path / "theirs"))
    rows = Results(folder.parent).load(folder.name).rows
    assert {row.cost_nanousd for row in rows if row.outline.category == "api_error"} == {None}


def test_the_command_takes_a_run_folder_of_any_kind(tmp_path):
    for make in (foreign.code_run, foreign.engine_run, foreign.batch_run):
        source = make(tmp_path / "theirs")
        assert toys.run("import", source, cwd=tmp_path).stdout.split() == [source.name]
