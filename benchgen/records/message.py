"""One message of a conversation with a model."""

from __future__ import annotations

from benchgen.record import Record


class Message(Record):
    """`role` is `system`, `developer`, `user` or `assistant`; `content` is text."""

    role: str
    content: str
