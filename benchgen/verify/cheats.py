"""Answers that try to pass without solving anything, for each language; every one of them must score 0.

Some exit early, forge reports, patch the runner or bring files that it obeys. The thefts carry the right solution and
end the program unless they got hold of the judge's text: they pass if, and only if, it can be had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from benchgen.records.task import Language, Task
from benchgen.sandbox.inside import BOX
from benchgen.verify import cheat_cpp, cheat_go, cheat_html, cheat_javascript, cheat_python, cheat_rust
from benchgen.verify.scene import Cheat, Scene

_BY_LANGUAGE: Mapping[Language, Callable[[Scene], Iterator[Cheat]]] = {
    "python": cheat_python.cheats,
    "javascript": cheat_javascript.cheats,
    "html": cheat_html.cheats,
    "go": cheat_go.cheats,
    "rust": cheat_rust.cheats,
    "cpp": cheat_cpp.cheats,
}


def cheats(task: Task, root: str = BOX) -> Iterator[Cheat]:
    """The cheats that fit a task's language; `root` is where its box lies for the model's code."""
    for cheat in _BY_LANGUAGE[task.language](Scene(task, root)):
        if cheat.change.files or cheat.change.diff:
            yield cheat
