"""`tasks verify` on toy tasks: what holds, what does not, and how it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import toys
from sandbox_room import sandbox

from benchgen.catalog.tasks import load
from benchgen.sandbox.spec import Missing
from benchgen.verify import checks as checks_module
from benchgen.verify.checks import Checked, agreement, checks
from benchgen.verify.schedule import plan


def verify(folder: Path, *words: str, **environment: str):
    sandbox()
    return toys.run("tasks", "verify", *words, "--tasks-dir", folder, "--json", cwd=folder, **environment)


def outcomes(done) -> dict[str, str]:
    return {f"{check['kind']} {check['name']}": check["outcome"] for check in json.loads(done.stdout)["checks"]}


def test_a_sound_task_holds_in_every_way(tmp_path):
    toys.make_task(tmp_path, "toy")
    done = verify(tmp_path, "--repeat", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    found = outcomes(done)
    assert set(found.values()) == {"held"}
    assert {"reference run 1", "reference run 2", "agreement of runs", "starter as it is", "noop answer"} <= set(found)
    assert "mutant unsigned" in found
    assert sum(name.startswith("cheat") for name in found) >= 10


def test_a_broken_reference_and_a_passing_starter_are_told(tmp_path):
    task = toys.make_task(tmp_path, "toy")
    (task / "reference/adding.py").write_text(toys.WRONG)
    (task / "workspace/adding.py").write_text(toys.RIGHT)
    found = outcomes(verify(tmp_path))
    assert found["reference run 1"] == "broken"
    assert found["starter as it is"] == "broken"


@pytest.mark.parametrize(
    ("code", "caught_by", "why"),
    [
        (toys.RIGHT, "test_adds", "the mutant passes"),
        (toys.WRONG, "test_adds", "not by test_adds"),
        ("def add(a, b:\n", "test_adds", "no case passes"),
    ],
    ids=["equal to the reference", "caught elsewhere", "no code"],
)
def test_a_mutant_that_shows_nothing_is_told(tmp_path, code, caught_by, why):
    task = toys.make_task(tmp_path, "toy")
    (task / "mutants/unsigned/adding.py").write_text(code)
    (task / "mutants/unsigned/mutant.json").write_text(json.dumps({"caught_by": caught_by, "why": "it is a test"}))
    done = verify(tmp_path)
    assert done.returncode == 1
    messages = {check["name"]: check["message"] for check in json.loads(done.stdout)["checks"]}
    assert why in messages["unsigned"]


def test_a_missing_toolchain_is_told_and_fails_only_in_ci(tmp_path):
    toys.make_task(tmp_path, "toy")
    planned = plan([load(tmp_path / "toy")], lambda task: Missing("python", "Python 3.11"), 1)
    (told,) = planned.not_runnable
    assert told.outcome == "not_runnable"
    assert told.message == "not runnable here: install Python 3.11"
    assert planned.total() == 0


def test_runs_that_disagree_are_told_by_case(tmp_path):
    task = load(toys.make_task(tmp_path, "toy"))

    def run(*cases: str) -> Checked:
        return Checked(task.task_id, "reference", "run", "held", "", cases=cases)

    assert agreement(task, [run("passed", "passed"), run("passed", "passed")]).outcome == "held"
    found = agreement(task, [run("passed", "passed"), run("passed", "failed")])
    assert found.outcome == "broken"
    assert "test_adds_below_zero" in found.message


def test_a_task_without_a_reference_is_still_tried(tmp_path):
    folder = toys.make_task(tmp_path, "toy")
    metadata = json.loads((folder / "metadata.json").read_text())
    del metadata["reference_dir"]
    (folder / "metadata.json").write_text(json.dumps(metadata))
    assert [check.kind for check in checks(load(folder))] == ["starter", "noop"]


def test_the_answer_of_noop_is_no_change_in_any_edit_format():
    with pytest.raises(checks_module.NoChange):
        checks_module._change_of_nothing()


def test_the_table_shows_whole_ids(tmp_path):
    name = "a_task_with_a_rather_long_name_that_a_terminal_would_cut"
    toys.make_task(tmp_path, name)
    sandbox()
    done = toys.run("tasks", "verify", "--tasks-dir", tmp_path, cwd=tmp_path, COLUMNS="60")
    assert done.returncode == 0, done.stdout + done.stderr
    assert name in done.stdout
    assert f"✓ {name}" in done.stderr
