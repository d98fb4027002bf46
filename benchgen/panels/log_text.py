"""Text of unknown origin made fit to show: controls stripped, binary said, the middle of a long one left out."""

from __future__ import annotations

import re

from benchgen.record import Record

MOST_LINES = 200
MOST_BYTES = 64 * 1024
ALWAYS_WHOLE = 16 * 1024
"""A text of no more bytes is shown whole, however many lines it has."""
LONGEST = 2 * MOST_BYTES
"""How many bytes of a file are worth reading: both ends at their largest."""

_ANSI = r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
_NOISE = re.compile(f"{_ANSI}|{_CONTROL}")
_RETURNS = re.compile(r"\r\n?")


class LogText(Record):
    """A text's beginning and end. `tail` is empty when `head` is all; `href` is the whole file where it was cut.

    `left_out_lines` is None when the middle was never read; `left_out_bytes` then says how much that is.
    """

    name: str
    head: str
    tail: str
    left_out_lines: int | None
    left_out_bytes: int
    total_bytes: int
    is_binary: bool
    href: str | None

    @property
    def is_cut(self) -> bool:
        return bool(self.tail)

    @property
    def is_empty(self) -> bool:
        return self.total_bytes == 0


class RawText(Record):
    """A file as the store reads it: `tail` is empty where `head` is all of it."""

    head: str
    tail: str
    total_bytes: int
    is_binary: bool


def clean(text: str) -> str:
    """Text without terminal escapes, control and bidi characters; every line ends in a line feed."""
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text  # nearly all text: asking whether it prints costs a third of the patterns
    if "\r" in text:
        text = _RETURNS.sub("\n", text)
    return _NOISE.sub("", text)


def log_text(name: str, raw: RawText, href: str | None, lines: int = MOST_LINES) -> LogText:
    """A file's text as at most `lines` lines and 64 KB from each end."""
    if raw.is_binary:
        return LogText(name, "", "", 0, 0, raw.total_bytes, True, None)
    if raw.tail:
        head, tail = _first(clean(raw.head), lines), _last(clean(raw.tail), lines)
        left_out = max(0, raw.total_bytes - len(head.encode()) - len(tail.encode()))
        return LogText(name, head, tail, None, left_out, raw.total_bytes, False, href)
    text = clean(raw.head)
    count = text.count("\n") + (not text.endswith("\n"))
    if raw.total_bytes <= ALWAYS_WHOLE or (count <= 2 * lines and len(text) <= 2 * MOST_BYTES):
        return LogText(name, text, "", 0, 0, raw.total_bytes, False, None)
    head, tail = _first(text, lines), _last(text, lines)
    left_out = len(text.encode()) - len(head.encode()) - len(tail.encode())
    return LogText(name, head, tail, max(0, count - 2 * lines), left_out, raw.total_bytes, False, href)


def _first(text: str, lines: int) -> str:
    return "".join(text[:MOST_BYTES].splitlines(keepends=True)[:lines])


def _last(text: str, lines: int) -> str:
    return "".join(text[-MOST_BYTES:].splitlines(keepends=True)[-lines:])
