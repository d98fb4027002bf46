"""What a model is told about its own answer before a further turn: what became of it, and which cases failed."""

from __future__ import annotations

from collections.abc import Sequence

from benchgen.answers.prompt import FORMATS
from benchgen.records.attempt import CaseResult

MOST_CASES = 20
LONGEST = 4_000


def feedback(message: str, cases: Sequence[CaseResult], output: str, edit_format: str) -> str:
    """The next message of the conversation. The model begins again at the original files."""
    parts = [f"Your answer did not pass: {message}."]
    failed = [case for case in cases if case.status != "passed"]
    parts += [f"- {case.id}: {case.message or case.status}" for case in failed[:MOST_CASES]]
    if len(failed) > MOST_CASES:
        parts.append(f"- and {len(failed) - MOST_CASES} more")
    if not failed and output.strip():
        parts += ["The output ends so:", output.strip()]
    told = "\n".join(part for part in parts if part)[:LONGEST]
    return f"{told}\n\nAnswer once more with the whole change, against the original files. {FORMATS[edit_format]}"
