"""Adding and removing uploaded datasets."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchgen import codec, paths
from benchgen.clock import Clock
from benchgen.errors import BadFile, Locked
from benchgen.records.dataset import Dataset
from benchgen.store import files
from benchgen.store.datasets import DATASET_ID, dataset_folder
from benchgen.store.history_rows import dataset_rows
from benchgen.store.index import forget_dataset, put
from benchgen.store.locks import root_lock
from benchgen.store.runs import Results

CHUNK = 1 << 20
_ON_ITS_WAY = ".new"


class Incoming:
    """A file on its way in: hidden beside the datasets, written piece by piece, kept once it was checked."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root, self._folder = root, folder
        self._path = folder / paths.DATASET_ROWS
        self._file = self._path.open("xb")
        fcntl.flock(self._file, fcntl.LOCK_EX)  # for as long as somebody writes it
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        """Adds a piece. DiskFull names the folder."""
        with files.disk_full_named(self._root):
            self._file.write(data)
        self._digest.update(data)
        self.size += len(data)

    def chunks(self) -> Iterator[bytes]:
        """What has come so far, from its start."""
        self._file.flush()
        with self._path.open("rb") as file:
            yield from iter(lambda: file.read(CHUNK), b"")

    def keep(self, dataset_id: str, name: str, count: int, *, clock: Clock = Clock()) -> Dataset:
        """Makes a dataset of `count` rows of it. It appears whole or not at all."""
        if not DATASET_ID.fullmatch(dataset_id):
            raise BadFile("a dataset id is ds_ and 12 hex digits", where=repr(dataset_id))
        dataset = Dataset(dataset_id, name, count, clock.stamp(), self.size, self._digest.hexdigest())
        with files.disk_full_named(self._root), root_lock(self._root):
            files.sync_file(self._file)
            files.write_new(self._folder / paths.DATASET, codec.file(dataset))
            files.sync_folder(self._folder)
            self._folder.rename(self._folder.parent / dataset_id)
            files.sync_folder(self._folder.parent)
            put(self._root, dataset_rows(dataset))
        return dataset

    def close(self) -> None:
        """Lets go of it; what was not kept is gone."""
        self._file.close()
        files.remove_tree(self._folder)


@contextmanager
def incoming(root: Path) -> Iterator[Incoming]:
    """A new file on its way in; nothing of it stays unless it is kept."""
    files.make_folder(root / paths.DATASETS)
    folder = root / paths.DATASETS / f".{secrets.token_hex(6)}{_ON_ITS_WAY}"
    with files.disk_full_named(root), root_lock(root):
        folder.mkdir()
        one = Incoming(root, folder)
    try:
        yield one
    finally:
        one.close()


def remove_abandoned(root: Path) -> int:
    """Removes files that a process which is gone had on their way in, and none that somebody still writes; how many."""
    if not (root / paths.DATASETS).is_dir():
        return 0
    with root_lock(root):
        places = [one for one in (root / paths.DATASETS).glob(f".*{_ON_ITS_WAY}") if not one.is_symlink()]
        abandoned = [folder for folder in places if not _is_written(folder / paths.DATASET_ROWS)]
        for folder in abandoned:
            files.remove_tree(folder)
    return len(abandoned)


def _is_written(path: Path) -> bool:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


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
    """Keeps a checked file of `count` rows as it came."""
    with incoming(root) as one:
        one.write(data)
        return one.keep(dataset_id, name, count, clock=clock)


def delete_dataset(root: Path, dataset_id: str) -> None:
    """Removes a dataset; runs made with it keep their results. Locked while one of them waits or goes on."""
    folder = dataset_folder(root, dataset_id)
    user = _user_of(root, dataset_id)
    if user is not None:
        raise Locked(f"the run {user} uses it", where=dataset_id, hint=f"cancel {user}, or wait for its end")
    with root_lock(root):
        files.remove_tree(folder)
        files.sync_folder(folder.parent)
        forget_dataset(root, dataset_id)


def _user_of(root: Path, dataset_id: str) -> str | None:
    """A run of the dataset that is queued or alive."""
    results = Results(root)
    for run in results.digests().runs:
        waits_or_runs = run.status == "queued" or (run.status == "running" and results.is_alive(run.run_id))
        if waits_or_runs and results.config(run.run_id).dataset_id == dataset_id:
            return run.run_id
    return None
