"""What a model is asked: the instructions, the files, and how to write the answer, one wording for each edit format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchgen.catalog.layout import shown_files, test_files
from benchgen.record import Record
from benchgen.records.run import Settings
from benchgen.records.task import Task

VERSION = "1"
LARGEST_FILE = 200_000

_SYSTEM = (
    "You are a careful software engineer. You change an existing project so that it does what the task asks. "
    "Hidden tests judge the result; they check what the task says and nothing else."
)
FORMATS: Mapping[str, str] = {
    "diff": (
        "Answer with one unified diff in a fenced block that starts with ```diff. Paths are relative to the project's "
        "root, with the prefixes a/ and b/. Context lines must match the files exactly. A new file is a diff against "
        "/dev/null. Text outside the block is ignored."
    ),
    "whole": (
        "Answer with the whole new content of every file that you change or add. For each: a line `File: path`, with "
        "the path relative to the project's root, then one fenced block with the content. Text elsewhere is ignored."
    ),
    "search_replace": (
        "Answer with search/replace blocks. For each: a line `File: path`, then\n<<<<<<< SEARCH\n(lines copied exactly "
        "from the file, enough to be unique)\n=======\n(the lines that take their place)\n>>>>>>> REPLACE\nAn empty "
        "SEARCH part makes a new file. Text elsewhere is ignored."
    ),
}
EDIT_FORMATS = tuple(FORMATS)


class Prompt(Record):
    """The messages of one request. `text()` is what `prompt.txt` keeps."""

    system: str
    user: str

    def text(self) -> str:
        return f"[system]\n{self.system}\n\n[user]\n{self.user}"


def build(task: Task, settings: Settings) -> Prompt:
    """The prompt of a task under these settings; the same input gives the same text."""
    parts = [task.instructions.strip(), "", f"Language: {task.language}. The project's files:"]
    parts += [_block(path, task.workspace / path) for path in shown_files(task)]
    if settings.include_tests:
        parts.append("The tests, which you cannot change:")
        parts += [_block(path, task.folder / path) for path in test_files(task)]
    parts += ["", FORMATS[settings.edit_format]]
    return Prompt(_SYSTEM, "\n".join(parts))


def _block(name: str, path: Path) -> str:
    data = path.read_bytes()
    if b"\0" in data[:8000] or len(data) > LARGEST_FILE:
        return f"\nFile: {name} ({len(data)} bytes, not shown)"
    text = data.decode("utf-8", "replace")
    fence = "````" if "```" in text else "```"
    return f"\nFile: {name}\n{fence}\n{text.rstrip()}\n{fence}"
