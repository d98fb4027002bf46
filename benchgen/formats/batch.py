"""A line of OpenAI's batch output, as datasets' runs write it and as OpenAI does: the answer, or why there is none."""

from __future__ import annotations

from typing import Any

from benchgen import codec
from benchgen.record import Record


class BatchLine(Record):
    """What came back for one row by one model; `text` is None where no answer came, and `error` says why."""

    custom_id: str
    model: str
    text: str | None
    error: str = ""


def read_batch_line(line: bytes, where: str) -> BatchLine:
    """A line of `results.jsonl`. What is missing is empty; BadFile when it is no JSON."""
    data = _map(codec.parse(line, where=where))
    body = _map(_map(data.get("response")).get("body"))
    choices = body.get("choices")
    choice = _map(choices[0]) if isinstance(choices, list) and choices else {}
    content = _map(choice.get("message")).get("content")
    return BatchLine(
        custom_id=str(data.get("custom_id", "")),
        model=str(data.get("model") or body.get("model") or ""),
        text=content if isinstance(content, str) else None,
        error=str(_map(data.get("error")).get("message", "")),
    )


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
