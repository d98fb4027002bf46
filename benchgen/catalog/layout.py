"""Where the judge lies in a task folder, by language: hidden from the model's code, and left out of prompts."""

from __future__ import annotations

from collections.abc import Mapping

from benchgen.catalog.globs import matches
from benchgen.catalog.tasks import files
from benchgen.record import Record
from benchgen.records.task import Language, Task

TESTS = "tests"
DRIVER = "tests/driver"


class Layout(Record):
    """Paths relative to the task folder. `judge` is hidden from the model's code, `driver` runs beside it."""

    judge: tuple[str, ...]
    driver: tuple[str, ...]


_APART = Layout(judge=(TESTS,), driver=(DRIVER,))
_LAYOUTS: Mapping[Language, Layout] = {
    "python": _APART,
    "javascript": _APART,
    "html": _APART,
    "cpp": _APART,
    "go": Layout(judge=("workspace/judge",), driver=("workspace/driver",)),
    "rust": Layout(judge=("workspace/tests",), driver=("workspace/src/bin",)),
}


# Tests that must lie among the sources: in the model's process, but not in its prompt.
_AMONG_SOURCES: Mapping[Language, tuple[str, ...]] = {"go": ("workspace/**/*_test.go",)}


def layout(task: Task) -> Layout:
    """The judge's and the driver's folders, as far as this task has them."""
    plan = _LAYOUTS[task.language]
    return Layout(
        judge=tuple(path for path in plan.judge if (task.folder / path).is_dir()),
        driver=tuple(path for path in plan.driver if (task.folder / path).is_dir()),
    )


def shown_files(task: Task) -> tuple[str, ...]:
    """The workspace files that a prompt shows, relative to the workspace: all but the judge's and the driver's."""
    apart = _apart(task)
    inside = (path.as_posix() for path in files(task.workspace))
    return tuple(path for path in inside if not matches(f"workspace/{path}", apart))


def test_files(task: Task) -> tuple[str, ...]:
    """The judge's and the driver's files, relative to the task folder; shown to a model with `--include-tests` only."""
    apart = _apart(task)
    inside = (path.as_posix() for path in files(task.folder))
    return tuple(path for path in inside if matches(path, apart))


def _apart(task: Task) -> list[str]:
    plan = layout(task)
    folders = [f"{folder}/**" for folder in (*plan.judge, *plan.driver)]
    return [*folders, *_AMONG_SOURCES.get(task.language, ())]
