"""Records: closed words, frozen values, a plan in a fair order, and views that later rows do not change."""

import importlib
import pkgutil
from dataclasses import is_dataclass

import pytest
from factories import outcomes_of, run_config, run_state
from hypothesis import given
from hypothesis import strategies as st

from benchgen import paths, records
from benchgen.record import Confidential, Record
from benchgen.records.run import folder_of, planned, planned_total
from benchgen.records.state import Rows
from benchgen.records.status import ATTEMPT_STATUSES, CATEGORIES, MODEL_CATEGORIES, is_evaluated, status_of

MODULES = [
    importlib.import_module(f"benchgen.records.{found.name}") for found in pkgutil.iter_modules(records.__path__)
]
RECORDS = [
    kind
    for module in MODULES
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Record) and kind.__module__ == module.__name__
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_record_is_frozen_and_slotted(record):
    assert record.__struct_config__.frozen
    assert not record.__dictoffset__


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_nothing_but_records_stands_among_them(module):
    classes = [kind for kind in vars(module).values() if isinstance(kind, type) and kind.__module__ == module.__name__]
    assert not [kind for kind in classes if is_dataclass(kind)]


def test_every_category_has_a_status_and_only_the_models_own_are_evaluated():
    assert {status_of(category) for category in CATEGORIES} <= set(ATTEMPT_STATUSES) - {"pending", "running", "passed"}
    assert {category for category in CATEGORIES if is_evaluated(category)} == MODEL_CATEGORIES
    assert status_of(None) == "passed"
    assert is_evaluated(None)


def test_a_plan_starves_no_model():
    config = run_config(tasks=2, models=("a", "b"), samples=2)
    plan = [(item.sample, item.task, item.model) for item in planned(config)]
    assert plan[:4] == [(0, "task_0", "a"), (0, "task_0", "b"), (0, "task_1", "a"), (0, "task_1", "b")]
    assert len(plan) == len(set(plan)) == planned_total(config) == 8


def test_a_total_that_is_said_holds():
    assert planned_total(run_config(total=5000)) == 5000


def test_a_folder_settled_at_plan_time_holds():
    name = next(planned(run_config())).attempt
    assert folder_of(run_config(), name) == paths.attempt_folder(name)
    assert folder_of(run_config(folders={name: "another"}), name) == "another"


def test_a_view_of_rows_does_not_see_later_ones():
    rows = list(run_state(run_config(tasks=3)).rows)
    growing = rows[:2]
    view = Rows(growing)
    growing.append(rows[2])
    assert len(view) == 2
    assert list(view) == rows[:2]
    with pytest.raises(IndexError):
        view[2]


@given(st.integers(0, 6), st.slices(6) | st.integers(-8, 8))
def test_a_view_answers_as_a_list_does(size, index):
    rows = list(run_state(run_config(tasks=6)).rows)[:size]
    try:
        expected = rows[index]
    except IndexError:
        with pytest.raises(IndexError):
            Rows(rows)[index]
    else:
        assert Rows(rows)[index] == expected


def test_a_row_says_what_its_outcome_says():
    config = run_config()
    for row, outcome in zip(run_state(config, "tests_failed").rows, outcomes_of(config, "tests_failed"), strict=True):
        assert (row.attempt, row.task, row.model, row.sample) == (
            outcome.attempt,
            outcome.task,
            outcome.model,
            outcome.sample,
        )
        assert (row.status, row.evaluated, row.seconds) == ("failed", True, outcome.duration_seconds)
        assert (row.input_tokens, row.output_tokens, row.steps) == (120, 30, 1)


def test_what_holds_secrets_prints_without_them():
    class Keys(Confidential):
        keys: dict[str, str]

    assert repr(Keys({"KEY": "hunter2"})) == "Keys(…)"
