"""`--cache`: answers kept in the user's cache folder by the whole of their request, and given again without a bill."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from pathlib import Path
from typing import Protocol

from benchgen import codec
from benchgen.errors import BadFile
from benchgen.providers.answer import Answer, OnRetry, Request
from benchgen.providers.dialects import Json
from benchgen.record import Record
from benchgen.records.attempt import Usage
from benchgen.redact import Redactor

log = logging.getLogger(__name__)


class Spelling(Protocol):
    """A provider that can say what it would send."""

    async def answer(self, request: Request, on_retry: OnRetry) -> Answer: ...
    def spelled(self, request: Request) -> tuple[str, Json]: ...
    async def close(self) -> None: ...


class _Kept(Record):
    text: str
    raw: str
    usage: Usage | None = None


class Cached:
    """An endpoint whose answers are kept. An answer from the cache costs nothing, and is marked."""

    def __init__(self, asked: Spelling, folder: Path, redactor: Redactor) -> None:
        self._asked = asked
        self._folder = folder
        self._redactor = redactor

    async def answer(self, request: Request, on_retry: OnRetry) -> Answer:
        path = self._path(request)
        kept = await asyncio.to_thread(_read, path)
        if kept is not None:
            raw = kept.raw.encode("utf-8", "surrogateescape")
            return Answer(kept.text, raw, kept.usage, 0, "cache", latency_seconds=None, from_cache=True)
        answer = await self._asked.answer(request, on_retry)
        data = codec.file(_Kept(answer.text, answer.raw.decode("utf-8", "replace"), answer.usage))
        try:
            await asyncio.to_thread(_write, path, self._redactor.bytes(data))
        except OSError as fault:  # the answer is paid for: a full cache must not cost it
            log.warning("an answer is not kept in the cache: %s", fault)
        return answer

    async def close(self) -> None:
        await self._asked.close()

    def _path(self, request: Request) -> Path:
        """Named by everything that the answer depends on: address, body, and which sample or retry it is for."""
        url, body = self._asked.spelled(request)
        name = hashlib.sha256(codec.compact([url, body, request.occasion])).hexdigest()
        return self._folder / name[:2] / name


def _read(path: Path) -> _Kept | None:
    try:
        return codec.read(path.read_bytes(), _Kept, where=str(path))
    except (OSError, BadFile):
        return None


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")  # equal requests may be answered side by side
    temporary.write_bytes(data)
    temporary.replace(path)
