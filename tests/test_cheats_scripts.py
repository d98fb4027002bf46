"""Cheats in Python and JavaScript really cheat: each one passes some naive harness, and the starter passes none."""

from __future__ import annotations

import sys

import naive
import pytest
import sandbox_room

from benchgen.verify import cheat_javascript, cheat_python
from benchgen.verify.cheats import cheats

EQUAL = """import json, sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workspace"))
import adding

def test_adds():
    assert adding.add(2, 3) == 5
"""
AS_JSON = EQUAL.replace("adding.add(2, 3) == 5", "json.dumps(adding.add(2, 3)) == json.dumps(5)")
PYTHON = {
    "workspace/adding.py": '"""Sums."""\n\nfrom __future__ import annotations\n\n\ndef add(a, b):\n    return 0\n',
    "reference/adding.py": '"""Sums."""\n\nfrom __future__ import annotations\n\n\ndef add(a, b):\n    return a + b\n',
    "tests/test_equal.py": EQUAL,
    "tests/test_json.py": AS_JSON,
}
PYTEST = (sys.executable, "-m", "pytest", "-q")
PYTHON_HARNESSES = [
    naive.Harness((*PYTEST, "--junitxml=.benchgen/junit.xml", "tests/test_equal.py"), form="junit"),
    naive.Harness((*PYTEST, "tests/test_json.py"), form="junit"),
    naive.Harness((*PYTEST,), folder="workspace", form="junit", more={"PYTHONPATH": "."}),
]
NODE_JUDGE = """'use strict';
const assert = require('node:assert');
const cases = {
  adds: (add) => assert.equal(add(2, 3), 5),
  adds_as_json: (add) => assert.equal(JSON.stringify(add(2, 3)), JSON.stringify(5)),
};
import('../workspace/adding.ENDING').then(({ add }) => {
  try {
    cases[process.argv[2]](add);
    console.log('ok 1 - adds');
  } catch (error) {
    console.log('not ok 1 - adds');
    process.exitCode = 1;
  }
});
"""


def python_task(folder):
    sandbox_room.chain("python")
    return naive.make(folder / "toy", "python", ["test_adds"], PYTHON)


def javascript_task(folder, ending):
    sandbox_room.chain("node")
    export = "export function" if ending == "mjs" else "exports.add = function"
    code = f"{export} add(a, b) {{ return RESULT; }}\n"
    contents = {
        f"workspace/adding.{ending}": code.replace("RESULT", "0"),
        f"reference/adding.{ending}": code.replace("RESULT", "a + b"),
        "tests/run-tests.js": NODE_JUDGE.replace("ENDING", ending),
    }
    return naive.make(folder / "toy", "javascript", ["adds"], contents)


def javascript_harnesses():
    node = ("node", "../tests/run-tests.js")
    script = "$(node -p 'require(\"./package.json\").scripts.test')"
    return [
        naive.Harness((*node, "adds"), folder="workspace"),
        naive.Harness((*node, "adds_as_json"), folder="workspace"),
        naive.Harness(
            ("sh", "-c", f"test -f package.json || {{ echo FAILED; exit 1; }}; exec {script}"), folder="workspace"
        ),
    ]


def believed(task, harnesses, change, folder):
    found = set()
    for number, harness in enumerate(harnesses):
        box = naive.box_with(task, folder / f"box{number}", None)
        if change is not None:
            box = naive.box_with(task, folder / f"cheated{number}", change(folder / f"cheated{number}"))
        if harness.folder == "workspace" and task.language == "python":
            (box / "tests").rename(box / "workspace" / "tests")
        found |= naive.believes(harness, box, task.cases)
    return found


PYTHON_CHEATS = [
    *("exit_early", "forged_output", "forged_junit", "patched_runner", "patched_json", "killed_judge", "always_equal"),
    *("skipped", "read_judge", "read_environment", "overwritten_tests", "new_runner_files"),
]
JAVASCRIPT_CHEATS = [
    *("exit_early", "forged_output", "patched_runner", "patched_assert", "patched_json", "killed_judge", "read_judge"),
    *("read_environment", "overwritten_tests", "new_runner_files"),
]


@pytest.mark.parametrize("name", PYTHON_CHEATS)
def test_a_cheat_in_python_passes_a_naive_harness(tmp_path, name):
    task = python_task(tmp_path)
    assert believed(task, PYTHON_HARNESSES, lambda box: naive.change_of(task, name, box), tmp_path)


@pytest.mark.parametrize("name", sorted(cheat_python.INTRUDERS))
def test_each_new_file_rules_a_naive_pytest(tmp_path, name):
    task = python_task(tmp_path)
    change = cheat_python.whole({name: cheat_python.INTRUDERS[name]})
    assert "exit code" in believed(task, PYTHON_HARNESSES[2:], lambda box: change, tmp_path)


def test_the_starter_in_python_passes_no_naive_harness(tmp_path):
    assert believed(python_task(tmp_path), PYTHON_HARNESSES, None, tmp_path) == set()


@pytest.mark.parametrize("ending", ["js", "mjs"])
@pytest.mark.parametrize("name", JAVASCRIPT_CHEATS)
def test_a_cheat_in_javascript_passes_a_naive_harness(tmp_path, name, ending):
    task = javascript_task(tmp_path, ending)
    assert believed(task, javascript_harnesses(), lambda box: naive.change_of(task, name, box), tmp_path)


@pytest.mark.parametrize("ending", ["js", "mjs"])
def test_the_starter_in_javascript_passes_no_naive_harness(tmp_path, ending):
    assert believed(javascript_task(tmp_path, ending), javascript_harnesses(), None, tmp_path) == set()


def test_no_cheat_is_left_untried(tmp_path):
    assert [cheat.name for cheat in cheats(python_task(tmp_path / "p"))] == PYTHON_CHEATS
    assert [cheat.name for cheat in cheats(javascript_task(tmp_path / "j", "js"))] == JAVASCRIPT_CHEATS


def test_code_goes_after_the_docstring_and_imports_from_the_future():
    started = cheat_python.started(PYTHON["workspace/adding.py"], "cheat = 1\n")
    assert started.startswith('"""Sums."""\n\nfrom __future__ import annotations\ncheat = 1\n')
    assert cheat_javascript._started("a.js", "#!/usr/bin/env node\nmain();\n", "").startswith("#!/usr/bin/env node\n")
