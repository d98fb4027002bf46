"""Uploaded datasets: their files below the results' root. What a row must look like is the catalog's to say."""

from __future__ import annotations

import re
from pathlib import Path

from benchgen import codec, paths
from benchgen.errors import BadFile, NotFound
from benchgen.records.dataset import Dataset
from benchgen.store import files

DATASET_ID = re.compile(r"ds_[0-9a-f]{12}")


def is_dataset(target: str) -> bool:
    """Whether a target of `run` means rows: a dataset that was added, or a file of them."""
    return bool(DATASET_ID.fullmatch(target)) or target.endswith(".jsonl")


def list_datasets(root: Path) -> list[Dataset]:
    """All datasets, the newest upload first; a damaged one is left out of the list, its folder stays."""
    folder = root / paths.DATASETS
    found: list[Dataset] = []
    for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
        try:
            found.append(get_dataset(root, entry.name))
        except (NotFound, BadFile):
            continue
    return sorted(found, key=lambda dataset: (dataset.uploaded_at, dataset.id), reverse=True)


def get_dataset(root: Path, dataset_id: str) -> Dataset:
    """One dataset; NotFound for an id that is none, or that nothing has."""
    path = dataset_folder(root, dataset_id) / paths.DATASET
    return codec.read(files.read_bytes(path), Dataset, where=str(path))


def dataset_file(root: Path, dataset_id: str) -> Path:
    """The rows of a dataset."""
    return dataset_folder(root, dataset_id) / paths.DATASET_ROWS


def dataset_folder(root: Path, dataset_id: str) -> Path:
    """Where a dataset lies; NotFound where there is none."""
    folder = root / paths.DATASETS / dataset_id
    if not DATASET_ID.fullmatch(dataset_id) or folder.is_symlink() or not folder.is_dir():
        raise NotFound(f"no dataset {dataset_id!r}", where=str(root))
    return folder
