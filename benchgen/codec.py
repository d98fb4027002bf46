"""Bytes to records and back: the one module that knows the JSON libraries, the format versions and their upgrades."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from mmap import mmap
from typing import Any, TypeAlias, TypeVar, Union

import msgspec
import orjson

from benchgen.errors import BadFile, NewerFormat
from benchgen.record import Record, field_names, replace, tag_of
from benchgen.records.attempt import Attempt
from benchgen.records.digest import ModelDigest, RowTallies, RunDigest
from benchgen.records.events import RECORD_OF, RECORDS, AttemptFinished, AttemptOutlined, Event, UnknownEvent
from benchgen.records.run import FORMAT, RunConfig

T = TypeVar("T")
V = TypeVar("V", RunConfig, RunDigest)
Buffer: TypeAlias = bytes | memoryview | mmap
# Texts are passed over, so that only words outside of them are taken for numbers; one that never ends is passed over
# whole, or each quotation mark in it would be tried for the beginning of another.
_TEXT_OR_WORD = re.compile(rb'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|-?(?:NaN|Infinity)', re.DOTALL)
_PAIR = rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(_PAIR + rb"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.", re.DOTALL)


def _unwound(value: object) -> object:
    """A mapping that makes its values when somebody looks, as what it is."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


# Bytes are left as they are, for orjson to refuse: none of our files holds any.
_builtins = partial(msgspec.to_builtins, builtin_types=(bytes, bytearray, memoryview), enc_hook=_unwound)
_LINE = orjson.OPT_APPEND_NEWLINE
_FILE = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS


class _Head(Record):
    """The part of a line that says what the rest is."""

    type: str
    seq: int
    at: str
    format: int = FORMAT


class _Finished(Record):
    outcome: Attempt


class _Format(Record):
    format: int = FORMAT


_BY_TAG = {**RECORD_OF, "attempt_finished": AttemptOutlined}
_PLAIN = [record for record in _BY_TAG.values() if "format" not in field_names(record)]
event_at_once: Callable[[bytes], Event] = msgspec.json.Decoder(Union[tuple(_PLAIN)]).decode  # noqa: UP007
"""What `event` does, in half of the time, for types without a format. Raises one of `TAKES_A_LOOK` for others."""
TAKES_A_LOOK = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_FIELDS = {kind: [name for name in field_names(kind) if name not in ("seq", "at")] for kind in RECORDS}
_TYPES = {kind: tag_of(kind).encode() for kind in RECORDS}
_spell = msgspec.json.Encoder().encode
_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def _decoder(kind: type[Any]) -> msgspec.json.Decoder[Any]:
    """One decoder a record type: making one costs more than a thousand lines read with it."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    return decoder


def read(data: bytes, kind: type[T], *, where: str) -> T:
    """`data` as a record of `kind`. BadFile names the place, and the field where one is at fault."""
    try:
        result: T = _decoder(kind).decode(data)
    except msgspec.ValidationError as fault:
        raise BadFile(str(fault), where=where) from fault
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadFile(f"not valid JSON: {fault}", where=where) from fault
    return result


def convert(data: Any, kind: type[T], *, where: str) -> T:  # noqa: ANN401 - parsed JSON or TOML is what it is
    """Already parsed data as a record of `kind`."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as fault:
        raise BadFile(str(fault), where=where) from fault


def line(record: object) -> bytes:
    """A record as one JSON line, newline included."""
    return _dumped(record, _LINE)


def quick(record: Record) -> bytes:
    """A record as JSON in a fifth of the time, and without its line's end: each of its texts must be from JSON."""
    return _spell(record)


def file(record: object) -> bytes:
    """A record as an indented JSON file."""
    return _dumped(record, _FILE)


def compact(data: object) -> bytes:
    """Data as JSON without white space, for streams and indexes."""
    return _dumped(data, orjson.OPT_NON_STR_KEYS)


def _dumped(data: object, option: int) -> bytes:
    try:
        return orjson.dumps(data, default=_builtins, option=option)
    except orjson.JSONEncodeError:  # of a name that came in pieces, by the command line or from another's JSON
        return orjson.dumps(_encodable(_builtins(data, str_keys=True)), option=option)


def parse(data: bytes | str, *, where: str) -> Any:  # noqa: ANN401 - parsed JSON is what it is
    """Any JSON as plain Python data; only for files whose shape is not ours."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as fault:
        raise BadFile(f"not valid JSON: {fault}", where=where) from fault


def parse_loosely(data: bytes | memoryview, *, where: str) -> Any:  # noqa: ANN401 - parsed JSON is what it is
    """JSON as Python's own writers leave it: NaN and the infinities become None, lone surrogates U+FFFD."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        return parse(_mended(data), where=where)


