"""Logs of Inspect become runs with the numbers that Inspect itself shows, whichever release wrote them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchgen import paths
from benchgen.formats.inspect_header import settings_of
from benchgen.formats.inspect_log import open_log
from benchgen.formats.inspect_outcome import Judging, message_of
from benchgen.formats.inspect_sample import Sample, SampleScore
from benchgen.imports.files import Imported, files_in, import_files
from benchgen.imports.inspect_logs import logs_in
from benchgen.imports.place import Place
from benchgen.pages.listing import Site
from benchgen.panels.sample import sample_panel
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

LOGS = Path(__file__).parent / "inspect_logs"


def imported(root: Path, name: str) -> Path:
    (one,) = import_files([LOGS / name], Place(root))
    assert one.folder is not None, one.reason
    return one.folder


def summary(folder: Path) -> dict:
    return json.loads((folder / paths.SUMMARY).read_text())


@pytest.mark.parametrize("name", ["newer.eval", "two-epochs.eval", "choices.eval", "newer-sample-error.eval"])
def test_every_number_is_the_one_in_the_log(tmp_path, name):
    log = open_log(LOGS / name)
    results = log.parts["results"]
    log.close()
    told = summary(imported(tmp_path, name))
    in_log = [
        metric["value"]
        for score in results["scores"]
        for key, metric in score["metrics"].items()
        if key == "all" or not metric.get("params", {}).get("group_key")
    ]
    assert [metric["value"] for metric in told["metrics"]] == in_log
    grouped = [
        (key, metric["value"])
        for score in results["scores"]
        for key, metric in score["metrics"].items()
        if key != "all" and metric.get("params", {}).get("group_key")
    ]
    assert [(item["key"], item["value"]) for one in told["breakdowns"] for item in one["items"]] == grouped


def test_tokens_are_counted_as_the_log_counts_them(tmp_path):
    told = summary(imported(tmp_path, "newer.eval"))
    assert told["token_usage"] == {"input_tokens": 50, "output_tokens": 25, "total_tokens": 100}


def test_accuracy_stands_for_the_run_and_is_known_by_its_scorer_where_there_are_two(tmp_path):
    assert summary(imported(tmp_path, "newer.eval"))["primary_metric"]["name"] == "accuracy"
    primary = summary(imported(tmp_path, "two-epochs.eval"))["primary_metric"]
    assert (primary["name"], primary["value"]) == ("by_category (mean)/accuracy", 0.5)


@pytest.mark.parametrize(
    ("name", "status", "finished"),
    [
        ("newer.eval", "completed", 5),
        ("newer-sample-error.eval", "completed", 5),
        ("failed.eval", "failed", 4),
        ("killed.eval", "failed", 3),
        ("canceled.eval", "canceled", 4),
        ("newer-canceled.eval", "canceled", 5),
        ("newer-recovered.eval", "failed", 4),
        ("newer-killed.eval", "failed", 3),
    ],
)
def test_the_status_is_the_logs_and_its_samples_are_kept(tmp_path, name, status, finished):
    folder = imported(tmp_path, name)
    state = Results(tmp_path).load(folder.name)
    assert (state.status, state.finished, state.total) == (status, finished, 5)


def test_a_log_that_was_never_finished_says_that_its_process_was_killed(tmp_path):
    told = summary(imported(tmp_path, "killed.eval"))
    assert told["metrics"] == []
    assert told["primary_metric"] is None
    assert any("killed" in note for note in told["notes"])


def test_a_sample_that_broke_is_in_no_rate(tmp_path):
    told = summary(imported(tmp_path, "newer-sample-error.eval"))
    assert told["success_rate"] == 1 / 4
    assert "1 of 5 samples are not part of the numbers: they failed or never ran" in told["notes"]


def test_a_sample_that_was_canceled_is_no_fault_of_anybody(tmp_path):
    folder = imported(tmp_path, "newer-canceled.eval")
    assert [row.category for row in Results(tmp_path).load(folder.name).rows if row.task == "4"] == ["canceled"]


def test_a_log_of_a_newer_format_shows_what_it_can_and_says_so(tmp_path):
    newer = {
        "version": 3,
        "status": "paused",
        "eval": {
            "task": "of-tomorrow",
            "model": "lab/x",
            "created": "2027-01-01T00:00:00Z",
            "config": {"epochs": "two"},
        },
        "results": {"scores": [{"name": "judge", "metrics": {"accuracy": {"value": 0.25}, "shape": {"value": [1]}}}]},
        "stats": {"model_usage": ["counted elsewhere"]},
        "samples": [
            {"id": {"row": 1}, "epoch": 1, "input": [{"role": "user", "content": [{"type": "hologram"}]}], "scores": 7},
            ["a sample in another shape"],
        ],
    }
    path = tmp_path / "newer.json"
    path.write_text(json.dumps({"status": newer.pop("status"), "eval": newer.pop("eval"), **newer}))
    (one,) = import_files([path], Place(tmp_path / "results"))
    told = summary(one.folder)
    assert told["status"] == "failed"
    assert told["metrics"][0] == {"name": "accuracy", "value": 0.25, "unit": None}
    assert told["metrics"][1]["value"] is None
    said = " ".join(told["notes"])
    for part in ("version 3, is newer than 2", "not known here: 'paused'", "1 samples of of-tomorrow cannot be read"):
        assert part in said


def test_scores_between_right_and_wrong_are_answers_in_no_rate(tmp_path):
    log = {
        "version": 2,
        "status": "success",
        "eval": {"task": "rouge", "model": "lab/x", "created": "2026-11-01T00:00:00Z", "scorers": [{"name": "rouge"}]},
        "results": {"scores": [{"name": "rouge", "metrics": {"mean": {"value": 0.7}}}]},
        "samples": [
            {"id": n, "epoch": 1, "input": "?", "target": "!", "scores": {"rouge": {"value": value}}}
            for n, value in enumerate((0.4, 1.0, 0))
        ],
    }
    path = tmp_path / "rouge.json"
    path.write_text(json.dumps(log))
    (one,) = import_files([path], Place(tmp_path / "results"))
    told = summary(one.folder)
    assert (told["success_rate"], told["primary_metric"]["value"]) == (None, 0.7)
    assert "answered" in page_of(tmp_path / "results", one.folder, 1)


def test_numbers_that_json_has_not_and_half_characters_are_read(tmp_path):
    path = tmp_path / "odd.json"
    path.write_text(
        '{"status":"success","eval":{"task":"t","model":"m"},"results":{"scores":[{"name":"s","metrics":'
        '{"accuracy":{"value":NaN},"mean":{"value":0.5}}}]},"samples":[{"id":1,"epoch":1,"input":"NaN \\ud800",'
        '"target":"x","scores":{"s":{"value":Infinity}}}]}'
    )
    (one,) = import_files([path], Place(tmp_path / "results"))
    assert summary(one.folder)["primary_metric"] == {"name": "mean", "value": 0.5, "unit": None}
    assert "NaN \ufffd" in page_of(tmp_path / "results", one.folder, 0)


def test_hostile_texts_of_a_log_are_shown_as_text(tmp_path):
    evil = "<script>alert(1)</script>"
    log = {
        "status": "success",
        "eval": {"task": evil, "model": f"m/{evil}"},
        "results": {"scores": [{"name": evil, "metrics": {evil: {"value": 1, "params": {"group_key": evil}}}}]},
        "samples": [{"id": "../../" + evil, "epoch": 1, "input": evil, "target": evil, "error": {"message": evil}}],
    }
    path = tmp_path / "evil.json"
    path.write_text(json.dumps(log))
    (one,) = import_files([path], Place(tmp_path / "results"))
    site = Site(Results(tmp_path / "results"), Renderer())
    pages = [page_of(tmp_path / "results", one.folder, 0)]
    pages.append(site.find(f"run/{one.folder.name}/index.html").render().decode())
    assert all("<script>alert" not in page for page in pages)


def test_a_damaged_copy_of_the_log_leaves_the_pages_of_its_samples(tmp_path):
    folder = imported(tmp_path, "newer.eval")
    copy = folder / paths.OPENBENCH_LOG
    copy.write_bytes(copy.read_bytes()[:30_000] + b"\n{\x00\n")
    assert "scored I" in page_of(tmp_path, folder, 4)


def test_epochs_are_samples_of_one_task(tmp_path):
    folder = imported(tmp_path, "two-epochs.eval")
    state = Results(tmp_path).load(folder.name)
    assert (state.config.samples, len(state.rows), len({row.task for row in state.rows})) == (2, 10, 5)


def test_the_copy_of_a_log_is_itself_a_log_with_the_same_head_and_samples(tmp_path):
    folder = imported(tmp_path, "newer.eval")
    copy, log = open_log(folder / paths.OPENBENCH_LOG), open_log(LOGS / "newer.eval")
    assert copy.header == log.header
    assert [json.loads(bytes(s)) for s in copy.samples()] == [json.loads(bytes(s)) for s in log.samples()]
    copy.close()
    log.close()


def test_a_page_of_a_sample_shows_what_was_asked_answered_wanted_and_scored(tmp_path):
    folder = imported(tmp_path, "newer.eval")
    page = page_of(tmp_path, folder, 1)
    for shown in ("What is 2 + 2?", "I think it is 4 or 8", "by_category", "looked for 4", "letters", "Be brief"):
        assert shown in page


def test_a_wrong_answer_says_what_it_was_instead_of_what():
    brief, long = SampleScore("match", "I", 0.0, "432", "They say so."), SampleScore("match", "I", 0.0, "x" * 90, "No.")
    said = [message_of(Sample("1", 1, "?", "444", "", (one,)), Judging("match")) for one in (brief, long)]
    assert said == ["scored I: 432 instead of 444", "scored I: No."]


def test_an_explanation_that_is_the_answer_is_not_shown_twice():
    said = "It is 432 pens."
    panel = sample_panel(Sample("1", 1, "?", "444", said, (SampleScore("match", "I", 0.0, "432", said),)))
    assert (panel.wanted, panel.scores[0].explanation, panel.scores[0].repeats_answer) == ("444", "", True)


def test_a_page_of_a_broken_sample_shows_its_error(tmp_path):
    folder = imported(tmp_path, "newer-sample-error.eval")
    assert "this sample is broken" in page_of(tmp_path, folder, 1)


def test_the_runs_page_shows_metrics_and_breakdowns_as_bars(tmp_path):
    folder = imported(tmp_path, "newer.eval")
    page = Site(Results(tmp_path), Renderer()).find(f"run/{folder.name}/index.html").render().decode()
    assert "By category" in page
    assert 'aria-label="odd: 0.1667"' in page


def test_settings_are_those_that_the_log_says():
    found = settings_of({"temperature": 0.5, "max_tokens": None, "max_retries": 3, "seed": "x"})
    assert (found.temperature, found.max_retries, found.said) == (0.5, 3, ("temperature", "max_tokens", "max_retries"))


def test_the_runs_page_shows_no_default_of_ours_where_the_log_says_nothing(tmp_path):
    folder = imported(tmp_path, "newer.eval")
    page = Site(Results(tmp_path), Renderer()).find(f"run/{folder.name}/index.html").render().decode()
    assert "what is not listed here is unknown" in page
    assert "<dt>workers</dt><dd>unknown</dd>" in page
    assert "<dt>max retries</dt>" not in page and "<dt>turns</dt>" not in page
    assert "Workers over time" not in page


def test_a_folder_of_logs_is_as_many_runs_and_what_is_there_already_stops_nothing(tmp_path):
    first = import_files(logs_in(LOGS), Place(tmp_path))
    assert len({one.folder for one in first} - {None}) == len(list(LOGS.glob("*.eval")))
    again = import_files(logs_in(LOGS), Place(tmp_path))
    assert all(one.folder is None and "there is a run of this id already" in one.reason for one in again)


def test_logs_that_lie_in_runs_of_ours_are_no_new_runs(tmp_path):
    imported(tmp_path, "newer.eval")
    assert files_in(tmp_path) == []
    assert files_in(LOGS / "newer.eval") == [LOGS / "newer.eval"]


@pytest.mark.parametrize("cut", [10, 3_000])
def test_a_log_that_was_cut_off_is_refused_and_said(tmp_path, cut):
    torn = tmp_path / "torn.eval"
    torn.write_bytes((LOGS / "newer.eval").read_bytes()[:cut])
    (one,) = import_files([torn], Place(tmp_path / "results"))
    assert isinstance(one, Imported)
    assert one.folder is None
    assert "not a whole zip" in one.reason


def page_of(root: Path, folder: Path, number: int) -> str:
    site = Site(Results(root), Renderer())
    row = Results(root).load(folder.name).rows[number]
    page = site.find(f"run/{folder.name}/a/{paths.slug(row.attempt)}.html")
    return page.render().decode()


def _log_of(path: Path, usage: dict[str, object]) -> Path:
    sample = {"id": "1", "epoch": 1, "input": "6 * 7?", "target": "42", "scores": {}, "model_usage": usage}
    about = {"task": "t", "model": "mockllm/model", "created": "2026-11-01T00:00:00Z"}
    path.write_text(json.dumps({"version": 2, "status": "success", "eval": about, "samples": [sample]}))
    return path


def test_a_mock_costs_nothing_also_where_it_counts_no_tokens_and_its_grader_costs_what_it_costs(tmp_path):
    tokens = {"input_tokens": 5, "output_tokens": 5, "total_tokens": 10}
    for name, usage, cost in (
        ("none.json", {}, 0),
        ("own.json", {"mockllm/model": tokens}, 0),
        ("grader.json", {"mockllm/model": tokens, "nobody/knows": tokens}, None),
    ):
        (one,) = import_files([_log_of(tmp_path / name, usage)], Place(tmp_path / "results" / name))
        assert one.folder is not None, one.reason
        (model,) = json.loads((one.folder / paths.DIGEST).read_text())["models"]
        assert model["cost_nanousd"] == cost
