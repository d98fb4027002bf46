"""Changes laid over a workspace: what applies, what is repaired, what is refused."""

from __future__ import annotations

import pytest

from benchgen.answers import patch
from benchgen.answers.extract import Change, FileBlock, Replacement
from benchgen.answers.patch import PatchRefused, apply


@pytest.fixture
def workspace(tmp_path):
    folder = tmp_path / "outer" / "workspace"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text("one\ntwo\nthree\nfour\n")
    return folder


def diff(body: str, old: str = "a/a.py", new: str = "b/a.py") -> Change:
    return Change(diff=f"--- {old}\n+++ {new}\n{body}")


def test_a_correct_diff_applies_plainly(workspace):
    report = apply(diff("@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"), workspace)
    assert (workspace / "a.py").read_text() == "one\n2\nthree\nfour\n"
    assert (report.step, report.files, report.added, report.removed) == ("plain", ("a.py",), 1, 1)


def test_wrong_line_counts_are_recounted(workspace):
    report = apply(diff("@@ -1,9 +1,7 @@\n one\n-two\n+2\n three\n"), workspace)
    assert report.step == "recount"


def test_paths_without_prefixes_are_understood(workspace):
    (workspace / "src").mkdir()
    (workspace / "a.py").rename(workspace / "src" / "a.py")
    report = apply(diff("@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n", "src/a.py", "src/a.py"), workspace)
    assert report.step == "p0"


def test_other_white_space_in_the_context_is_tolerated(workspace):
    (workspace / "a.py").write_text("one\n\ttwo\nthree\n")
    report = apply(diff("@@ -1,3 +1,3 @@\n one\n-    two\n+2\n three\n"), workspace)
    assert report.step == "whitespace"


def test_a_context_that_is_not_there_is_refused_and_never_placed_by_guess(workspace):
    with pytest.raises(PatchRefused):
        apply(diff("@@ -1,3 +1,3 @@\n uno\n-dos\n+2\n tres\n"), workspace)
    assert (workspace / "a.py").read_text() == "one\ntwo\nthree\nfour\n"


def test_a_patch_applies_inside_a_surrounding_checkout(workspace):
    (workspace.parent / ".git").mkdir()
    apply(diff("@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"), workspace)
    assert "2" in (workspace / "a.py").read_text()


@pytest.mark.parametrize(
    "path", ["../escape.py", "/tmp/escape.py", "x/../../escape.py", ".git/hooks/pre-commit", ".GIT/x"]
)
def test_a_file_outside_the_project_is_refused(workspace, path):
    for change in (
        Change(diff=f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n"),
        Change(files=(FileBlock(path, "x\n"),)),
        Change(replacements=(Replacement(path, "", "x\n"),)),
    ):
        with pytest.raises(PatchRefused):
            apply(change, workspace)
    assert not (workspace.parent / "escape.py").exists()


def test_a_link_is_refused(workspace):
    link = "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n"
    with pytest.raises(PatchRefused, match="link"):
        apply(Change(diff=link), workspace)


def test_a_binary_change_is_refused(workspace):
    binary = (
        "diff --git a/b.bin b/b.bin\nnew file mode 100644\nindex 0000000..f76dd23\n"
        "GIT binary patch\nliteral 1\nIcmZPo000310RR91\n\nliteral 0\nHcmV?d00001\n\n"
    )
    with pytest.raises(PatchRefused):
        apply(Change(diff=binary), workspace)


def test_a_write_through_a_link_is_refused(workspace, tmp_path):
    (workspace / "out").symlink_to(tmp_path)
    with pytest.raises(PatchRefused):
        apply(Change(files=(FileBlock("out/x", "x"),)), workspace)


def test_search_text_must_be_unique(workspace):
    with pytest.raises(PatchRefused, match="found 0 times"):
        apply(Change(replacements=(Replacement("a.py", "nine\n", ""),)), workspace)
    (workspace / "a.py").write_text("x\nx\n")
    with pytest.raises(PatchRefused, match="found 2 times"):
        apply(Change(replacements=(Replacement("a.py", "x\n", ""),)), workspace)


def test_a_new_file_comes_with_its_folders(workspace):
    apply(Change(diff="--- /dev/null\n+++ b/new/deep/f.py\n@@ -0,0 +1 @@\n+x\n"), workspace)
    assert (workspace / "new/deep/f.py").read_text() == "x\n"


def test_a_diff_that_git_never_ends_over_is_the_models_fault(workspace, tmp_path, monkeypatch):
    git = tmp_path / "git"
    git.write_text("#!/bin/sh\nexec sleep 600\n")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(patch, "GIT_SECONDS", 0.2)
    with pytest.raises(PatchRefused, match=r"git apply takes more than 0\.2 s"):
        apply(diff("@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"), workspace)
