"""Errands: what the server does not do itself is asked of `benchgen … --json`, and kept for a while."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

from benchgen import codec
from benchgen.errors import BenchgenError

log = logging.getLogger(__name__)
LONGEST_SECONDS = 60.0
LONGEST_MESSAGE = 2000


class Errands:
    """Calls of one command line; the same question asked by many at once is one process."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)
        self._kept: dict[tuple[str, ...], tuple[float, Any]] = {}
        self._locks: dict[tuple[str, ...], asyncio.Lock] = {}

    @property
    def are_run(self) -> bool:
        """Whether this server knows the command at all."""
        return bool(self._words)

    async def ask(self, *words: str, keep: float = 0.0, within: float = LONGEST_SECONDS) -> Any:  # noqa: ANN401
        """The JSON that `benchgen WORDS --json` prints, at most `keep` seconds old. BenchgenError says what it said."""
        if not self._words:
            raise BenchgenError("this server was started without the benchgen command")
        async with self._locks.setdefault(words, asyncio.Lock()):
            asked_at, answer = self._kept.get(words, (None, None))
            if asked_at is not None and time.monotonic() - asked_at < keep:
                return answer
            answer = await self._call(words, within)
            if keep:
                self._kept[words] = time.monotonic(), answer
            return answer

    async def _call(self, words: Sequence[str], within: float) -> Any:  # noqa: ANN401
        process = await asyncio.create_subprocess_exec(
            *self._words,
            *words,
            "--json",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(within):
                said, complained = await process.communicate()
        except TimeoutError as fault:
            raise BenchgenError(f"`benchgen {' '.join(words)}` gave no answer in {within:g} s") from fault
        finally:
            if process.returncode is None:  # too late, or the server stops
                process.kill()
                await process.wait()
        # One that could not do all still prints what it found, and says in it what is missing.
        if process.returncode and not said.strip():
            raise _failure(complained.decode("utf-8", "replace"))
        return codec.parse(said, where=f"benchgen {' '.join(words)}")


def _failure(text: str) -> BenchgenError:
    """What the command said to people, as an error: its first line is what is wrong, the next what to do."""
    if "Traceback (most recent call last)" in text:
        log.error("benchgen failed: %s", text)
        return BenchgenError("benchgen failed; the server's log says how")
    message, _, hint = text.strip().rpartition("benchgen: ")[2].partition("\n")
    return BenchgenError(message[:LONGEST_MESSAGE] or "benchgen failed", hint=hint.strip()[:LONGEST_MESSAGE])
