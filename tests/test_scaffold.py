"""`tasks new` makes a task that verifies as made, in every language; lint finds nothing but its blanks."""

from __future__ import annotations

import json

import pytest
import sandbox_room
import toys

from benchgen.catalog.scaffold import LANGUAGES, make
from benchgen.catalog.tasks import load
from benchgen.errors import BenchgenError, UsageError
from benchgen.sandbox.spec import Missing
from benchgen.sandbox.toolchains import for_language
from benchgen.verify.lint import lint


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_task_verifies_as_it_is_made(tmp_path, language):
    sandbox_room.sandbox()
    tools = for_language(language)
    if isinstance(tools, Missing):
        sandbox_room.cannot(tools.install)
    done = toys.run("tasks", "new", f"{language}_toy", "-l", language, "--tasks-dir", tmp_path, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = toys.run("tasks", "verify", "--tasks-dir", tmp_path, "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert [check for check in told["checks"] if check["outcome"] != "held"] == []
    assert told["tasks"][f"{language}_toy"]["mutant"] == {"held": 4, "of": 4}


@pytest.mark.parametrize("language", LANGUAGES)
def test_lint_lists_the_blanks_of_a_new_task_and_nothing_else(tmp_path, language):
    folder = make(tmp_path, f"{language}_feature_toy", language, "A toy")
    findings = lint(load(folder))
    assert len(findings) >= 2
    assert [finding for finding in findings if not finding.message.startswith("a blank: TO FILL")] == []
    assert (folder / "instructions.md").read_text().startswith("# A toy\n")


@pytest.mark.parametrize("name", ["toy", "go_toy", "python_", "python_Toy", "python_../x"])
def test_a_name_that_is_none_is_refused(tmp_path, name):
    with pytest.raises(UsageError):
        make(tmp_path, name, "python")


def test_an_existing_folder_is_left_alone(tmp_path):
    make(tmp_path, "python_toy", "python")
    with pytest.raises(BenchgenError, match="already"):
        make(tmp_path, "python_toy", "python")
