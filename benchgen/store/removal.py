"""Removing runs: one by its id, or all but the newest."""

from __future__ import annotations

from pathlib import Path

from benchgen.errors import UsageError
from benchgen.records.status import ENDED
from benchgen.store import files, guests, index, locks
from benchgen.store.runs import Results


def remove_run(root: Path, run_id: str) -> None:
    """Removes a run's folder and its rows in the index. Locked while its process lives."""
    results = Results(root)
    folder = results.home(run_id)
    if results.folder(run_id) != folder or guests.is_copied(folder):
        raise UsageError("its files are another harness's", where=run_id, hint="delete its folder, and the run is gone")
    with locks.runner_lock(folder), locks.root_lock(root):  # held, so that nobody resumes it meanwhile
        gone = root / f".{run_id}.removed.new"
        files.remove_tree(gone)
        folder.rename(gone)
        files.sync_folder(root)
        index.forget_run(root, run_id)
    files.remove_tree(gone)


def prunable(root: Path, keep: int) -> list[str]:
    """The ended runs beyond the newest `keep`, newest first; what still runs, waits or cannot be read stays."""
    if keep < 0:
        raise UsageError("the number of runs to keep is 0 or more")
    ended = [digest.run_id for digest in Results(root).digests().runs if digest.status in ENDED]
    return ended[keep:]
