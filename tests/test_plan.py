"""What a run of catalog tasks is called."""

from __future__ import annotations

import pytest
from factories import task_card

from benchgen.plan import benchmark_name
from benchgen.records.task import TaskCard

LONG = ["a_task_with_a_rather_long_name", "b_task_with_a_rather_long_name"]


def cards(*languages: str) -> dict[str, TaskCard]:
    return {f"task_{number}": task_card(language=language) for number, language in enumerate(languages)}


@pytest.mark.parametrize(
    ("targets", "languages", "name"),
    [
        (["all"], ["go"], "catalog"),
        (["lang:go"], ["go"], "lang:go"),
        (["b*", "a*", "b*"], ["go"], "a*, b*"),
        (LONG, ["go"], "1 go task"),
        (LONG, ["go", "python", "python"], "2 python, 1 go tasks"),
        (LONG, ["go", "python", "rust", "html"], "4 tasks in 4 languages"),
    ],
)
def test_a_run_is_called_by_what_was_typed_or_by_its_languages(
    targets: list[str], languages: list[str], name: str
) -> None:
    assert benchmark_name(targets, cards(*languages)) == name
