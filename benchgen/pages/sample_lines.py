"""Where the samples of a run lie in `openbench.log.json`: each is a line of its own, found by its attempt."""

from __future__ import annotations

from pathlib import Path

from benchgen import codec, paths
from benchgen.errors import BadFile
from benchgen.formats.inspect_header import Header, header_of
from benchgen.formats.inspect_outcome import task_of
from benchgen.formats.inspect_sample import Sample, read_sample, sample_name
from benchgen.records.state import AttemptRow
from benchgen.store.rows import LineFile
from benchgen.store.runs import Results

Place = tuple[str, int]
"""A sample: its task, and its number among the samples of that task, from 0."""


class SampleLines:
    """The lines of one run's log by sample; `refresh` reads it again once the file is another."""

    def __init__(self, results: Results, run_id: str) -> None:
        self._path: Path = results.folder(run_id) / paths.OPENBENCH_LOG
        self._lines = LineFile(self._path)
        self._number_of: dict[Place, int] = {}
        self._seen: tuple[int, int, int] | None = None

    def refresh(self) -> None:
        """Finds the samples. A file that is damaged has none to show; what is in the log of events still stands."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return
        seen = status.st_ino, status.st_size, status.st_mtime_ns
        if seen != self._seen:
            self._seen = seen
            self._lines, self._number_of = LineFile(self._path), {}
            self._lines.refresh()
            self._find()

    def raw(self, row: AttemptRow) -> bytes:
        """The bytes that spell a sample; empty where the log has it not."""
        number = self._number_of.get((row.task, row.sample))
        if number is None:
            return b""
        (line,) = self._lines.read([number])
        return line.rstrip().rstrip(b",")

    def sample(self, raw: bytes) -> Sample | None:
        """The same, read."""
        if not raw:
            return None
        try:
            return read_sample(raw, where=str(self._path))
        except BadFile:
            return None

    def _find(self) -> None:
        header: Header | None = None
        is_group = False
        with self._path.open("rb") as file:
            for number, line in enumerate(file):
                if line.startswith(b"{") and header is not None:
                    place = self._place(header, line, is_group)
                    if place is not None:
                        self._number_of.setdefault(place, number)
                elif line.startswith(b" ["):
                    is_group = True
                elif b"{" in line[:3]:
                    header = self._header(line)

    def _place(self, header: Header, line: bytes, is_group: bool) -> Place | None:
        try:
            name = sample_name(line.rstrip().rstrip(b","), where=str(self._path))
        except BadFile:
            return None
        return task_of(header, name.id, is_group=is_group), name.epoch - 1

    def _header(self, line: bytes) -> Header | None:
        try:
            return header_of(codec.parse(line[line.index(b"{") :].rstrip() + b"]}", where=str(self._path)))
        except BadFile:
            return None
