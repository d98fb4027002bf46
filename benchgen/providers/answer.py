"""What a provider is asked and what it answers; the one shape that every model fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Protocol

from benchgen import codec
from benchgen.catalog.scorers import Scorer
from benchgen.errors import BenchgenError
from benchgen.record import Record, field
from benchgen.records.attempt import Usage
from benchgen.records.message import Message
from benchgen.records.run import Settings
from benchgen.records.task import Task


class Request(Record):
    """One request for an answer. `task` and a row's `scorer` are there for built-in models only.

    `chance` is seeded for this attempt of a task; rows share one, which spreads their retries.

    `occasion` tells samples and retries apart: a cache must not answer one with another's answer.
    `parameters` are further keys of the body, as a dataset's row names them; `settings` win over them.
    """

    model: str
    messages: tuple[Message, ...]
    settings: Settings
    chance: Random
    task: Task | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    occasion: str = ""
    scorer: Scorer | None = None


class Answer(Record):
    """A model's answer. `cost_nanousd` is None when no price is known.

    `response` is what came with it, put together when it is kept: of a hundred thousand rows nobody keeps it.

    `model` and `finish` are what the provider called the model and the end of the answer, where it said so.

    `price` says whence: `reported`, `genai-prices`, `settings`, `builtin`, `local`, `cache` or `unknown`.
    """

    text: str
    response: bytes | Mapping[str, Any] | Callable[[], Mapping[str, Any]]
    usage: Usage | None = None
    cost_nanousd: int | None = None
    price: str = "unknown"
    latency_seconds: float | None = None
    first_token_seconds: float | None = None
    from_cache: bool = False
    model: str | None = None
    finish: str | None = None

    @property
    def raw(self) -> bytes:
        """The response as it is kept."""
        said = self.response
        return said if isinstance(said, bytes) else codec.file(said() if callable(said) else said)


class Retry(Record):
    """A request that will be tried again, and why."""

    provider: str
    reason: str
    wait_seconds: float
    number: int
    http_status: int | None = None


OnRetry = Callable[[Retry], None]


class ApiError(BenchgenError):
    """The provider gave no answer; never the model's fault, and never in a rate."""

    code = "api_error"


class Provider(Protocol):
    """Something that answers requests."""

    async def answer(self, request: Request, on_retry: OnRetry) -> Answer:
        """The answer. ApiError when there is none to be had."""
        ...

    async def close(self) -> None:
        """Gives back what it holds."""
        ...
