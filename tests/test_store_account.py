"""What is derived from a log is the same whether its rows were held or only looked at."""

import pytest
import row_runs

from benchgen.clock import Clock
from benchgen.digest import digest_of
from benchgen.record import replace
from benchgen.records.events import AttemptFinished, AttemptSuperseded
from benchgen.redact import Redactor
from benchgen.store.account import account_of
from benchgen.store.history_rows import attempt_row
from benchgen.store.log import append
from benchgen.store.runs import Results
from benchgen.store.summaries import summary_of

ROWS = [{"id": f"row-{n}", "prompt": f"say {n}", "expected": str(n)} for n in range(5)]
MODELS = {
    "a/right": lambda text: text.split()[1],
    "b/other": lambda text: None if "3" in text else "4",
}


@pytest.fixture
def folder(tmp_path):
    return row_runs.make_run(tmp_path, ROWS, MODELS)


def assert_whole(folder):
    account = account_of(folder, Redactor())
    state = Results(folder.parent).load(folder.name)
    assert account.digest == digest_of(state)
    assert account.summary == summary_of(folder, state)
    assert list(account.rows.by_table["attempts"]) == [
        attempt_row(folder.name, row, Redactor()) for row in state.counted_rows()
    ]
    return account


def test_the_rows_of_a_dataset_run_are_counted_without_being_held(folder):
    account = assert_whole(folder)
    assert len(account.state.rows) == 0
    assert [(model.passed, model.evaluated) for model in account.digest.models] == [(5, 5), (1, 4)]


def test_a_row_that_was_asked_again_counts_once(folder):
    results = Results(folder.parent)
    state = results.load(folder.name)
    fault = next(row for row in state.rows if row.category == "api_error")
    again = results.outcome(folder.name, next(row for row in state.rows if row.category is None).line)
    new = f"{fault.attempt}__r1"
    outcome = replace(again, attempt=new, task=fault.task, model=fault.model, replaces=fault.attempt)
    events = [AttemptFinished(attempt=new, outcome=outcome), AttemptSuperseded(attempt=fault.attempt, by=new)]
    append(folder, events, clock=Clock())
    account = assert_whole(folder)
    assert [(model.passed, model.evaluated) for model in account.digest.models] == [(5, 5), (2, 5)]
