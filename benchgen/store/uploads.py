"""Adding and removing uploaded datasets."""

from __future__ import annotations

import hashlib
from pathlib import Path

from benchgen import codec, paths
from benchgen.clock import Clock
from benchgen.errors import BadFile, Locked
from benchgen.records.dataset import Dataset
from benchgen.store import files, history
from benchgen.store.datasets import DATASET_ID, dataset_folder
from benchgen.store.history_rows import dataset_rows
from benchgen.store.index import put
from benchgen.store.locks import root_lock
from benchgen.store.runs import Results


def new_dataset_id(token: str) -> str:
    """`ds_` and twelve hex digits of chance."""
    return f"ds_{token[:12]}"


def add_dataset(
    root: Path,
    dataset_id: str,
    name: str,
    data: bytes,
    count: int,
    *,
    clock: Clock = Clock(),
) -> Dataset:
    """Keeps a checked file of `count` rows as it came. It appears whole or not at all."""
    if not DATASET_ID.fullmatch(dataset_id):
        raise BadFile("a dataset id is ds_ and 12 hex digits", where=repr(dataset_id))
    dataset = Dataset(dataset_id, name, count, clock.stamp(), len(data), hashlib.sha256(data).hexdigest())
    folder = root / paths.DATASETS / dataset_id
    files.make_folder(folder.parent)
    with root_lock(root):
        files.replace_folder(folder, {paths.DATASET_ROWS: data, paths.DATASET: codec.file(dataset)})
        put(root, dataset_rows(dataset))
    return dataset


def delete_dataset(root: Path, dataset_id: str) -> None:
    """Removes a dataset; runs made with it keep their results. Locked while one of them waits or goes on."""
    folder = dataset_folder(root, dataset_id)
    user = _user_of(root, dataset_id)
    if user is not None:
        raise Locked(f"the run {user} uses it", where=dataset_id, hint=f"cancel {user}, or wait for its end")
    with root_lock(root):
        files.remove_tree(folder)
        files.sync_folder(folder.parent)
        history.forget_dataset(root, dataset_id)


def _user_of(root: Path, dataset_id: str) -> str | None:
    """A run of the dataset that is queued or alive."""
    results = Results(root)
    for run in results.digests().runs:
        waits_or_runs = run.status == "queued" or (run.status == "running" and results.is_alive(run.run_id))
        if waits_or_runs and results.config(run.run_id).dataset_id == dataset_id:
            return run.run_id
    return None
