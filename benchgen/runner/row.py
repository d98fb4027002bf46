"""One row of a dataset by one model: asked, scored, and spelled as a line of OpenAI's batch output."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

from benchgen import codec
from benchgen.catalog.patterns import PatternSearch
from benchgen.catalog.rows import Row
from benchgen.catalog.scorers import Scored, score
from benchgen.clock import Clock
from benchgen.errors import BadFile
from benchgen.judge.report import cut
from benchgen.providers.answer import Answer, ApiError, Provider, Request, Retry
from benchgen.record import Record
from benchgen.records.attempt import Attempt
from benchgen.records.run import Planned, Settings
from benchgen.records.status import Category
from benchgen.runner.desk import Todo

_UNSCORED = Scored(None)


class Asking(Record):
    """What every row of a run shares. `chance` spreads retries, nothing else, so that rows may share it."""

    settings: Settings
    chance: Random
    patterns: PatternSearch
    clock: Clock
    on_retry: Callable[[str, Retry], None]


class Asked(Record):
    """The answer to a row, or why there is none; `started` is of the monotonic clock."""

    answer: Answer | None
    fault: str
    started_at: str
    started: float


class MadeRow(Record):
    """What came of a row: its outcome, its line of `results.jsonl`, and the answer where there was one."""

    outcome: Attempt
    line: bytes
    answer: Answer | None


async def ask_row(item: Planned, row: Row, provider: Provider, asking: Asking) -> Asked:
    """Asks once. It never raises for what a provider does."""
    started_at, started = asking.clock.stamp(), asking.clock.monotonic()
    try:
        answer = await provider.answer(_request(item, row, asking), lambda retry: asking.on_retry(item.attempt, retry))
        return Asked(answer, "", started_at, started)
    except ApiError as error:
        return Asked(None, str(error), started_at, started)


async def score_row(todo: Todo, row: Row, asked: Asked, worker: str, asking: Asking) -> MadeRow:
    """What came of the answer. It never raises for what a model says, and only a pattern takes time."""
    item, answer = todo.planned, asked.answer
    scored = await _scored(row, answer, asking.patterns) if answer else _UNSCORED
    outcome = Attempt(
        attempt=item.attempt,
        task=item.task,
        model=item.model,
        sample=item.sample,
        category=_category(answer, scored),
        started_at=asked.started_at,
        finished_at=asking.clock.stamp(),
        duration_seconds=round(asking.clock.monotonic() - asked.started, 6),
        worker=worker,
        score=scored.value,
        message=cut(asked.fault or scored.message),
        usage=answer.usage if answer else None,
        api_latency_seconds=answer.latency_seconds if answer else None,
        first_token_seconds=answer.first_token_seconds if answer else None,
        replaces=todo.replaces,
        from_cache=bool(answer and answer.from_cache),
        is_scored=row.scorer.name != "none",
    )
    return MadeRow(outcome, _line(outcome, answer, asked.fault), answer)


def takes_time(row: Row) -> bool:
    """Whether a row is scored elsewhere, while others are asked."""
    return row.scorer.name == "regex"


def _request(item: Planned, row: Row, asking: Asking) -> Request:
    occasion = item.attempt.rpartition("__sample")[2]
    return Request(item.model, row.messages, asking.settings, asking.chance, None, row.parameters, occasion, row.scorer)


async def _scored(row: Row, answer: Answer, patterns: PatternSearch) -> Scored:
    if not answer.text.strip():
        return Scored(None if row.scorer.name == "none" else 0.0, "the answer is empty")
    if takes_time(row):
        return await asyncio.to_thread(score, row.scorer, answer.text, patterns)
    return score(row.scorer, answer.text, patterns)


def _category(answer: Answer | None, scored: Scored) -> Category | None:
    """A wrong answer is to a row what a failed test is to a task."""
    if answer is None:
        return "api_error"
    if not answer.text.strip():
        return "no_answer"
    if scored.fault:
        return "harness"
    return "tests_failed" if scored.value == 0 else None


def _line(outcome: Attempt, answer: Answer | None, fault: str) -> bytes:
    """A line as OpenAI's batch service writes it; `model` is ours, for runs of several."""
    line: dict[str, Any] = {
        "id": outcome.attempt,
        "custom_id": outcome.task,
        "response": None,
        "error": {"code": "api_error", "message": fault} if answer is None else None,
        "model": outcome.model,
    }
    if answer is not None:
        line["response"] = {"status_code": 200, "request_id": outcome.attempt, "body": _body(outcome, answer)}
    return codec.line(line)


def _body(outcome: Attempt, answer: Answer) -> dict[str, Any]:
    is_told = answer.model is not None or answer.finish is not None
    said = {"model": answer.model, "finish_reason": answer.finish} if is_told else _said(answer.raw)
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": codec.whole(answer.text)},
        "finish_reason": said.get("finish_reason"),
    }
    body = {"object": "chat.completion", "model": said.get("model") or outcome.model, "choices": [choice]}
    if answer.usage is not None:
        taken, given = answer.usage.input, answer.usage.output
        body["usage"] = {"prompt_tokens": taken, "completion_tokens": given, "total_tokens": taken + given}
    return body


def _said(raw: bytes) -> dict[str, Any]:
    """What the provider kept of its response."""
    try:
        data = codec.parse(raw, where="a response")
    except BadFile:
        return {}
    return data if isinstance(data, dict) else {}
