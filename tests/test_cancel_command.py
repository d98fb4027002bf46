"""`benchgen cancel`, where a run ends while it is being asked about."""

from __future__ import annotations

import row_runs

from benchgen.cli.cancel_command import _end
from benchgen.cli.going_on import Known
from benchgen.record import replace
from benchgen.store.runs import Results


def test_a_run_that_completed_in_the_meantime_stays_completed(tmp_path):
    folder = row_runs.make_run(tmp_path, [{"id": "a", "prompt": "1"}], {"m": lambda asked: "2"})
    results = Results(tmp_path)
    before = replace(results.load(folder.name), status="running")
    assert _end(Known(results, folder.name, before)) is False
    assert Results(tmp_path).load(folder.name).status == "completed"
