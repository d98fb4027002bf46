"""A stored answer played again: `--response-file` and `--response-text`."""

from __future__ import annotations

from benchgen.providers.answer import Answer, OnRetry, Request


class Replay:
    """Answers every request with the same stored text. It costs nothing now; what it cost once is not known."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def answer(self, request: Request, on_retry: OnRetry) -> Answer:
        said = {"model": request.model, "content": self._text, "replayed": True}
        return Answer(text=self._text, response=said, usage=None, cost_nanousd=0, price="builtin", latency_seconds=0.0)

    async def close(self) -> None:
        """Nothing is held."""
