"""Logs of Inspect on disk: `.eval`, a zip of either compression, and `.json`; the samples are read one by one."""

from __future__ import annotations

import mmap
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from benchgen import codec
from benchgen.errors import BadFile, NotFound
from benchgen.formats.inspect_header import Header, header_of
from benchgen.record import Record

if sys.version_info >= (3, 14):
    import zipfile

    from compression.zstd import ZstdError
else:
    from backports.zstd import ZstdError, zipfile

SUFFIXES = (".eval", ".json")
LARGEST_PART = 1 << 29
"""Bytes of one file inside an `.eval` that are read: a sample of half a gigabyte is a trap, or no use to anybody."""
_HEAD, _START, _SAMPLES = "header.json", "_journal/start.json", "samples"
_SAMPLE = re.compile(r"samples/(.+)_epoch_(\d{1,6})\.json", re.DOTALL)


class InspectLog(Protocol):
    """A log that is open: its head, and its samples as the bytes that spell them, in the order of the dataset."""

    header: Header
    parts: dict[str, Any]

    def samples(self) -> Iterator[bytes | memoryview]:
        """Every sample, one by one."""
        ...

    def close(self) -> None:
        """Lets go of the file."""
        ...


def is_inspect(path: Path) -> bool:
    """Whether a file is such a log, as its first bytes tell."""
    if path.suffix not in SUFFIXES or not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(4096)
    if path.suffix == ".eval":
        return start.startswith(b"PK")
    return b'"eval"' in start and b'"status"' in start


def open_log(path: Path) -> InspectLog:
    """The log in a file; close it. BadFile says what is damaged, and NotFound that there is none."""
    if not path.is_file():
        raise NotFound("no such file", where=str(path))
    return EvalLog(path) if path.suffix == ".eval" else JsonLog(path)


class JsonLog:
    """A log in one JSON file: mapped, not loaded, so that a sample costs memory only while it is read."""

    def __init__(self, path: Path) -> None:
        self._where = str(path)
        with path.open("rb") as file:
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as fault:
                raise BadFile("the file is empty", where=self._where) from fault
        found = codec.members(self._map, where=self._where)
        self._samples = found.pop(_SAMPLES, None)
        self.parts = {name: codec.parse_loosely(value, where=self._where) for name, value in found.items()}
        if "eval" not in self.parts:
            raise BadFile("no log of Inspect: it has no `eval`", where=self._where)
        self.header = header_of(self.parts)

    def samples(self) -> Iterator[bytes | memoryview]:
        if self._samples is not None and bytes(self._samples[:4]) != b"null":
            yield from codec.elements(self._samples, where=self._where)

    def close(self) -> None:
        self._samples = None


class _Member(Record):
    """A sample's file inside the zip."""

    name: str
    id: str
    epoch: int


class EvalLog:
    """A log in a zip. Without `header.json` its writer was killed: `_journal/start.json` says what it had begun."""

    def __init__(self, path: Path) -> None:
        self._where = str(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, EOFError) as fault:
            raise BadFile(f"not a whole zip: {fault}", where=self._where) from fault
        self._names = set(self._zip.namelist())
        head = next((name for name in (_HEAD, _START) if name in self._names), None)
        if head is None:
            raise BadFile(f"no log of Inspect: it holds neither {_HEAD} nor {_START}", where=self._where)
        self.parts = dict(codec.parse_loosely(self._read(head), where=f"{self._where} {head}"))
        if head == _START:
            self.parts["status"] = "started"
        self.header = header_of(self.parts)

    def samples(self) -> Iterator[bytes | memoryview]:
        order = {id: number for number, id in enumerate(self.header.sample_ids)}
        members = (_Member(name, found[1], int(found[2])) for name in self._names if (found := _SAMPLE.fullmatch(name)))
        for one in sorted(members, key=lambda m: (m.epoch, order.get(m.id, len(order)), m.id)):
            yield self._read(one.name)

    def close(self) -> None:
        self._zip.close()

    def _read(self, name: str) -> bytes:
        place = f"{self._where} {name}"
        try:
            with self._zip.open(name) as file:
                data = file.read(LARGEST_PART + 1)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as fault:
            raise BadFile(f"cannot be read: {fault}", where=place) from fault
        except (zlib.error, ZstdError) as fault:
            raise BadFile(f"damaged: {fault}", where=place) from fault
        if len(data) > LARGEST_PART:
            raise BadFile(f"larger than {LARGEST_PART:,} bytes", where=place)
        return data


def spell(logs: Iterable[InspectLog]) -> Iterator[bytes]:
    """Logs as `openbench.log.json`, piece by piece: one is a log of Inspect as JSON, several are a list of such.

    Every sample is a line of its own, and every other line begins with a blank: so each is found by its line.
    """
    opened = list(logs)
    if len(opened) != 1:
        yield b" [\n"
    for number, log in enumerate(opened):
        head = {name: value for name, value in log.parts.items() if name != _SAMPLES}
        yield b" " + (b"," if number else b"") + codec.compact(head)[:-1] + b',"samples":[\n'
        before = b""
        for sample in log.samples():
            yield before + _one_line(sample)
            before = b",\n"
        yield (b"\n" if before else b"") + b" ]}\n"
    if len(opened) != 1:
        yield b" ]\n"


def _one_line(sample: bytes | memoryview) -> bytes:
    """A line break stands in JSON between tokens alone, so that blanks may take its place."""
    return bytes(sample).strip().replace(b"\n", b" ").replace(b"\r", b" ")
