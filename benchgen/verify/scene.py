"""What a cheating model has before its eyes: a task's files as text, the judge's places, a report's looks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from benchgen.answers.extract import Change, FileBlock
from benchgen.catalog.layout import layout
from benchgen.catalog.tasks import files
from benchgen.paths import METADATA
from benchgen.record import Record
from benchgen.records.task import Task
from benchgen.sandbox.inside import BOX
from benchgen.sandbox.masked import own_folders

JUDGE_WORDS = ("BENCHGEN_CANDIDATE", "PYTEST_CURRENT_TEST")


class Cheat(Record):
    """A name for the table, and the change that a cheating model would answer."""

    name: str
    change: Change


class Scene(Record):
    """A task, and the folder where its box lies for the model's code."""

    task: Task
    root: str = BOX

    def starter(self, endings: tuple[str, ...]) -> Mapping[str, str]:
        """The sources that a solution touches, as they are given; those that a solution adds are left out."""
        touched = [path for path in self.solved() if path.endswith(endings)]
        given = {path: _text(self.task, path) for path in touched if (self.task.workspace / path).is_file()}
        if given:
            return given
        shown = (path.as_posix() for path in files(self.task.workspace))
        return {path: _text(self.task, path) for path in shown if path.endswith(endings)}

    def solved(self) -> Mapping[str, str]:
        """The files of the reference. Behind a theft that ends the program if it fails, they pass only with it."""
        reference = self.task.reference
        if reference is None:
            return {}
        return {path.as_posix(): (reference / path).read_text("utf-8", "replace") for path in files(reference)}

    def judge_files(self) -> tuple[str, ...]:
        """The judge's files, where the model's code must not find them; the driver may be seen.

        An installed benchgen brings its catalog along, next to the tools that a sandbox shows.
        """
        shipped = [folder / "_assets" / "tasks" / self.task.task_id for folder in own_folders()]
        copies = [str(folder / METADATA) for folder in (self.task.folder, *shipped)]
        return (*(f"{self.root}/{path}" for path in self.judge_paths()), *copies)

    def judge_paths(self) -> tuple[str, ...]:
        """The judge's files relative to the task folder, the driver's left out."""
        parts = layout(self.task)
        inside = [f"{folder}/{path}" for folder in parts.judge for path in files(self.task.folder / folder)]
        tests = [path for path in self.test_paths() if path not in inside]
        return tuple(path for path in (*inside, *tests) if not path.startswith(tuple(f"{d}/" for d in parts.driver)))

    def test_paths(self) -> Iterator[str]:
        """Tests that lie among the sources, where a language wants them."""
        for path in files(self.task.workspace):
            if path.name.endswith("_test.go"):
                yield f"workspace/{path}"

    def text(self, path: str) -> str:
        """A file of the task folder."""
        return (self.task.folder / path).read_text("utf-8", "replace")

    def tap(self) -> str:
        """A report that claims every case, in the form of TAP."""
        cases = self.task.cases
        return "\n".join([f"1..{len(cases)}", *(f"ok {number} - {case}" for number, case in enumerate(cases, 1)), ""])


def whole(contents: Mapping[str, str]) -> Change:
    """Whole files, by their paths in the workspace."""
    return Change(files=tuple(FileBlock(path, content) for path, content in contents.items()))


def removed(contents: Mapping[str, str]) -> Change:
    """A diff that deletes files."""
    parts = []
    for path, content in contents.items():
        lines = content.splitlines()
        if lines:
            head = f"diff --git a/{path} b/{path}\ndeleted file mode 100644\n--- a/{path}\n+++ /dev/null\n"
            parts.append(f"{head}@@ -1,{len(lines)} +0,0 @@\n" + "".join(f"-{line}\n" for line in lines))
    return Change(diff="".join(parts))


def quoted(text: str) -> str:
    """A string literal of JavaScript, Go, Rust and C++ alike, as long as it holds printable ASCII and line breaks."""
    return json.dumps(text, ensure_ascii=False)


def _text(task: Task, path: str) -> str:
    return (task.workspace / path).read_text("utf-8", "replace")
