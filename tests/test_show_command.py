"""`benchgen show`: what came out of a run and of one attempt, on the terminal."""

from __future__ import annotations

import json

import pytest
import toys
from factories import make_run, run_config


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A folder with one run in it: three toys solved, and three not."""
    folder = tmp_path_factory.mktemp("shown")
    tasks = toys.make_catalog(folder / "tasks", 3)
    toys.run("run", "all", "-m", "builtin/reference,builtin/noop", "--tasks-dir", tasks, cwd=folder)
    return folder


def test_a_run_lists_what_did_not_pass_and_says_how_to_see_one(ran):
    done = toys.run("show", "latest", cwd=ran)
    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == [
        f"toy_{number}__builtin/noop__sample00" for number in range(3)
    ]
    assert "'toy_0__builtin/noop__sample00'" in done.stderr


def test_an_attempt_shows_its_outcome_and_where_its_files_lie(ran):
    done = toys.run("show", "latest", "toy_1__builtin/reference__sample00", cwd=ran)
    assert done.stdout.startswith("toy_1__builtin/reference__sample00 · passed")
    (folder,) = (ran / "benchmark_results").glob("run_*/toy_1__builtin_reference__sample00")
    assert f"files   {folder}" in done.stdout
    assert f"patch.diff, {(folder / 'patch.diff').stat().st_size:,} bytes" in done.stdout


def test_a_glob_and_a_part_of_an_id_meet_the_same_attempts(ran):
    by_glob, by_part = (toys.run("show", "latest", word, cwd=ran).stdout for word in ("*noop*", "noop"))
    assert by_glob == by_part
    assert by_glob.count("toy_") == 3


def test_json_of_several_attempts_is_a_list_of_their_outcomes(ran):
    found = json.loads(toys.run("show", "latest", "toy_2", "--json", cwd=ran).stdout)
    assert {one["model"]: one["category"] for one in found} == {"builtin/reference": None, "builtin/noop": "no_diff"}


def test_an_attempt_that_is_not_there_is_named(ran):
    done = toys.run("show", "latest", "nope", cwd=ran)
    assert done.returncode == 1
    assert "no finished attempt 'nope'" in done.stderr


def test_a_run_whose_process_is_gone_is_dead_and_not_running(tmp_path):
    folder = make_run(tmp_path / "benchmark_results", run_config(tasks=2), finished=False, upto=1, artifacts=False)
    assert f"{folder.name} · dead · " in toys.run("show", "latest", cwd=tmp_path).stderr
    assert toys.run("list", "runs", cwd=tmp_path).stdout.splitlines()[1].split()[1] == "dead"


def test_the_latest_of_no_runs_says_that_there_is_none(tmp_path):
    done = toys.run("show", "latest", cwd=tmp_path)
    assert done.returncode == 1
    assert "there is no run yet" in done.stderr
