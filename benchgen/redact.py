"""Keeps secrets out of everything that is written: known values, and anything that looks like a key."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from benchgen.record import Record

SHORTEST_SECRET = 8
"""Shorter values ("none", "lm-studio"'s "x") are no secrets, and blotting them out would spoil ordinary text."""


class _Shape(Record):
    """A pattern, and byte strings one of which any match holds: looking for these first makes clean text cheap."""

    name: str
    markers: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    is_once_a_word: bool = False
    """Whether a word in which it does not match from the first marker on is passed over: `sk-sk-sk-…` may be long."""

    def out_of(self, data: bytes) -> bytes:
        """`data` with a mark in place of each match."""
        mark = _mark(self.name)
        return self._word_by_word(data, mark) if self.is_once_a_word else self.pattern.sub(mark, data)

    def _word_by_word(self, data: bytes, mark: bytes) -> bytes:
        (marker,) = self.markers
        pieces, done, at = [], 0, data.find(marker)
        while at >= 0:
            end = at + len(marker)
            if not data[at - 1 : at].isalnum():
                found = self.pattern.match(data, at)
                end = found.end() if found else max(end, _end_of_word(data, at))
                if found:
                    pieces += [data[done:at], mark]
                    done = end
            at = data.find(marker, end)
        return b"".join((*pieces, data[done:])) if pieces else data


_WORD = re.compile(rb"[\w-]*")


def _end_of_word(data: bytes, at: int) -> int:
    found = _WORD.match(data, at)
    return found.end() if found else at


_START = rb"(?<![A-Za-z0-9])"
# No pattern may match a quote: redacted JSON must stay JSON.
_SHAPES = (
    _Shape(
        "private key",
        (b"-----BEGIN",),
        re.compile(
            rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[A-Za-z0-9+/=\s\\:,.-]*?"
            rb"(?:-----END [A-Z0-9 ]*-----|(?=[^A-Za-z0-9+/=\s\\:,.-])|\Z)"
        ),
    ),
    _Shape("bearer token", (b"earer ", b"EARER "), re.compile(rb"(?i:(?<=bearer ))[A-Za-z0-9._~+/=-]{16,}")),
    _Shape("token", (b"eyJ",), re.compile(rb"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"), is_once_a_word=True),
    _Shape("api key", (b"sk-",), re.compile(rb"sk-(?=[\w-]*\d)[\w-]{20,}"), is_once_a_word=True),
    _Shape("aws key", (b"IA",), re.compile(_START + rb"A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])")),
    _Shape(
        "github token",
        (b"gh", b"github_pat_"),
        re.compile(_START + rb"(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,})"),
    ),
    _Shape("slack token", (b"xox",), re.compile(_START + rb"xox[abeoprs]-[A-Za-z0-9-]{10,}")),
    _Shape("google key", (b"AIza",), re.compile(_START + rb"AIza[\w-]{35}")),
    _Shape("hugging face token", (b"hf_",), re.compile(_START + rb"hf_[A-Za-z0-9]{30,}")),
)
_MARKERS = tuple((marker, shape) for shape in _SHAPES for marker in shape.markers)


class Redactor:
    """Replaces each known secret by `[redacted NAME]`, and what looks like a key by its kind."""

    __slots__ = ("_known",)

    def __init__(self, secrets: Mapping[str, str] | None = None) -> None:
        known = {spelling: name for name, value in (secrets or {}).items() for spelling in _spellings(value)}
        longest_first = sorted(known.items(), key=lambda item: (-len(item[0]), item[0]))
        self._known = tuple((spelling, _mark(name)) for spelling, name in longest_first)

    def bytes(self, data: bytes) -> bytes:
        """`data` without secrets; equal data, mostly the very same object, when there were none."""
        for spelling, mark in self._known:
            if spelling in data:
                data = data.replace(spelling, mark)
        for marker, shape in _MARKERS:
            if marker in data:
                data = shape.out_of(data)
        return data

    def text(self, text: str) -> str:
        """`text` without secrets."""
        data = text.encode("utf-8", "surrogatepass")
        clean = self.bytes(data)
        return text if clean == data else clean.decode("utf-8", "surrogatepass")


def _mark(name: str) -> bytes:
    return b"[redacted %s]" % name.encode("utf-8", "replace").replace(b'"', b"").replace(b"\\", b"")


def _spellings(value: str) -> set[bytes]:
    """A secret as it stands, and as JSON writes it with and without ASCII escapes."""
    if len(value) < SHORTEST_SECRET:
        return set()
    forms = (value, json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    return {form.encode("utf-8", "surrogatepass") for form in forms}