def parse_part(data: bytes, *, where: str) -> Any:  # noqa: ANN401 - parsed JSON is what it is
    """The same of a piece whose text goes on in the next one: half a character stays, for its other half to come.

    Who takes texts out of it makes them `whole`.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        if not _HALF.search(data):
            return parse_loosely(data, where=where)
    try:
        return json.loads(data, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as fault:
        raise BadFile(f"not valid JSON: {fault}", where=where) from fault


def members(data: Buffer, *, where: str) -> dict[str, memoryview]:
    """The values of a JSON object, each as the bytes that spell it: nothing is copied, most of it not even parsed."""
    return {name: memoryview(value) for name, value in _raw(data, dict[str, msgspec.Raw], where).items()}


def elements(data: Buffer, *, where: str) -> list[memoryview]:
    """The same for the elements of a JSON array."""
    return [memoryview(value) for value in _raw(data, list[msgspec.Raw], where)]


def _raw(data: Buffer, kind: type[T], where: str) -> T:
    decoder = _decoder(kind)
    try:
        result: T = decoder.decode(data)
    except (msgspec.DecodeError, RecursionError):
        try:
            result = decoder.decode(_mended(data))
        except (msgspec.DecodeError, RecursionError) as fault:
            raise BadFile(f"not valid JSON: {fault}", where=where) from fault
    return result


def _mended(data: Buffer) -> bytes:
    """The same JSON with null for numbers that JSON has not, and U+FFFD for lone surrogates."""
    return _TEXT_OR_WORD.sub(lambda found: _whole_escapes(found[1]) if found[1] else b"null", bytes(data))


def _whole_escapes(text: bytes) -> bytes:
    if b"\\ud" not in text and b"\\uD" not in text:
        return text
    return _ESCAPE.sub(lambda found: b"\\ufffd" if found[1] else found[0], text)


def plain(record: object) -> dict[str, Any]:
    """A record as plain dictionaries and lists, as its JSON would be read back."""
    result: dict[str, Any] = orjson.loads(compact(record))
    return result


def numbered(event: Event, seq: int, at: str) -> tuple[Event, bytes]:
    """An event with its place in the log, and its line: `seq`, `at` and `type` first, then its fields."""
    kind = type(event)
    placed = kind(seq=seq, at=at, **{name: getattr(event, name) for name in _FIELDS[kind]})
    place, named = b'"seq":%d,"at":"%s",' % (seq, at.encode("utf-8", "replace")), b'"type":"%s",' % _TYPES[kind]
    head = b"{%s%s" % (named, place)
    try:
        spelled = _spell(placed)  # which begins with its head, but for an instant that no clock of ours would write
    except UnicodeEncodeError:
        spelled = b""
    if spelled.startswith(head):
        return placed, b"{%s%s%s\n" % (place, named, spelled[len(head) :])
    return placed, line(_encodable({"seq": seq, "at": at, **_builtins(placed)}))


def event_line(event: Event) -> bytes:
    """The line of an event that has its place."""
    return numbered(event, event.seq, event.at)[1]


def whole(text: str) -> str:
    """Text with U+FFFD for each lone surrogate: no file of ours can hold one."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _encodable(value: Any) -> Any:  # noqa: ANN401 - parsed JSON is what it is
    """Data whose every text is whole: JSON from outside and names from a command line may not be."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, dict):
        return {_encodable(key): _encodable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(item) for item in value]
    return value


def event(data: bytes, *, where: str) -> Event:
    """A line of the log as an event; the outcome of an attempt comes slim (`AttemptOutlined`)."""
    head = read(data, _Head, where=where)
    _check_format(head.format, where)
    record = _BY_TAG.get(head.type)
    return read(data, record, where=where) if record else UnknownEvent(seq=head.seq, at=head.at, type=head.type)


def whole_event(data: bytes, *, where: str) -> Event:
    """A line of the log as an event, the outcome of an attempt whole."""
    head = read(data, _Head, where=where)
    if head.type == "attempt_finished":
        return read(data, AttemptFinished, where=where)
    return event(data, where=where)


def outcome(data: bytes, *, where: str) -> Attempt:
    """The whole outcome in an `attempt_finished` line."""
    return read(data, _Finished, where=where).outcome


def config(data: bytes, *, where: str) -> RunConfig:
    """`config.json`, upgraded to this format."""
    return _versioned(data, RunConfig, where)


def digest(data: bytes, *, where: str) -> RunDigest:
    """`digest.json`, upgraded to this format."""
    found = _versioned(data, RunDigest, where)
    try:
        return replace(found, models=tuple(map(_by_task, found.models)))
    except (ValueError, KeyError) as fault:
        raise BadFile("the columns of its rows do not fit together", where=where) from fault


def digest_file(digest: RunDigest) -> bytes:
    """The same to a file of one line: a thousand are read at a start. Tallies of a dataset's rows go into columns."""
    is_of_rows = digest.kind == "dataset"
    return line(replace(digest, models=tuple(map(_in_columns, digest.models))) if is_of_rows else digest)


def _by_task(model: ModelDigest) -> ModelDigest:
    return replace(model, tasks=model.rows.tallies(), rows=None) if model.rows else model


def _in_columns(model: ModelDigest) -> ModelDigest:
    rows = RowTallies.of(model.tasks)
    return replace(model, tasks={}, rows=rows) if rows else model


def _versioned(data: bytes, kind: type[V], where: str) -> V:
    """A record that says its format. One that cannot be read may be of a newer format, which then is the fault."""
    try:
        record = read(data, kind, where=where)
    except BadFile:
        _check_format(read(data, _Format, where=where).format, where)
        raise
    _check_format(record.format, where)
    return record


def _check_format(number: int, where: str) -> None:
    if number > FORMAT:
        raise NewerFormat(
            f"format {number} is newer than the newest this benchgen reads, {FORMAT}",
            where=where,
            hint="update benchgen: pip install -U benchgen",
        )


def schema(kind: type[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The JSON Schema of a record, and of the records in it by name."""
    (found,), parts = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    return found, parts


def json_of(mapping: Mapping[str, Any]) -> str:
    """A mapping as compact JSON text, for an HTML attribute or a stream's data line."""
    return compact(mapping).decode()
