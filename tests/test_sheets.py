"""`benchgen leaderboard` and `benchgen compare`: the numbers of the pages, in the terminal and to pass on."""

from __future__ import annotations

import csv
import io
import json

import pytest
import toys
from factories import make_run, run_config


@pytest.fixture
def results(tmp_path):
    tasks = ["task_0", "task_1", "task_2", "task_3"]
    first = run_config(run_id="run_20260101T000000Z_aaaaaa", tasks=tasks, models=("acme/fast",))
    second = run_config(run_id="run_20260102T000000Z_bbbbbb", tasks=tasks, models=("acme/fast",))
    make_run(tmp_path, first, ["tests_failed", None, None, None], artifacts=False)
    make_run(tmp_path, second, [None, None, None, "timeout"], artifacts=False)
    return tmp_path


def test_the_leaderboard_is_a_markdown_table(results):
    done = toys.run("leaderboard", "--md", "-o", results, cwd=results)
    assert done.returncode == 0, done.stderr
    assert "| acme/fast | 1 | 75.0 % |" in done.stdout


def test_the_leaderboard_is_csv(results):
    done = toys.run("leaderboard", "--csv", "-o", results, cwd=results)
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (row["model"], row["solved"]) == ("acme/fast", "3/4")


def test_several_leaderboards_are_one_csv(results):
    other = run_config(run_id="run_20260103T000000Z_cccccc", benchmark_name="another", samples=2)
    make_run(results, other, artifacts=False)
    rows = list(csv.DictReader(io.StringIO(toys.run("leaderboard", "--csv", "-o", results, cwd=results).stdout)))
    assert [(row["benchmark"], row["samples"], row["pass@1"]) for row in rows] == [
        ("small", "1", "75.0 %"),
        ("another", "2", "100.0 %"),
    ]


def test_a_comparison_says_of_which_model_it_speaks_and_markdown_has_the_verdict(results):
    for number in (4, 5):
        config = run_config(run_id=f"run_2026010{number}T000000Z_dddddd", tasks=4, models=("a/one", "b/two"))
        make_run(results, config, artifacts=False)
    words = ("compare", "run_20260104T000000Z_dddddd", "run_20260105T000000Z_dddddd")
    said = toys.run(*words, "-o", results, cwd=results).stdout
    noted = toys.run(*words, "--md", "-o", results, cwd=results).stdout
    for model in ("a/one", "b/two"):
        assert f"B against A, {model}: " in said
        assert f"\n- B against A, {model}: " in noted
    assert noted.index("- B against A") < noted.index("| task | model |")


def test_runs_of_different_models_name_them_once_and_not_on_every_line(results):
    for number, model, outcomes in ((6, "a/one", None), (7, "b/two", "tests_failed")):
        config = run_config(run_id=f"run_2026010{number}T000000Z_eeeeee", tasks=3, models=(model,))
        make_run(results, config, outcomes=outcomes, artifacts=False)
    words = ("compare", "run_20260106T000000Z_eeeeee", "run_20260107T000000Z_eeeeee")
    said = toys.run(*words, "-o", results, cwd=results).stdout.splitlines()
    assert said[:2] == ["A  run_20260106T000000Z_eeeeee  a/one", "B  run_20260107T000000Z_eeeeee  b/two"]
    assert said[-1].split() == ["task_2", "broke", "100", "%", "0", "%"]


def test_where_no_task_differs_it_says_so_instead_of_an_empty_table(results):
    for number in (8, 9):
        config = run_config(run_id=f"run_2026010{number}T000000Z_ffffff", tasks=3)
        make_run(results, config, artifacts=False)
    words = ("compare", "run_20260108T000000Z_ffffff", "run_20260109T000000Z_ffffff")
    said = toys.run(*words, "-o", results, cwd=results).stdout
    assert said.endswith("\nno task came out differently\n")


def test_compare_names_what_was_fixed_and_what_broke(results):
    done = toys.run("compare", "run_20260101T000000Z_aaaaaa", "run_20260102T000000Z_bbbbbb", "-o", results, cwd=results)
    assert done.returncode == 0, done.stderr
    assert "not separable" in done.stdout
    changes = {line.split()[0]: line.split()[2] for line in done.stdout.splitlines() if line.startswith("task_")}
    assert changes == {"task_0": "fixed", "task_3": "broke"}


def test_compare_as_json_is_the_panel_of_the_page_and_takes_the_newest_run_by_its_name(results):
    words = ("compare", "run_20260101T000000Z_aaaaaa", "latest", "--json")
    found = json.loads(toys.run(*words, "-o", results, cwd=results).stdout)
    assert found["run_ids"] == ["run_20260101T000000Z_aaaaaa", "run_20260102T000000Z_bbbbbb"]
    assert (found["pairs"][0]["fixed"], found["pairs"][0]["broke"]) == (1, 1)


def test_a_run_that_is_not_there_is_named(results):
    done = toys.run("compare", "run_x", "run_y", "-o", results, cwd=results)
    assert done.returncode == 1
    assert "no run 'run_x'" in done.stderr
