"""A batch's results that lie among ours without a summary: nobody can tell whether their run has ended."""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path

from benchgen import paths
from benchgen.formats import foreign
from benchgen.store.guests import is_imported


def waiting(root: Path, known: Container[str] = ()) -> tuple[str, ...]:
    """The names of such folders that nobody imported yet, spelled so that a page can show them; `known` are no such."""
    try:
        with os.scandir(root) as entries:
            found = [entry for entry in entries if entry.name not in known and not entry.name.startswith(".")]
            folders = [Path(entry.path) for entry in found if entry.is_dir(follow_symlinks=False)]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    names = [folder.name for folder in folders if _waits(folder) and not is_imported(root, folder)]
    return tuple(sorted(name if paths.is_run_id(name) else paths.file_name(name) for name in names))


def _waits(folder: Path) -> bool:
    others = (folder / name for name in (paths.SUMMARY, paths.EPISODES))
    is_batch = foreign.is_file(folder / paths.RESULTS) and not any(path.exists() for path in others)
    return is_batch and not foreign.is_ours(folder)
