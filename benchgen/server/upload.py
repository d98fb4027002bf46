"""A dataset that is uploaded: read part by part as it comes, kept on disk only, checked before it counts."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from benchgen.catalog.rows import Checked, Row, check, lines_of, read_row
from benchgen.errors import UsageError
from benchgen.record import Record
from benchgen.records.dataset import Dataset
from benchgen.store.uploads import Incoming, incoming, new_dataset_id

MOST_UPLOAD = 256 << 20
ENVELOPE = 64 << 10
"""What the form around a file may take."""
PREVIEW = 5
LONGEST_NAME = 200
PATIENCE_SECONDS, LONGEST_SECONDS = 20.0, 1800.0
FILE = "file"
FORM = "multipart/form-data"
_PIECE = 1 << 20


class Uploaded(Record):
    """What came of an upload: a dataset with its first rows, or what is wrong with the file."""

    name: str
    checked: Checked
    dataset: Dataset | None = None
    preview: tuple[Row, ...] = ()


async def receive(request: Request, root: Path) -> Uploaded:
    """The file of the form's part `file`, checked and kept. UsageError when there is none, or when it is too large."""
    try:
        reader = _Reader(_boundary(request))
    except FormParserError as fault:
        raise UsageError("the form cannot be read") from fault
    with incoming(root) as one:
        async for piece in _pieces(request, reader):
            if one.size + len(piece) > MOST_UPLOAD:
                raise UsageError(
                    f"the file is larger than {MOST_UPLOAD >> 20} MiB", hint="benchgen datasets add FILE takes any size"
                )
            await asyncio.to_thread(one.write, piece)
        if not reader.has_file:
            raise UsageError("the form has no part named file", hint="curl -F file=@rows.jsonl …")
        return await asyncio.to_thread(_keep, one, plain_name(reader.file_name))


def _keep(one: Incoming, name: str) -> Uploaded:
    checked = check(lines_of(one.chunks()))
    if checked.problems:
        return Uploaded(name, checked)
    preview = tuple(_first_rows(one))
    return Uploaded(name, checked, one.keep(new_dataset_id(secrets.token_hex(6)), name, checked.count), preview)


def _first_rows(one: Incoming) -> Iterator[Row]:
    for number, line in enumerate(islice(lines_of(one.chunks()), PREVIEW), 1):
        yield read_row(line.removeprefix(b"\xef\xbb\xbf"), f"line {number}")


def plain_name(name: str) -> str:
    """A file's name as somebody typed it, without folders and signs that are not shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable()).strip()[:LONGEST_NAME] or "dataset.jsonl"


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind.decode("latin-1").lower() != FORM or not options.get(b"boundary"):
        raise UsageError("the body must be a form with a file", hint=f"send Content-Type: {FORM}")
    return options[b"boundary"]


async def _pieces(request: Request, reader: _Reader) -> AsyncIterator[bytes]:
    """The file's bytes, about a megabyte at a time."""
    try:
        async for chunk in _chunks(request):
            reader.parser.write(chunk)
            if reader.size >= _PIECE:
                yield reader.taken()
        reader.parser.finalize()
    except FormParserError as fault:
        raise UsageError("the form cannot be read") from fault
    if not reader.has_ended:
        raise UsageError("the form breaks off")
    yield reader.taken()


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes. UsageError where it stops coming: nobody holds a file half written for ever."""
    begun, stream = time.monotonic(), request.stream()
    try:
        while time.monotonic() - begun < LONGEST_SECONDS:
            async with asyncio.timeout(PATIENCE_SECONDS):
                chunk = await anext(stream)
            yield chunk
        raise UsageError(f"the file did not come within {LONGEST_SECONDS:g} s")
    except StopAsyncIteration:
        return
    except TimeoutError as fault:
        raise UsageError(f"nothing of the file came for {PATIENCE_SECONDS:g} s") from fault
    except ClientDisconnect as fault:
        raise UsageError("the upload broke off") from fault


class _Reader:
    """Listens to the parser of a form and keeps the bytes of its first part named `file`."""

    def __init__(self, boundary: bytes) -> None:
        self.file_name = ""
        self.has_file = self.has_ended = False
        self.size = 0
        self._pieces: list[bytes] = []
        self._header, self._value = b"", b""
        self._disposition = b""
        self._is_wanted = False
        self.parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._field,
                "on_header_value": self._said,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_end,
                "on_part_data": self._data,
                "on_end": self._end,
            },
        )

    def taken(self) -> bytes:
        """What has come since the last time."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        self.size = 0
        return data

    def _begin(self) -> None:
        self._disposition = b""
        self._is_wanted = False

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _said(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._is_wanted = not self.has_file and options.get(b"name") == FILE.encode() and b"filename" in options
        if self._is_wanted:
            self.has_file = True
            self.file_name = options[b"filename"].decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_wanted:
            self._pieces.append(data[start:end])
            self.size += end - start

    def _end(self) -> None:
        self.has_ended = True
