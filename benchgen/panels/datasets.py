"""Datasets: the list of them, and what is known of one beside its rows."""

from __future__ import annotations

from collections.abc import Iterable

from benchgen.panels import links
from benchgen.panels.dataset_runs import dataset_key
from benchgen.panels.log_text import clean
from benchgen.record import Record
from benchgen.records.dataset import Dataset
from benchgen.records.digest import RunDigest


class Group(Record):
    """One dataset with its runs, newest first; `dataset` is None for a file that was never added, or is removed."""

    key: str
    dataset: Dataset | None
    runs: tuple[RunDigest, ...]


class DatasetLine(Record):
    """One dataset in the list."""

    key: str
    name: str
    href: str
    is_added: bool
    rows: int | None
    bytes: int | None
    uploaded_at: str | None
    runs: int
    models: tuple[str, ...]
    newest: str | None


class Datasets(Record):
    """All datasets, the newest first."""

    lines: tuple[DatasetLine, ...]


class DatasetHead(Record):
    """One dataset; `left_out` counts models that have no column, `golden` the marked answers of all its runs."""

    line: DatasetLine
    sha256: str | None
    golden: int
    golden_csv: str | None
    golden_jsonl: str | None
    left_out: int


def groups(added: Iterable[Dataset], digests: Iterable[RunDigest]) -> list[Group]:
    """Datasets that were added, the newest first, then those that only runs know."""
    runs: dict[str, list[RunDigest]] = {}
    for digest in digests:
        if digest.kind == "dataset":
            runs.setdefault(dataset_key(digest), []).append(digest)
    found = [Group(one.id, one, tuple(runs.pop(one.id, ()))) for one in added]
    return [*found, *(Group(key, None, tuple(several)) for key, several in runs.items())]


def datasets(every: Iterable[Group]) -> Datasets:
    """The list."""
    return Datasets(tuple(_line(group) for group in every))


def dataset_head(group: Group, golden: int, left_out: int) -> DatasetHead:
    """What stands above a dataset's rows."""
    return DatasetHead(
        line=_line(group),
        sha256=group.dataset.sha256 if group.dataset else None,
        golden=golden,
        golden_csv=links.dataset_golden(group.key, "csv") if golden else None,
        golden_jsonl=links.dataset_golden(group.key, "jsonl") if golden else None,
        left_out=left_out,
    )


def _line(group: Group) -> DatasetLine:
    known = group.dataset
    largest = max((run.total // max(1, len(run.models)) for run in group.runs), default=None)
    return DatasetLine(
        key=group.key,
        name=clean(known.name if known else group.runs[0].benchmark_name),
        href=links.dataset(group.key),
        is_added=known is not None,
        rows=known.count if known else largest,
        bytes=known.bytes if known else None,
        uploaded_at=known.uploaded_at if known else None,
        runs=len(group.runs),
        models=tuple(dict.fromkeys(model.model_id for run in group.runs for model in run.models)),
        newest=group.runs[0].created_at if group.runs else None,
    )
