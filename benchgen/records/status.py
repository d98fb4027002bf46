"""The closed words for how runs and attempts stand, and the one table from failure category to status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Kind = Literal["code", "dataset", "openbench", "agent"]
RunStatus = Literal["queued", "running", "completed", "failed", "canceled"]
AttemptStatus = Literal[
    "pending", "running", "passed", "failed", "timeout", "error", "api_error", "canceled", "skipped"
]
Category = Literal[
    "no_answer",
    "no_diff",
    "patch_failed",
    "compile_error",
    "tests_failed",
    "timeout",
    "api_error",
    "harness",
    "canceled",
    "not_runnable",
]

KINDS: tuple[Kind, ...] = get_args(Kind)
ATTEMPT_STATUSES: tuple[AttemptStatus, ...] = get_args(AttemptStatus)
CATEGORIES: tuple[Category, ...] = get_args(Category)
MODEL_CATEGORIES: frozenset[Category] = frozenset(
    ("no_answer", "no_diff", "patch_failed", "compile_error", "tests_failed", "timeout")
)
ENDED: frozenset[RunStatus] = frozenset(("completed", "failed", "canceled"))

_STATUS: dict[Category, AttemptStatus] = {
    "no_answer": "error",
    "no_diff": "error",
    "patch_failed": "error",
    "compile_error": "failed",
    "tests_failed": "failed",
    "timeout": "timeout",
    "api_error": "api_error",
    "harness": "error",
    "canceled": "canceled",
    "not_runnable": "skipped",
}


def status_of(category: Category | None) -> AttemptStatus:
    """The status of a finished attempt; without a failure category it passed."""
    return "passed" if category is None else _STATUS[category]


def excluded(categories: Mapping[Category, int] | Mapping[str, int]) -> int:
    """How many attempts are left out of a rate, by their categories: an answer that nobody scores has none."""
    return sum(count for category, count in categories.items() if category not in MODEL_CATEGORIES)


def is_evaluated(category: Category | None) -> bool:
    """Whether a finished attempt counts in a rate: it passed, or the failure is the model's own."""
    return category is None or category in MODEL_CATEGORIES
