"""An uploaded dataset: what is known of its file."""

from __future__ import annotations

from benchgen.record import Record
from benchgen.records.run import FORMAT


class Dataset(Record):
    """`dataset.json`; `count` is the number of rows, `name` the file's name as it was uploaded."""

    id: str
    name: str
    count: int
    uploaded_at: str
    bytes: int
    sha256: str
    format: int = FORMAT
