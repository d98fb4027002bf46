"""What a filter over all pages searches: the rows of one as columns, in a script that a page loads."""

from __future__ import annotations

from collections.abc import Sequence

from benchgen import codec
from benchgen.panels.attempts import words
from benchgen.panels.log_text import clean
from benchgen.panels.rows import Found, Said, asked_of, expected_of
from benchgen.paths import six

LONGEST = 20_000
SHORTEST = 100
LARGEST = 900_000


def script(number: int, found: Sequence[Found]) -> bytes:
    """`benchgenRows` gets page `number`: by row its id, its text and what it can be chosen by.

    `cut` counts texts too long to be searched whole.

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
            **_facets(found),
        }
        data = codec.compact(columns)
        if len(data) <= LARGEST or limit <= SHORTEST:
            return _pushed(data)
        limit //= 2


def _pushed(data: bytes) -> bytes:
    return b"(window.benchgenRows ||= []).push(" + data + b");\n"


def _facets(found: Sequence[Found]) -> dict[str, list[list[str]]]:
    """What rows can be chosen by: of each row every value that it has."""
    return {
        "says": [[outcome(one) for one in row.answers.values()] or ["waiting"] for row in found],
        "differs": [_agreement(row) for row in found],
        "golden": [["golden"] if any(one.mark is not None for one in row.answers.values()) else [] for row in found],
        "domain": [[domain] if (domain := clean(row.row.domain)) else [] for row in found],
    }


def outcome(said: Said) -> str:
    """How an answer came out, in words."""
    return words(said.row.status, is_scored=said.row.outline.is_scored or said.row.category is not None)


def _agreement(found: Found) -> list[str]:
    texts = {six((one.line.text or "").strip()) for one in found.answers.values()}
    return [] if len(found.answers) < 2 else ["differ" if len(texts) > 1 else "agree"]


def _text(found: Found, limit: int) -> str:
    """Everything that a row says, white space as one blank; a little longer than `limit` where it is longer."""
    said = (one.line.text or one.row.message for one in found.answers.values())
    parts = (asked_of(found.row), expected_of(found.row, limit), *said)
    return " · ".join(text for part in parts if (text := " ".join(clean(part[: 2 * limit]).split())))[: limit + 1]
