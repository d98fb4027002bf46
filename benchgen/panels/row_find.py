"""What a filter over all pages searches: the rows of one as columns, in a script that a page loads."""

from __future__ import annotations

from collections.abc import Sequence

from benchgen import codec
from benchgen.panels.log_text import clean
from benchgen.panels.rows import Found, asked_of, expected_of

LONGEST = 20_000
SHORTEST = 100
LARGEST = 900_000


def script(number: int, found: Sequence[Found]) -> bytes:
    """`benchgenRows` gets page `number`: ids and texts by row; `cut` counts texts too long to be searched whole.

    A script, for a page that was opened from disk can load nothing else.
    """
    limit = LONGEST
    while True:
        texts = [_text(one, limit) for one in found]
        columns = {
            "page": number,
            "ids": [clean(one.row.custom_id) for one in found],
            "texts": [text[:limit] for text in texts],
            "cut": sum(len(text) > limit for text in texts),
        }
        data = codec.compact(columns)
        if len(data) <= LARGEST or limit <= SHORTEST:
            return _pushed(data)
        limit //= 2


def _pushed(data: bytes) -> bytes:
    return b"(window.benchgenRows ||= []).push(" + data + b");\n"


def _text(found: Found, limit: int) -> str:
    """Everything that a row says, white space as one blank; a little longer than `limit` where it is longer."""
    said = (one.line.text or one.row.message for one in found.answers.values())
    parts = (asked_of(found.row), expected_of(found.row, limit), *said)
    return " · ".join(text for part in parts if (text := " ".join(clean(part[: 2 * limit]).split())))[: limit + 1]
