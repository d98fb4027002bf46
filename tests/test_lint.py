"""`tasks lint` names what the guide asks and a task lacks, and finds nothing in the built-in catalog."""

from __future__ import annotations

import json

import pytest
import toys

from benchgen import assets
from benchgen.catalog.tasks import Catalog, load
from benchgen.verify.lint import lint, lint_catalog
from benchgen.verify.wording import is_claim


def messages(folder) -> str:
    return "\n".join(f"{finding.where}: {finding.message}" for finding in lint(load(folder)))


def changed(folder, **entries):
    metadata = {**json.loads((folder / "metadata.json").read_text()), **entries}
    (folder / "metadata.json").write_text(json.dumps(metadata))
    return messages(folder)


def test_the_built_in_catalog_is_as_the_guide_asks():
    tasks = Catalog(assets.tasks()).tasks()
    assert [finding for task in tasks for finding in lint(task)] == []
    assert lint_catalog(tasks) == []


def test_a_missing_task_is_counted():
    tasks = Catalog(assets.tasks()).tasks()
    lost = next(task for task in tasks if task.language == "cpp")
    found = [finding.message for finding in lint_catalog([task for task in tasks if task != lost])]
    assert found == ["1 tasks of cpp, promised 2", f"15 tasks of {lost.difficulty}, promised 16"]


@pytest.mark.parametrize(
    ("entries", "finding"),
    [
        ({"domain": "gardening"}, "`domain` is 'gardening'"),
        ({"tags": ["Upper"]}, "`tags` must be lower-case"),
        ({"tags": ["a", "a"]}, "`tags` names one twice"),
        ({"title": ""}, "`title` is missing"),
        ({"isolation": None}, "`isolation` must be"),
        ({"cases": ["test_adds", "addsBelowZero"]}, "'addsBelowZero' is no claim"),
        ({"title": "Subtract"}, "the heading is '# Add two numbers', must be '# Subtract'"),
    ],
)
def test_metadata_is_looked_at(tmp_path, entries, finding):
    assert finding in changed(toys.make_task(tmp_path, "python_toy"), **entries)


def test_mutants_are_counted_and_must_say_why_and_where(tmp_path):
    task = toys.make_task(tmp_path, "python_toy")
    (task / "mutants/unsigned/mutant.json").write_text(json.dumps({"caught_by": "test_else", "why": "bad"}))
    found = messages(task)
    assert "1 mutants, must be at least 4" in found
    assert "`why` must say in 20 characters" in found
    assert "names 'test_else', which is no case" in found


@pytest.mark.parametrize(
    ("patch", "finding"),
    [
        ("", "does not fit the reference: "),
        (toys.change_of("def add(x, y):\n", "def add(y, x):\n"), "does not fit the reference: patch failed"),
        (toys.change_of(toys.DRIVER, "", "tests/driver/driver.py"), "does not fit the reference: "),
        (None, "cannot be read"),
    ],
    ids=["empty", "of another reference", "of the judge", "missing"],
)
def test_a_mutant_must_be_a_change_of_the_reference(tmp_path, patch, finding):
    task = toys.make_task(tmp_path, "python_toy")
    place = task / "mutants/unsigned/mutant.patch"
    place.unlink() if patch is None else place.write_text(patch)
    assert f"mutants/unsigned/mutant.patch: {finding}" in messages(task)


def test_what_tools_leave_behind_is_named(tmp_path):
    task = toys.make_task(tmp_path, "python_toy")
    (task / "workspace/__pycache__").mkdir()
    (task / "tests/old.pyc").touch()
    (task / "workspace/elsewhere.py").symlink_to("/etc/hostname")
    found = messages(task)
    assert "workspace/__pycache__: left behind" in found
    assert "tests/old.pyc: left behind" in found
    assert "workspace/elsewhere.py: is a link" in found


def test_blanks_and_files_that_are_not_there_are_named(tmp_path):
    task = toys.make_task(tmp_path, "python_toy")
    text = "# Add two numbers\n\nTO FILL: more\n\nSee `subtracting.py`. TODO say more\n"
    (task / "instructions.md").write_text(text)
    found = messages(task)
    assert "instructions.md:3: a blank: TO FILL: more" in found
    assert "instructions.md:5: a blank: TODO say more" in found
    assert "names subtracting.py, which neither" in found


@pytest.mark.parametrize("told", [True, False])
def test_every_name_that_the_driver_imports_must_be_told(tmp_path, told):
    task = toys.make_task(tmp_path, "python_toy")
    driver = task / "tests/driver/driver.py"
    driver.write_text(driver.read_text() + "from adding import subtract\n")
    if told:
        (task / "instructions.md").write_text("# Add two numbers\n\nAnd `subtract(a, b)`.\n")
    assert ("never names subtract, which tests/driver/driver.py uses" in messages(task)) is not told


def test_cases_are_named_as_each_language_names_tests():
    assert is_claim("test_adds_two", "python")
    assert is_claim("test_adds_two[big-1]", "python")
    assert not is_claim("test", "python")
    assert is_claim("TestAdds/negative_numbers", "go")
    assert not is_claim("test_adds", "go")
    assert is_claim("adds_two", "rust")
    assert not is_claim("AddsTwo", "javascript")


def test_an_imported_task_is_not_held_to_our_wording(tmp_path):
    task = toys.make_task(tmp_path, "toy")
    source = {"url": "https://example.org", "license": "MIT", "sha256": "0" * 64}
    assert changed(task, source=source, domain="other", isolation=None) == ""


def test_the_command_tells_one_line_a_finding(tmp_path):
    toys.make_task(tmp_path, "python_toy")
    (tmp_path / "python_broken").mkdir()
    done = toys.run("tasks", "lint", "--tasks-dir", tmp_path, cwd=tmp_path)
    assert done.returncode == 1
    assert "✕ python_toy/mutants: 1 mutants, must be at least 4" in done.stdout.splitlines()
    assert "✕ python_broken/metadata.json" in done.stdout
    told = json.loads(toys.run("tasks", "lint", "--tasks-dir", tmp_path, "--json", cwd=tmp_path).stdout)
    assert len(told["findings"]) == len(done.stdout.splitlines())
