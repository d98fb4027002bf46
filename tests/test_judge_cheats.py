"""Twelve cheats against one small task: in one process some of them pass the hardened call; in two, none does."""

from __future__ import annotations

import asyncio
import json

import pytest
import sandbox_room
import toys

from benchgen.answers.patch import PatchRefused
from benchgen.catalog.tasks import load
from benchgen.judge.box import lay_change, prepare
from benchgen.judge.judging import Judgement, judge
from benchgen.records.task import Task
from benchgen.sandbox.files import remove_tree
from benchgen.verify.cheats import cheats

IN_ONE_PROCESS = """import sys
sys.path.insert(0, "/box/workspace")
from adding import add

def test_adds():
    assert add(2, 3) == 5

def test_adds_below_zero():
    assert add(-2, -3) == -5
"""
# They share the process of their judge, so they can write its report, replace its runner, equal its
# expectations or read its source.
PASS_IN_ONE_PROCESS = {"forged_junit", "patched_runner", "always_equal", "read_judge"}


def judged(task: Task, change) -> Judgement | None:
    box = prepare(task)
    try:
        lay_change(box, task, change)
        return asyncio.run(judge(task, box, sandbox_room.sandbox(), (sandbox_room.chain("python"),)))
    except PatchRefused:
        return None
    finally:
        remove_tree(box)


def passing(task: Task) -> set[str]:
    found = {cheat.name: judged(task, cheat.change) for cheat in cheats(task)}
    assert len(found) == 12
    assert not [name for name, judgement in found.items() if judgement and judgement.verdict.category == "harness"]
    return {name for name, judgement in found.items() if judgement and judgement.verdict.category is None}


@pytest.mark.slow
def test_no_cheat_passes_a_judge_in_a_process_of_its_own(tmp_path):
    sandbox_room.sandbox()
    assert passing(load(toys.make_task(tmp_path / "tasks", "toy"))) == set()


@pytest.mark.slow
def test_the_weakness_of_one_process_is_known(tmp_path):
    sandbox_room.sandbox()
    folder = toys.make_task(tmp_path / "tasks", "toy")
    (folder / "tests/test_adding.py").write_text(IN_ONE_PROCESS)
    metadata = json.loads((folder / "metadata.json").read_text())
    (folder / "metadata.json").write_text(json.dumps({**metadata, "isolation": None}))
    assert passing(load(folder)) == PASS_IN_ONE_PROCESS
