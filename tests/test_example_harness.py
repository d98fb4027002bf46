"""The example harness of the docs, run as its readers run it: real steps, real pictures, two workers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchgen.store.runs import Results

HARNESS = Path(__file__).parents[1] / "docs" / "example_harness.py"


@pytest.mark.browser
def test_the_example_reports_two_agents_on_two_workers(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(HARNESS.parents[1])}
    words = [sys.executable, str(HARNESS), str(tmp_path)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=180)
    if "Executable doesn't exist" in done.stderr:
        pytest.skip("no Chromium: playwright install chromium")
    assert done.returncode == 0, done.stderr
    results = Results(tmp_path)
    (run_id,) = results.list()
    state = results.load(run_id)
    careful, hasty = (
        {row.task: row.category is None for row in state.rows if row.model == f"scripted/{name}"}
        for name in ("careful", "hasty")
    )
    assert set(careful.values()) == {True} and len(careful) == 4
    assert hasty == {"notes_add": False, "notes_two": False, "notes_done": False, "notes_empty": True}
    assert set(state.workers) == {"worker-0", "worker-1"}
    shots = list((tmp_path / run_id).glob("tasks/*/screenshots/step_000.png"))
    assert len(shots) == 8 and all(shot.read_bytes().startswith(b"\x89PNG") for shot in shots)
