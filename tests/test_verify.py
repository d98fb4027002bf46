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
        (toys.RIGHT + "# right\n", "test_adds", "the mutant passes"),
        (toys.WRONG, "test_adds", "not by test_adds"),
        ("def add(a, b:\n", "test_adds", "no case passes"),
    ],
    ids=["equal to the reference", "caught elsewhere", "no code"],
)
def test_a_mutant_that_shows_nothing_is_told(tmp_path, code, caught_by, why):
    task = toys.make_task(tmp_path, "toy")
    toys.mutate(task, code)
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


def test_no_suite_runs_on_when_the_check_is_settled(tmp_path):
    task = toys.make_task(tmp_path, "toy")
    judge = task / "tests/test_adding.py"
    judge.write_text(judge.read_text() + "\ndef test_adds_nothing():\n    assert observe(0, 0) == 0\n")
    judge.write_text(judge.read_text() + "\ndef test_adds_once_more():\n    assert observe(1, 1) == 2\n")
    metadata = json.loads((task / "metadata.json").read_text())
    cases = [*metadata["cases"], "test_adds_nothing", "test_adds_once_more"]
    (task / "metadata.json").write_text(json.dumps({**metadata, "cases": cases}))
    done = verify(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    seen = {f"{check['kind']} {check['name']}": check["cases"] for check in json.loads(done.stdout)["checks"]}
    assert seen["reference run 1"] == ["passed"] * 4
    assert seen["starter as it is"] == seen["cheat exit_early"] == ["failed", *["missing"] * 3]
    assert seen["mutant unsigned"] == ["failed", "passed", "passed"]


def test_a_mutant_that_few_cases_do_not_show_up_is_judged_by_all(tmp_path):
    task = toys.make_task(tmp_path, "toy")
    toys.mutate(task, "def add(a, b):\n    return 0\n")
    judge = task / "tests/test_adding.py"
    more = ["test_adds_one", "test_adds_two", "test_adds_nothing"]
    for name, numbers in zip(more, ("0, 1) == 1", "0, 2) == 2", "0, 0) == 0"), strict=True):
        judge.write_text(f"{judge.read_text()}\ndef {name}():\n    assert observe({numbers}\n")
    metadata = json.loads((task / "metadata.json").read_text())
    (task / "metadata.json").write_text(json.dumps({**metadata, "cases": [*metadata["cases"], *more]}))
    done = verify(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    (mutant,) = [check for check in json.loads(done.stdout)["checks"] if check["kind"] == "mutant"]
    assert mutant["cases"] == [*["failed"] * 4, "passed"]
