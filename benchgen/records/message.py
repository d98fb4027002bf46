"""One message of a conversation with a model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """`role` is `system`, `developer`, `user` or `assistant`; `content` is text."""

    role: str
    content: str
