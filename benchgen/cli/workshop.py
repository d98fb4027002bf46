"""What this machine has for attempts: the tools of a language, kinds of sandbox, cores."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import get_args

from platformdirs import user_cache_path

from benchgen.errors import BenchgenError
from benchgen.records.task import Task
from benchgen.sandbox.choose import Preference
from benchgen.sandbox.spec import Missing, Toolchain
from benchgen.sandbox.toolchains import for_language

SANDBOXES: tuple[Preference, ...] = get_args(Preference)


def tools_of(task: Task) -> Sequence[Toolchain] | Missing:
    """The toolchains of a task's language on this machine, or what is missing."""
    return for_language(task.language)


def tools_with_requirements(task: Task) -> Sequence[Toolchain] | Missing:
    """The same, and what the task's own requirements need: `--install-deps`."""
    from benchgen.runner.dependencies import requirements_of  # asks which packages are installed, in a slow way

    tools = tools_of(task)
    extra = requirements_of(task, user_cache_path("benchgen") / "requirements")
    if isinstance(tools, Missing) or extra is None:
        return tools
    return extra if isinstance(extra, Missing) else (*tools, extra)


def preference(name: str) -> Preference:
    for word in SANDBOXES:
        if word == name:
            return word
    raise BenchgenError(f"unknown sandbox {name!r}", where="--sandbox", hint=f"one of {', '.join(SANDBOXES)}")


def default_workers() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
