"""The catalog reads task folders, names what is wrong with one without losing the others, and selects by words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import toys

from benchgen.catalog import layout as layouts
from benchgen.catalog.layout import layout, shown_files
from benchgen.catalog.select import Filters, select
from benchgen.catalog.solutions import mutant_diff, reference_diff
from benchgen.catalog.tasks import Catalog, load
from benchgen.errors import BadFile, NotFound, UsageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return toys.make_catalog(tmp_path / "tasks", 3)


def spoil(task: Path, **entries: object) -> None:
    metadata = {**json.loads((task / "metadata.json").read_text()), **entries}
    (task / "metadata.json").write_text(json.dumps(metadata))


def ids(tasks) -> list[str]:
    return [task.task_id for task in tasks]


def test_a_broken_task_is_named_and_the_others_stay(folder):
    spoil(folder / "toy_1", language="cobol")
    catalog = Catalog(folder)
    assert ids(catalog.tasks()) == ["toy_0", "toy_2"]
    (broken,) = catalog.broken()
    assert (broken.task_id, "language" in broken.reason) == ("toy_1", True)
    with pytest.raises(BadFile):
        catalog.task("toy_1")


def test_a_folder_that_is_not_there_is_an_empty_catalog(tmp_path):
    assert Catalog(tmp_path / "nowhere").tasks() == []


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ({"task_id": "other"}, "task_id"),
        ({"cases": []}, "cases"),
        ({"cases": ["a", "a"]}, "cases"),
        ({"network": True}, "network"),
        ({"reference_dir": "../elsewhere"}, "reference_dir"),
        ({"tests_dir": "/etc"}, "tests_dir"),
        ({"eval": {"command": [], "timeout_seconds": 1}}, "eval.command"),
        ({"eval": {"command": ["true"], "timeout_seconds": 0}}, "eval.timeout_seconds"),
        ({"eval": {"command": ["true"], "timeout_seconds": 1, "working_dir": ".."}}, "eval.working_dir"),
    ],
)
def test_a_bad_field_is_named(folder, entries, field):
    spoil(folder / "toy_0", **entries)
    with pytest.raises(BadFile, match=field):
        load(folder / "toy_0")


def test_words_select_by_id_glob_tag_and_language(folder):
    spoil(folder / "toy_2", tags=["special"])
    catalog = Catalog(folder)
    assert ids(select(catalog, ["toy_1"])) == ["toy_1"]
    assert ids(select(catalog, ["toy_[01]", "toy_1"])) == ["toy_0", "toy_1"]
    assert ids(select(catalog, ["tag:special"])) == ["toy_2"]
    assert ids(select(catalog, ["lang:python"])) == ids(select(catalog, ["all"])) == ["toy_0", "toy_1", "toy_2"]
    assert ids(select(catalog, ["all"], Filters(limit="2-3"))) == ["toy_1", "toy_2"]
    assert ids(select(catalog, ["all"], Filters(keyword="TOY_2"))) == ["toy_2"]


def test_a_word_that_meets_nothing_is_an_error_with_advice(folder):
    with pytest.raises(NotFound, match="toy_9") as fault:
        select(Catalog(folder), ["toy_9"])
    assert "did you mean" in fault.value.hint
    with pytest.raises(UsageError):
        select(Catalog(folder), ["all"], Filters(limit="3-1"))


def test_the_digest_changes_with_what_decides_a_result_and_only_then(folder):
    before = load(folder / "toy_0").digest
    (folder / "toy_0/reference/adding.py").write_text(toys.WRONG)
    toys.mutate(folder / "toy_0", "def add(a, b):\n    return 0\n")
    (folder / "toy_0/workspace/__pycache__").mkdir()
    (folder / "toy_0/workspace/__pycache__/adding.pyc").touch()
    assert load(folder / "toy_0").digest == before
    (folder / "toy_0/tests/test_adding.py").write_text("")
    assert load(folder / "toy_0").digest != before


def test_the_judge_and_the_driver_are_not_shown(folder):
    task = load(folder / "toy_0")
    assert shown_files(task) == ("adding.py",)
    assert layouts.test_files(task) == ("tests/driver/driver.py", "tests/test_adding.py")
    assert (layout(task).judge, layout(task).driver) == (("tests",), ("tests/driver",))


def test_tests_among_the_sources_of_go_are_not_shown_either(folder):
    spoil(folder / "toy_0", language="go")
    for name in ("add.go", "add_test.go", "deep/more_test.go"):
        (folder / "toy_0/workspace" / name).parent.mkdir(exist_ok=True)
        (folder / "toy_0/workspace" / name).write_text("package toy\n")
    task = load(folder / "toy_0")
    assert shown_files(task) == ("add.go", "adding.py")
    assert layouts.test_files(task) == ("workspace/add_test.go", "workspace/deep/more_test.go")


def test_reference_and_mutants_are_diffs_of_the_starter(folder):
    task = load(folder / "toy_0")
    assert "+    return a + b" in reference_diff(task).splitlines()
    assert "+    return abs(a) + abs(b)" in mutant_diff(task, "unsigned").splitlines()
    with pytest.raises(NotFound):
        mutant_diff(task, "none")


def test_a_mutant_that_no_longer_fits_the_reference_is_refused(folder):
    (folder / "toy_0/reference/adding.py").write_text("def add(a, b):\n    return b + a\n")
    with pytest.raises(BadFile, match="does not fit the reference"):
        mutant_diff(load(folder / "toy_0"), "unsigned")
