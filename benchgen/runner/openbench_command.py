"""The exact command that runs `bench`: the one place that knows its options."""

from __future__ import annotations

from pathlib import Path

from benchgen.errors import UsageError
from benchgen.record import Record
from benchgen.records.run import RunConfig

FEW, BUFFER = 200, 10
"""Each flush copies the whole log: one a sample for few samples, fewer for many."""


class Choices(Record):
    """What was asked of an engine beside the settings that every kind has; it stands in the run's request."""

    target: str
    limit: str | None = None
    epochs: int | None = None
    base_url: str | None = None
    task_args: tuple[str, ...] = ()
    model_args: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


def eval_words(config: RunConfig, choices: Choices) -> tuple[str, ...]:
    """The words after `bench`, for a process that starts in its log folder."""
    settings = config.settings
    options: list[tuple[str, object]] = [
        ("--model", config.models[0].model_id),
        ("--limit", limit_of(choices.limit)),
        ("--epochs", choices.epochs),
        ("--temperature", settings.temperature),
        ("--top-p", settings.top_p),
        ("--max-tokens", settings.max_tokens),
        ("--seed", settings.seed),
        ("--timeout", None if settings.timeout_seconds is None else round(settings.timeout_seconds)),
        ("--max-retries", settings.max_retries),
        ("--reasoning-effort", settings.thinking_level),
        ("--max-connections", config.max_connections),
        ("--model-base-url", choices.base_url),
        *(("-T", one) for one in choices.task_args),
        *(("-M", one) for one in choices.model_args),
        *_logging(choices),
    ]
    words = [word for name, value in options if value is not None for word in (name, str(value))]
    return ("eval", choices.target, *words, *choices.extra)


def retry_words(config: RunConfig, choices: Choices, log: Path) -> tuple[str, ...]:
    """The words that go on from a log: what it has of answers is not asked again."""
    options = [("--max-connections", config.max_connections), ("--max-retries", config.settings.max_retries)]
    buffer = next(value for name, value in _logging(choices) if name == "--log-buffer")
    words = [word for name, value in (*options, ("--log-buffer", buffer)) for word in (name, str(value))]
    return ("eval-retry", str(log), "--log-dir", ".", *words)


def limit_of(limit: str | None) -> str | None:
    """`N`, or `a-b` counted from 1, as bench counts: `N`, or start and end from 0. UsageError."""
    if limit is None:
        return None
    first, dash, last = limit.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise UsageError(f"{limit!r} is no limit", where="--limit", hint="N, or a-b counted from 1")
    if int(first) < 1 or (dash and int(last) < int(first)):
        raise UsageError(f"{limit!r} is an empty range", where="--limit", hint="N, or a-b counted from 1")
    return f"{int(first) - 1},{int(last)}" if dash else str(int(first))


def _logging(choices: Choices) -> list[tuple[str, object]]:
    first, dash, last = (choices.limit or "").partition("-")
    count = int(last) - int(first) + 1 if dash else int(first or 0)
    is_small = 0 < count * (choices.epochs or 1) <= FEW
    return [
        ("--display", "plain"),
        ("--log-format", "eval"),
        ("--log-dir", "."),
        ("--log-buffer", 1 if is_small else BUFFER),
    ]
