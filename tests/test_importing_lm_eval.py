"""Results of lm-evaluation-harness become runs with the numbers that it shows itself, whichever release wrote them.

`lm_eval/` holds what the releases that its folders are named by wrote, of three small tasks and a model that answers by
a script; only the folder of their data files is cut out. What is made here is written by hand in the same form.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import toys

from benchgen import paths
from benchgen.errors import BadFile
from benchgen.imports.files import files_in, import_files
from benchgen.imports.lm_eval import import_results
from benchgen.imports.place import Place
from benchgen.pages.listing import Site
from benchgen.render.renderer import Renderer
from benchgen.store.runs import Results

REAL = Path(__file__).parent / "lm_eval"
NEWEST, OLDER = (REAL / release / "lab__scripted-1" for release in ("0.4.13", "0.4.3"))
of_every_release = pytest.mark.parametrize("source", [NEWEST, OLDER], ids=["0.4.13", "0.4.3"])
MOMENT = "2026-11-29T10-00-00.000001"


def results_of(folder: Path) -> Path:
    (found,) = folder.glob("results_*.json")
    return found


def taken(source: Path, root: Path) -> Path:
    return import_results(source, Place(root))


def told(folder: Path) -> dict:
    return json.loads((folder / paths.SUMMARY).read_text())


def numbers(folder: Path) -> dict[str, float | None]:
    return {one["name"]: one["value"] for one in told(folder)["metrics"]}


def passed(folder: Path) -> dict[str, bool | None]:
    rows = Results(folder.parent).load(folder.name).rows
    return {row.task: row.category is None if row.evaluated else None for row in rows}


def written(root: Path, samples: list[dict] | None = None, **said: object) -> Path:
    """Results of one task, with a file of samples where there are some."""
    root.mkdir(parents=True, exist_ok=True)
    data = {
        "results": {"quiz": {"alias": "quiz", "acc,none": 0.5, "acc_stderr,none": 0.1}},
        "group_subtasks": {"quiz": []},
        "config": {"model": "hf", "model_args": "pretrained=lab/x,dtype=float16"},
        "date": 1795974095.5,
        **said,
    }
    path = root / f"results_{MOMENT}.json"
    path.write_text(json.dumps(data))
    if samples is not None:
        lines = "".join(json.dumps(one) + "\n" for one in samples)
        (root / f"samples_quiz_{MOMENT}.jsonl").write_text(lines)
    return path


def sample(number: int, **said: object) -> dict:
    """A question that was asked with a free answer."""
    return {
        "doc_id": number,
        "doc": {"q": f"question {number}"},
        "target": "7",
        "arguments": {"gen_args_0": {"arg_0": f"question {number}", "arg_1": {"until": ["\n"]}}},
        "resps": [["It is 7."]],
        "filtered_resps": ["7"],
        "filter": "none",
        "metrics": ["acc"],
        "acc": 1.0,
        **said,
    }


@of_every_release
def test_every_number_is_the_one_in_the_results(tmp_path, source):
    found = numbers(taken(results_of(source), tmp_path))
    said = json.loads(results_of(source).read_text())["results"]
    for task, metrics in said.items():
        for key, value in metrics.items():
            if "," in key:
                assert found.pop(f"{task}/{key.removesuffix(',none')}") == value
    assert not found


@of_every_release
def test_what_passed_adds_up_to_the_harness_s_own_rate_of_each_task(tmp_path, source):
    folder = taken(results_of(source), tmp_path)
    outcomes, found = passed(folder), numbers(folder)
    for task, metric in (("capitals", "acc"), ("rivers", "acc"), ("sums", "exact_match,strict-match")):
        of_task = [is_right for name, is_right in outcomes.items() if name.startswith(f"{task}/")]
        assert sum(map(bool, of_task)) / len(of_task) == pytest.approx(found[f"{task}/{metric}"])


@of_every_release
def test_a_question_under_two_filters_is_one_and_the_run_says_which_filter_counts(tmp_path, source):
    folder = taken(results_of(source), tmp_path)
    assert len([name for name in passed(folder) if name.startswith("sums/")]) == 4
    assert "a sample passed where exact_match,strict-match is 1: sums" in told(folder)["notes"]


def test_a_group_is_shown_by_its_parts(tmp_path):
    (first, *_) = told(taken(results_of(NEWEST), tmp_path))["breakdowns"]
    assert first["name"] == "geography (acc)"
    assert [(one["key"], one["value"]) for one in first["items"]] == [
        ("capitals", 0.8),
        ("rivers", pytest.approx(2 / 3)),
    ]


def test_a_run_is_called_by_what_was_asked_of_which_model(tmp_path):
    state = Results(tmp_path).load(taken(results_of(NEWEST), tmp_path).name)
    config = state.config
    assert (config.benchmark_name, config.models[0].model_id, config.models[0].provider) == (
        "geography, sums",
        "lab/scripted-1",
        "scripted",
    )
    assert (config.created_at, state.finished_at) == ("2026-11-29T17:41:35.571Z", "2026-11-29T17:42:47.841Z")
    assert (config.settings.temperature, config.settings.max_tokens) == (0.0, 64)
    assert config.settings.said == ("temperature", "max_tokens")
    assert config.versions["lm_eval"] == "0.4.13"


def test_costs_tokens_and_times_that_nobody_said_are_unknown(tmp_path):
    folder = taken(results_of(NEWEST), tmp_path)
    summary = told(folder)
    assert (summary["cost_usd"], summary["token_usage"]["total_tokens"]) == (None, None)
    (model,) = json.loads((folder / paths.DIGEST).read_text())["models"]
    assert model["median_seconds"] is None
    page = Site(Results(tmp_path), Renderer()).find(f"run/{folder.name}/index.html").render().decode()
    assert "Nothing has been timed." in page and "0 ms" not in page


def test_pages_show_prompt_answer_target_and_every_score(tmp_path):
    folder = taken(results_of(NEWEST), tmp_path)
    site = Site(Results(tmp_path), Renderer())
    row = next(one for one in Results(tmp_path).load(folder.name).rows if one.task == "sums/1")
    page = site.find(f"run/{folder.name}/a/{paths.slug(row.attempt)}.html").render().decode()
    for part in (
        "How many books?",
        "30 books",
        "exact_match,strict-match",
        "[invalid]",
        "exact_match,flexible-extract",
    ):
        assert part in page
    run = site.find(f"run/{folder.name}/index.html").render().decode()
    assert "By geography (acc)" in run and 'aria-label="capitals: 0.8000"' in run


def test_choices_are_shown_with_their_likelihoods_and_the_one_that_was_wanted(tmp_path):
    folder = taken(results_of(NEWEST), tmp_path)
    results = Results(tmp_path)
    row = next(one for one in results.load(folder.name).rows if one.task == "capitals/3")
    assert results.outcome(folder.name, row.line).message == "scored 0.0: Valparaíso instead of Santiago"
    page = Site(results, Renderer()).find(f"run/{folder.name}/a/{paths.slug(row.attempt)}.html").render().decode()
    assert "A) Valparaíso" in page and "A) -1.5000, greedy" in page


def test_from_the_command_line_to_the_site(tmp_path):
    shutil.copytree(NEWEST, tmp_path / "out" / "lab__scripted-1")
    (name,) = toys.run("import", "out", cwd=tmp_path).stdout.split()
    shown = toys.run("show", name, cwd=tmp_path).stdout
    assert "scored 0.0: [invalid] instead of 30" in shown
    table = toys.run("export", name, "--format", "csv", cwd=tmp_path).stdout
    assert "sums/1,lab/scripted-1,0,failed,tests_failed,0.0,scored 0.0: [invalid] instead of 30,,,,," in table
    assert toys.run("build", cwd=tmp_path).returncode == 0
    run = tmp_path / paths.SITE_DIR / "run" / name
    assert "geography/acc" in (run / "index.html").read_text()
    assert len(list((run / "a").iterdir())) == 12


def test_results_that_were_imported_are_there_and_again_makes_them_anew(tmp_path):
    (first,) = import_files(files_in(NEWEST), Place(tmp_path))
    (second,) = import_files(files_in(NEWEST), Place(tmp_path))
    assert "there is a run of this id already" in second.reason
    (again,) = import_files(files_in(NEWEST), Place(tmp_path, is_again=True))
    assert again.folder == first.folder
    assert Results(tmp_path).list() == [first.folder.name]


def test_results_without_samples_show_the_numbers_and_say_why_there_are_no_outcomes(tmp_path):
    folder = taken(written(tmp_path / "theirs"), tmp_path / "ours")
    assert numbers(folder) == {"acc": 0.5, "acc_stderr": 0.1}
    assert passed(folder) == {}
    assert any("--log_samples" in note for note in told(folder)["notes"])
    assert Results(tmp_path / "ours").load(folder.name).status == "completed"


def test_scores_that_are_no_outcomes_leave_samples_answered(tmp_path):
    lines = [sample(n, metrics=["bleu"], bleu=value) for n, value in enumerate((0.25, 1.0))]
    folder = taken(written(tmp_path / "theirs", lines), tmp_path / "ours")
    assert passed(folder) == {"0": None, "1": None}
    assert "no score says whether a sample passed" in told(folder)["notes"]
    page = Site(Results(folder.parent), Renderer()).find(f"run/{folder.name}/index.html").render().decode()
    assert "None, but nobody scored 2 of 2" in page and "None: all" not in page


def test_a_one_of_which_less_is_better_is_not_right(tmp_path):
    worse = {"higher_is_better": {"quiz": {"stereotype": False}}}
    lines = [sample(n, metrics=["stereotype"], stereotype=n) for n in (0, 1)]
    folder = taken(written(tmp_path / "theirs", lines, **worse), tmp_path / "ours")
    assert passed(folder) == {"0": None, "1": None}
    assert "less is better: stereotype" in told(folder)["notes"]


def test_older_releases_name_no_filter_and_write_one_after_the_other(tmp_path):
    filters = {"configs": {"quiz": {"filter_list": [{"name": "strict"}, {"name": "loose"}]}}}
    lines = [sample(n, acc=value) for value in (0.0, 1.0) for n in (0, 1)]
    for line in lines:
        del line["filter"], line["metrics"]
    folder = taken(written(tmp_path / "theirs", lines, **filters), tmp_path / "ours")
    assert passed(folder) == {"0": False, "1": False}
    assert "a sample passed where acc,strict is 1" in told(folder)["notes"]


def test_the_messages_of_a_chat_are_shown_as_such(tmp_path):
    asked = json.dumps([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "6 * 7?"}])
    line = sample(0, arguments={"gen_args_0": {"arg_0": [asked], "arg_1": {}}})
    folder = taken(written(tmp_path / "theirs", [line]), tmp_path / "ours")
    results = Results(tmp_path / "ours")
    (row,) = results.load(folder.name).rows
    page = Site(results, Renderer()).find(f"run/{folder.name}/a/{paths.slug(row.attempt)}.html").render().decode()
    assert "system: Be brief." in page and "user: 6 * 7?" in page


def test_a_file_of_samples_that_was_cut_off_shows_what_it_holds_and_says_what_it_does_not(tmp_path):
    path = written(
        tmp_path / "theirs", [sample(0), sample(1)], **{"n-samples": {"quiz": {"original": 9, "effective": 2}}}
    )
    (samples,) = path.parent.glob("samples_*")
    samples.write_bytes(samples.read_bytes()[:-40])
    folder = taken(path, tmp_path / "ours")
    notes = told(folder)["notes"]
    assert passed(folder) == {"0": True}
    assert "left out, because unreadable: 1 of the lines of the samples of quiz" in notes
    assert "quiz: its file holds 1 of 2 questions" in notes
    assert "not all questions were asked: 2 of 9 of quiz" in notes


@pytest.mark.parametrize(
    "data", [b"", b'{"results": {"quiz": {"acc,n', b'{"results": []}', b'{"results": {"stats": {"failed": 1}}}']
)
def test_damaged_results_are_named_and_nothing_is_stored(tmp_path, data):
    (tmp_path / "theirs").mkdir()
    path = tmp_path / "theirs" / f"results_{MOMENT}.json"
    path.write_bytes(data)
    with pytest.raises(BadFile, match="results_"):
        taken(path, tmp_path / "ours")
    assert not (tmp_path / "ours").exists()
    done = toys.run("import", path, cwd=tmp_path)
    assert done.returncode == 1
    assert path.name in done.stderr and "Traceback" not in done.stderr


def test_a_file_of_another_shape_shows_what_it_can(tmp_path):
    odd = {
        "results": {"quiz": {"acc,none": float("nan"), "bleu,": "N/A", " ": " "}, "x\x00y": [1], "": {}},
        "group_subtasks": {"quiz": [7, "quiz", "gone"], "x\x00y": "all"},
        "configs": ["none"],
        "n-samples": {"quiz": 3},
        "n-shot": {"quiz": "few"},
        "date": "yesterday",
        "total_evaluation_time_seconds": "long",
        "model_name": {"a": 1},
        "higher_is_better": [],
    }
    lines = [
        sample(0, acc=float("nan")),
        sample(1, doc="text", arguments=[], resps="?", filtered_resps=None, target=[1]),
    ]
    folder = taken(written(tmp_path / "theirs", lines, **odd), tmp_path / "ours")
    assert numbers(folder) == {"quiz/acc": None, "quiz/bleu": None}
    assert set(passed(folder)) == {"quiz/0", "quiz/1"}
    Site(Results(tmp_path / "ours"), Renderer()).find(f"run/{folder.name}/index.html").render()


def test_secrets_among_the_model_s_arguments_are_not_kept(tmp_path):
    args = {"model": "local-completions", "model_args": "model=lab/x,api_key=swordfish-swordfish,tokenizer=lab/t"}
    folder = taken(written(tmp_path / "theirs", config=args), tmp_path / "ours")
    kept = (folder / paths.CONFIG).read_text()
    assert "swordfish" not in kept and "lab/t" in kept


def test_a_guessing_model_is_no_measurement_and_a_model_of_one_s_own_machine_has_no_bill(tmp_path):
    for source, is_mock, is_local in (
        ("dummy", True, False),
        ("hf", False, True),
        ("openai-completions", False, False),
    ):
        path = written(tmp_path / source, config={"model": source, "model_args": "model=lab/x"})
        folder = taken(path, tmp_path / "ours" / source)
        (model,) = Results(folder.parent).load(folder.name).config.models
        assert (model.is_mock, model.is_local) == (is_mock, is_local)


def test_notes_say_after_how_many_examples_and_in_which_version_each_task_was_asked(tmp_path):
    notes = told(taken(results_of(OLDER), tmp_path))["notes"]
    assert "1-shot, version 3.0: sums" in notes and "1-shot, version 1.0: capitals, rivers" in notes


def test_what_only_stands_in_for_metrics_is_none(tmp_path):
    said = {"quiz": {"bypass,none": 999, "bypass_stderr,none": "N/A", "sample_len,none": 30}}
    assert numbers(taken(written(tmp_path / "theirs", results=said), tmp_path / "ours")) == {}


def test_an_answer_that_a_filter_left_in_a_list_is_shown(tmp_path):
    folder = taken(written(tmp_path / "theirs", [sample(0, filtered_resps=[["8"]], acc=0.0)]), tmp_path / "ours")
    results = Results(tmp_path / "ours")
    (row,) = results.load(folder.name).rows
    assert results.outcome(folder.name, row.line).message == "scored 0.0: 8 instead of 7"


def test_requests_in_plain_lists_are_read_too(tmp_path):
    asked = [["2 + 2?", " 4"], ["2 + 2?", " 5"]]
    line = sample(0, arguments=asked, filtered_resps=[["-2.0", "False"], ["-1.0", "True"]], target="0", acc=0.0)
    folder = taken(written(tmp_path / "theirs", [line]), tmp_path / "ours")
    results = Results(tmp_path / "ours")
    (row,) = results.load(folder.name).rows
    assert results.outcome(folder.name, row.line).message == "scored 0.0: 5 instead of 4"


def test_a_text_that_was_only_read_has_a_likelihood_and_no_answer(tmp_path):
    read = {"gen_args_0": {"arg_0": "A text."}}
    line = sample(0, arguments=read, resps=[["-35.7"]], filtered_resps=["-35.7"], metrics=["ppl"], ppl=[-35.7, 2])
    folder = taken(written(tmp_path / "theirs", [line]), tmp_path / "ours")
    results = Results(tmp_path / "ours")
    (row,) = results.load(folder.name).rows
    page = Site(results, Renderer()).find(f"run/{folder.name}/a/{paths.slug(row.attempt)}.html").render().decode()
    assert "Log-likelihood of the text:" in page and "[-35.7,2]" in page
    assert passed(folder) == {"0": None}


def test_how_many_examples_were_shown_tells_runs_apart(tmp_path):
    asked = {"n-samples": {"quiz": {"original": 2, "effective": 2}}}
    sets = set()
    for shots in (0, 5):
        path = written(tmp_path / str(shots), **asked, **{"n-shot": {"quiz": shots}})
        folder = taken(path, tmp_path / "ours" / str(shots))
        sets.add(json.loads((folder / paths.CONFIG).read_text())["task_set"])
    assert len(sets) == 2
