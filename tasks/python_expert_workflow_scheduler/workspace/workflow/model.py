"""What a workflow is made of, and what becomes of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["succeeded", "failed", "skipped"]


@dataclass(frozen=True)
class Step:
    """One piece of work; `run` receives the values of the steps in `after`, by name."""

    name: str
    run: Callable[[Mapping[str, Any]], Awaitable[Any]]
    after: tuple[str, ...] = ()
    retries: int = 0
    backoff: float = 1.0
    timeout: float | None = None


@dataclass(frozen=True)
class Outcome:
    """How one step ended; the times are those of the event loop."""

    status: Status
    attempts: int = 0
    value: Any = None
    error: BaseException | None = None
    started: float | None = None
    finished: float | None = None
    causes: tuple[str, ...] = ()
