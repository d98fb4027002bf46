"""What an attempt may ask of the run it belongs to, and nothing more: so it runs alike here and elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from benchgen.providers.answer import Answer, Retry
from benchgen.record import Record
from benchgen.records.attempt import Attempt, Phase
from benchgen.records.message import Message
from benchgen.records.run import Planned


class Desk(Protocol):
    """Takes the reports of one attempt."""

    async def phase(self, phase: Phase) -> None:
        """Says where the attempt is now."""
        ...

    async def answer(self, turn: int, messages: tuple[Message, ...]) -> Answer:
        """A model's answer: the one that a run before already paid for, else a new one, kept before it is used."""
        ...

    def retry(self, retry: Retry) -> None:
        """Says that a request will be tried again."""
        ...


class Todo(Record):
    """An attempt that waits to be made, and the one that it replaces."""

    planned: Planned
    replaces: str | None = None


class Assignment(Record):
    """One attempt to make: what was planned, where it lands, who makes it, and which attempt it replaces."""

    planned: Planned
    folder: str
    worker: str
    replaces: str | None = None


class Made(Record):
    """What came of it: the outcome, and the files of its folder."""

    outcome: Attempt
    files: Mapping[str, bytes]
