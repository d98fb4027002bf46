"""Removing runs: one by its id, all but the newest, or one in whose place another one comes."""

from __future__ import annotations

from pathlib import Path

from benchgen import paths
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
        gone = _set_aside(folder)
        files.sync_folder(root)
        index.forget_run(root, run_id)
    files.remove_tree(gone)


def new_beside(folder: Path) -> Path:
    """Where a run can be made that is to take the place of this one: nobody sees it there."""
    place = folder.with_name(f".{folder.name}.again.new")
    files.remove_tree(place)
    return place


def replace_run(root: Path, made: Path) -> Path:
    """Puts a run that was made `new_beside` an older one in its place, with what people noted on that; its folder."""
    folder = root / made.name
    with locks.runner_lock(folder), locks.root_lock(root):
        _pass_on(folder, made)
        gone = _set_aside(folder)
        made.rename(folder)
        files.sync_folder(root)
        index.forget_run(root, folder.name)
    files.remove_tree(gone)
    files.remove_tree(made.parent)
    return folder


def stand_for(root: Path, guest: str, folder: Path) -> None:
    """An imported run stands for a followed one from here on: what people noted on that is its own."""
    with locks.root_lock(root):
        if not (folder / paths.ANNOTATIONS).exists():
            _pass_on(guests.home_of(root, guest), folder)
        index.forget_run(root, guest)


def _set_aside(folder: Path) -> Path:
    gone = folder.with_name(f".{folder.name}.removed.new")
    files.remove_tree(gone)
    folder.rename(gone)
    return gone


def _pass_on(old: Path, new: Path) -> None:
    if (old / paths.ANNOTATIONS).is_file():
        files.replace_file(new / paths.ANNOTATIONS, (old / paths.ANNOTATIONS).read_bytes())


def prunable(root: Path, keep: int) -> list[str]:
    """The ended runs beyond the newest `keep`, newest first; what still runs, waits or cannot be read stays."""
    if keep < 0:
        raise UsageError("the number of runs to keep is 0 or more")
    ended = [digest.run_id for digest in Results(root).digests().runs if digest.status in ENDED]
    return ended[keep:]
