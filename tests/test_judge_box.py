"""The box: a change is laid over the workspace, and what the judge relies on comes back, whatever was done to it."""

from __future__ import annotations

from pathlib import Path

import pytest
import toys

from benchgen.answers.extract import Change, FileBlock
from benchgen.answers.patch import PatchRefused
from benchgen.catalog.tasks import load
from benchgen.judge.box import lay_change, prepare
from benchgen.records.task import Task
from benchgen.verify.scene import removed

JUDGE = "package judge\n"
LINK = "diff --git a/{0} b/{0}\nnew file mode 120000\n--- /dev/null\n+++ b/{0}\n@@ -0,0 +1 @@\n+/etc/passwd\n"


@pytest.fixture
def task(tmp_path: Path) -> Task:
    """A task whose judge lies in the workspace, as in Go."""
    folder = toys.make_task(tmp_path / "tasks", "toy")
    metadata = folder / "metadata.json"
    metadata.write_text(metadata.read_text().replace('"python"', '"go"', 1))
    for name in ("judge/judge_test.go", "judge/data/expected.json", "driver/main.go", "go.mod"):
        (folder / "workspace" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "workspace" / name).write_text(JUDGE)
    return load(folder)


def laid(task: Task, tmp_path: Path, **files: str) -> Path:
    """The workspace of a box after whole files were answered."""
    box = prepare(task, tmp_path)
    lay_change(box, task, Change(files=tuple(FileBlock(path, text) for path, text in files.items())))
    return box / "workspace"


@pytest.mark.parametrize("name", ["judge/judge_test.go", "judge/data/expected.json", "driver/main.go", "go.mod"])
def test_an_overwritten_file_of_the_judge_is_restored(task, tmp_path, name):
    assert (laid(task, tmp_path, **{name: "mine"}) / name).read_text() == JUDGE


@pytest.mark.parametrize(
    "name",
    [
        *("judge/zz_test.go", "driver/more.go", "zz_test.go", "deep/down/x_test.go", "go.work", "vendor/modules.txt"),
        *("judge/data/more.json", "deep/go.mod", "go.sum"),
    ],
)
def test_a_new_file_where_the_judge_looks_is_removed(task, tmp_path, name):
    assert not (laid(task, tmp_path, **{name: "mine"}) / name).exists()


def test_a_new_file_elsewhere_stays(task, tmp_path):
    assert (laid(task, tmp_path, **{"more.go": "mine"}) / "more.go").read_text() == "mine"


@pytest.mark.parametrize("name", ["Judge/judge.go", "JUDGE/notes.txt", "Go.Work"])
def test_another_spelling_of_a_name_does_not_reach_the_judge(task, tmp_path, name):
    workspace = laid(task, tmp_path, **{name: "mine"})
    assert (workspace / "judge/judge_test.go").read_text() == JUDGE
    assert (workspace / "go.mod").read_text() == JUDGE


def test_a_file_where_the_judge_has_a_folder_gives_way(task, tmp_path):
    box = prepare(task, tmp_path)
    lines = removed(dict.fromkeys(("judge/judge_test.go", "judge/data/expected.json"), JUDGE)).diff
    new = "diff --git a/judge b/judge\nnew file mode 100644\n--- /dev/null\n+++ b/judge\n@@ -0,0 +1 @@\n+mine\n"
    lay_change(box, task, Change(diff=lines))
    assert (box / "workspace/judge/judge_test.go").read_text() == JUDGE
    (box / "workspace/judge").rename(box / "elsewhere")
    lay_change(box, task, Change(diff=new))
    assert (box / "workspace/judge/judge_test.go").read_text() == JUDGE
    assert (box / "workspace/judge/data/expected.json").read_text() == JUDGE


def test_a_folder_where_the_judge_has_a_file_gives_way(task, tmp_path):
    box = prepare(task, tmp_path)
    (box / "workspace/go.mod").unlink()
    lay_change(box, task, Change(files=(FileBlock("go.mod/inner/file.txt", "mine"),)))
    assert (box / "workspace/go.mod").read_text() == JUDGE


@pytest.mark.parametrize("name", ["link.go", "judge/link_test.go", "deep/link"])
def test_a_link_is_refused(task, tmp_path, name):
    with pytest.raises(PatchRefused, match="a link"):
        lay_change(prepare(task, tmp_path), task, Change(diff=LINK.format(name)))


@pytest.mark.parametrize("name", ["../tests/test_adding.py", "/etc/passwd", "a/../../tests/x.py", ".git/hooks/x", ""])
def test_a_path_outside_of_the_workspace_is_refused(task, tmp_path, name):
    with pytest.raises(PatchRefused):
        laid(task, tmp_path, **{name: "mine"})


def test_a_flood_of_files_is_the_models_fault(task, tmp_path):
    box = prepare(task, tmp_path)
    flood = box / "workspace/flood"
    flood.mkdir()
    for number in range(10_001):
        (flood / str(number)).touch()
    with pytest.raises(PatchRefused, match="cannot be judged"):
        lay_change(box, task, Change(files=(FileBlock("more.go", "mine"),)))


def test_a_diff_from_the_task_folder_is_taken_at_its_word(task, tmp_path):
    box = prepare(task, tmp_path)
    diff = (
        "diff --git a/workspace/adding.py b/workspace/adding.py\n--- a/workspace/adding.py\n+++ b/workspace/adding.py\n"
        "@@ -1,2 +1,2 @@\n def add(a, b):\n-    raise NotImplementedError\n+    return a + b\n"
    )
    lay_change(box, task, Change(diff=diff))
    assert "return a + b" in (box / "workspace/adding.py").read_text()


def test_the_original_task_is_never_touched(task, tmp_path):
    before = {path: path.read_bytes() for path in task.folder.rglob("*") if path.is_file()}
    laid(task, tmp_path, **{"judge/judge_test.go": "mine", "adding.py": "mine"})
    assert before == {path: path.read_bytes() for path in task.folder.rglob("*") if path.is_file()}
