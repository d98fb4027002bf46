"""The samples of a log that goes on from an earlier one: what is on record is not said twice, what broke is a retry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchgen.record import replace
from benchgen.records.events import AnswerReceived, AttemptFinished, AttemptSuperseded
from benchgen.records.state import AttemptRow

_FAULTS = ("api_error", "harness", "canceled")
Said = AnswerReceived | AttemptFinished | AttemptSuperseded


def only_new(events: Iterable[AnswerReceived | AttemptFinished], rows: Iterable[AttemptRow]) -> Iterator[Said]:
    """The events that say something new, given the outcomes that count so far."""
    before = {(row.task, row.sample): row for row in rows}
    answer: AnswerReceived | None = None
    for event in events:
        if isinstance(event, AnswerReceived):
            answer = event
            continue
        yield from _said(answer, event, before.get((event.outcome.task, event.outcome.sample)))
        answer = None


def _said(answer: AnswerReceived | None, event: AttemptFinished, before: AttemptRow | None) -> Iterator[Said]:
    outcome = event.outcome
    if before is not None:
        if before.started_at == outcome.started_at or before.category not in _FAULTS:
            return
        first, again, number = before.attempt.rpartition("__r")
        attempt = f"{first}__r{int(number) + 1}" if again and number.isdecimal() else f"{before.attempt}__r1"
        outcome = replace(outcome, attempt=attempt, replaces=before.attempt)
    if answer is not None:
        yield replace(answer, attempt=outcome.attempt)
    yield replace(event, attempt=outcome.attempt, outcome=outcome)
    if before is not None:
        yield AttemptSuperseded(attempt=before.attempt, by=outcome.attempt)
