"""`init`, `rm`, `prune` and `completion`: files to begin with, runs that go for good, and what a shell completes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import toys
from factories import make_run, make_runs, run_config

from benchgen import settings
from benchgen.errors import EXIT_USAGE
from benchgen.store.runs import Results


def test_init_writes_files_that_can_be_read_and_keeps_what_is_there(tmp_path):
    (tmp_path / ".env.example").write_text("MINE=1\n")
    assert toys.run("init", cwd=tmp_path).returncode == 0
    assert (tmp_path / ".env.example").read_text() == "MINE=1\n"
    assert settings.read({}, tmp_path).settings.get("results_dir") == "benchmark_results"


def test_every_line_that_init_suggests_is_a_setting(tmp_path):
    toys.run("init", cwd=tmp_path)
    lines = (tmp_path / settings.TOML).read_text().splitlines()[1:]
    given = [line.removeprefix("# ") for line in lines if " = " in line or line.startswith("# [")]
    (tmp_path / settings.TOML).write_text("\n".join(given))
    found = settings.read({}, tmp_path).settings
    assert (found.get("model"), list(found.endpoints), list(found.prices)) == (
        "builtin/reference",
        ["house"],
        ["house/my-model"],
    )


@pytest.fixture
def results(tmp_path):
    list(make_runs(tmp_path, 3, artifacts=False))
    make_run(tmp_path, run_config(run_id="going"), artifacts=False, finished=False)
    return tmp_path


def test_rm_removes_what_was_confirmed(results):
    oldest = Results(results).list()[-1]
    done = toys.run("rm", oldest, "--yes", "-o", results, cwd=results)
    assert (done.returncode, oldest in Results(results).list()) == (0, False)


def test_nothing_is_removed_where_nobody_can_confirm_it(results):
    before = Results(results).list()
    done = toys.run("rm", before[0], "-o", results, cwd=results)
    assert (done.returncode, Results(results).list()) == (EXIT_USAGE, before)


def test_nothing_is_removed_where_one_of_the_runs_is_not_there(results):
    before = Results(results).list()
    done = toys.run("rm", before[0], "nope", "--yes", "-o", results, cwd=results)
    assert (done.returncode, Results(results).list()) == (1, before)


def test_prune_keeps_the_newest_that_ended_and_all_that_goes_on(results):
    newest = next(run for run in Results(results).list() if run != "going")
    shown = toys.run("prune", "--keep", "1", "--dry-run", "--json", "-o", results, cwd=results)
    assert len(json.loads(shown.stdout)["would_remove"]) == 2
    assert len(Results(results).list()) == 4
    assert toys.run("prune", "--keep", "1", "--yes", "-o", results, cwd=results).returncode == 0
    assert set(Results(results).list()) == {newest, "going"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_completes_commands_in_each_shell(shell, tmp_path):
    done = toys.run("completion", shell, cwd=tmp_path)
    assert done.returncode == 0
    assert "_BENCHGEN_COMPLETE" in done.stdout


def test_what_a_shell_asks_is_completed(tmp_path):
    asked = {"_BENCHGEN_COMPLETE": "bash_complete", "COMP_WORDS": "benchgen lea", "COMP_CWORD": "1"}
    code = "import sys; sys.argv = ['benchgen']; from benchgen.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | asked, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "leaderboard" in done.stdout, done.stderr


@pytest.mark.parametrize(("command", "said"), [(("build",), "--site-dir"), (("export", "latest"), "--to")])
def test_what_reads_results_says_where_its_own_output_goes(tmp_path, command, said):
    done = toys.run(*command, "-o", tmp_path / "out", cwd=tmp_path)
    assert (done.returncode, list(tmp_path.iterdir())) == (EXIT_USAGE, [])
    assert "only read here" in done.stderr and said in done.stderr
