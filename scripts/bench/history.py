"""A long history of runs, written with the store's own writer, for the scripts that need one."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from factories import at, make_run, run_config

from benchgen.record import replace
from benchgen.records.status import Category
from benchgen.redact import Redactor
from benchgen.store import files
from benchgen.store.account import account_of
from benchgen.store.derived import derived_files

TASKS, MODELS, OF_A_RUN = 20, 6, 2
_OUTCOMES: tuple[Category | None, ...] = (None, None, "tests_failed", None, "patch_failed", None, "api_error")


def make_history(root: Path, runs: int, first: int = 0) -> None:
    """So many complete runs, an hour apart, each of 20 tasks by two of six models in two samples."""
    for number in range(first, first + runs):
        created = at(3600.0 * number)
        run_id = f"run_{created[:19].replace('-', '').replace(':', '')}Z_{number:06x}"
        models = [f"acme/model-{(number + shift) % MODELS}" for shift in range(OF_A_RUN)]
        config = run_config(tasks=TASKS, models=models, samples=2, run_id=run_id, created_at=created)
        outcomes = _OUTCOMES[number % 5 :] + _OUTCOMES[: number % 5]
        folder = make_run(root, replace(config, run_name=f"nightly {number}"), outcomes, artifacts=False)
        for name, data in derived_files(account_of(folder, Redactor())).items():
            files.replace_file(folder / name, data, durable=False)
