"""The rows of a dataset run on disk: what was asked, `requests.jsonl`, and what came back, `results.jsonl`."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchgen import paths
from benchgen.errors import BadFile, NotFound


def read_requests(folder: Path) -> Iterator[bytes]:
    """The lines of a run's requests, one by one; NotFound when the file is gone."""
    try:
        with (folder / paths.REQUESTS).open("rb") as file:
            yield from file
    except FileNotFoundError as fault:
        raise NotFound("no such file", where=str(folder / paths.REQUESTS)) from fault


class LineFile:
    """A file of lines that only grows, read at any line; `refresh` finds the lines that are new.

    Eight bytes a line are held: a hundred thousand rows take less than a megabyte.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._starts = array("Q", [0])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def refresh(self) -> None:
        """Finds new whole lines; a file that shrank is read from its start."""
        try:
            with self._path.open("rb") as file:
                if os.fstat(file.fileno()).st_size < self._starts[-1]:
                    self._starts = array("Q", [0])
                end = self._starts[-1]
                file.seek(end)
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    end += len(line)
                    self._starts.append(end)
        except FileNotFoundError:
            self._starts = array("Q", [0])

    def read(self, numbers: Sequence[int]) -> list[bytes]:
        """These lines, counted from 0, the file opened once."""
        if not numbers:
            return []
        with self._path.open("rb", buffering=0) as file:
            return [self._line(file.fileno(), number) for number in numbers]

    def _line(self, descriptor: int, number: int) -> bytes:
        start = self._starts[number]
        length = self._starts[number + 1] - start
        line = os.pread(descriptor, length, start)
        if len(line) < length:
            raise BadFile("the file ends before this line", where=f"{self._path} line {number + 1}")
        return line
