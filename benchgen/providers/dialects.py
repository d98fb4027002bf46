"""How a request is spelled and an answer read, by the two dialects that are spoken: OpenAI's and Anthropic's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from math import isfinite
from typing import Any, Protocol

from benchgen import codec
from benchgen.providers.answer import Request
from benchgen.providers.endpoints import Endpoint
from benchgen.records.attempt import Usage
from benchgen.records.message import Message

Json = dict[str, Any]
ANTHROPIC_VERSION = "2023-06-01"
ANTHROPIC_MAX_TOKENS = 8192
THINKING_BUDGETS: Mapping[str, int] = {"low": 2048, "medium": 8192, "high": 24576}


LONGEST_TEXT = 8 * 1024 * 1024
# What asking again cannot mend, by the words that providers use where a number should stand.
_FINAL_WORDS = frozenset(
    (
        "invalid_request_error",
        "authentication_error",
        "permission_error",
        "not_found_error",
        "billing_error",
        "insufficient_quota",
        "invalid_api_key",
        "model_not_found",
        "context_length_exceeded",
    )
)
_STATUS_OF_WORDS = {"rate_limit_error": 429, "rate_limit_exceeded": 429, "overloaded_error": 529}


class Broken(Exception):
    """An answer that is none. `status` is what an error body says it is; `final`: asking again is of no use."""

    def __init__(self, message: str, status: int | None = None, *, final: bool = False) -> None:
        super().__init__(message)
        self.status, self.final = status, final


@dataclass(slots=True)
class Reading:
    """What is known of an answer while its events come in."""

    _text: StringIO = field(default_factory=StringIO)
    length: int = 0
    has_choice: bool = False
    usage: Usage | None = None
    reported_usd: float | None = None
    finish: str | None = None
    model: str | None = None
    done: bool = False

    def hear(self, content: object) -> None:
        """Adds text, or the text of a list of parts; whatever else stands in its place counts as none."""
        if isinstance(content, list):
            texts = (part.get("text") for part in _list(content) if part.get("type") == "text")
            content = "".join(text for text in texts if isinstance(text, str))
        if isinstance(content, str):
            self.length += len(content)
            if self.length > LONGEST_TEXT:
                raise Broken("the answer is too large", final=True)
            self._text.write(content)

    def said(self) -> str:
        """The text so far; half a character may have come in one event and half in the next."""
        return codec.whole(self._text.getvalue())


class Dialect(Protocol):
    """One way to speak to a server."""

    path: str

    def headers(self, endpoint: Endpoint) -> dict[str, str]: ...
    def body(self, request: Request, model: str, endpoint: Endpoint) -> Json: ...
    def take(self, event: Json, reading: Reading) -> None:
        """Adds one event of the stream. Broken when the event is an error."""
        ...

    def whole(self, answer: Json, reading: Reading) -> None:
        """Takes an answer that came in one piece."""
        ...


class OpenAi:
    """Chat completions, streamed; OpenRouter's `usage.cost` and reasoning fields are read where they come."""

    path = "/chat/completions"

    def headers(self, endpoint: Endpoint) -> dict[str, str]:
        return {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}

    def body(self, request: Request, model: str, endpoint: Endpoint) -> Json:
        settings = request.settings
        body: Json = {
            **request.parameters,
            "model": model,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        sent = {
            "temperature": settings.temperature,
            "top_p": settings.top_p,
            # OpenAI's newer models refuse the name that everybody else knows.
            "max_completion_tokens" if endpoint.name == "openai" else "max_tokens": settings.max_tokens,
            "seed": settings.seed,
        }
        body |= {name: value for name, value in sent.items() if value is not None}
        if settings.thinking_level and endpoint.name == "openrouter":
            body["reasoning"] = {"effort": settings.thinking_level}
        elif settings.thinking_level:
            body["reasoning_effort"] = settings.thinking_level
        if endpoint.name == "openrouter":
            body["usage"] = {"include": True}
        return body

    def take(self, event: Json, reading: Reading) -> None:
        _raise_error(event)
        for choice in _list(event.get("choices"))[:1]:
            reading.has_choice = True
            reading.hear(_map(choice.get("delta")).get("content"))
            self._end(choice, reading)
        self._count(event, reading)

    def whole(self, answer: Json, reading: Reading) -> None:
        _raise_error(answer)
        choices = _list(answer.get("choices"))
        if not choices:
            raise Broken("the answer has no choices")
        reading.has_choice = True
        reading.hear(_map(choices[0].get("message")).get("content"))
        self._end(choices[0], reading)
        self._count(answer, reading)
        reading.done = True

    def _end(self, choice: Mapping[str, Any], reading: Reading) -> None:
        if choice.get("finish_reason"):
            reading.finish, reading.done = codec.whole(str(choice["finish_reason"])), True
        if choice.get("finish_reason") == "error":
            raise Broken("the provider broke off with an error")

    def _count(self, event: Json, reading: Reading) -> None:
        if isinstance(event.get("model"), str):
            reading.model = codec.whole(event["model"])
        usage = event.get("usage")
        if not isinstance(usage, dict):
            return
        taken, given = _number(usage.get("prompt_tokens")), _number(usage.get("completion_tokens"))
        prompt, completion = _map(usage.get("prompt_tokens_details")), _map(usage.get("completion_tokens_details"))
        if taken is not None and given is not None:  # half a count would make a bill that nobody sent
            cached, reasoning = _number(prompt.get("cached_tokens")), _number(completion.get("reasoning_tokens"))
            reading.usage = Usage(taken, given, cached or 0, reasoning or 0)
        cost = usage.get("cost")
        if isinstance(cost, int | float) and not isinstance(cost, bool) and cost >= 0 and isfinite(cost):
            reading.reported_usd = float(cost)


class Anthropic:
    """The messages API, streamed. `max_tokens` is required there, so that a default is sent and recorded."""

    path = "/messages"

    def headers(self, endpoint: Endpoint) -> dict[str, str]:
        return {"x-api-key": endpoint.key or "", "anthropic-version": ANTHROPIC_VERSION}

    def body(self, request: Request, model: str, endpoint: Endpoint) -> Json:
        settings = request.settings
        body: Json = {
            "max_tokens": ANTHROPIC_MAX_TOKENS,
            **request.parameters,
            "model": model,
            "system": "\n\n".join(_content(request.messages, "system")),
            "messages": [{"role": m.role, "content": m.content} for m in request.messages if m.role != "system"],
            "stream": True,
        }
        sent = {"temperature": settings.temperature, "top_p": settings.top_p, "max_tokens": settings.max_tokens}
        body |= {name: value for name, value in sent.items() if value is not None}
        budget = THINKING_BUDGETS.get(settings.thinking_level or "")
        if budget is not None:
            body["thinking"] = {"type": "enabled", "budget_tokens": budget}
            body["max_tokens"] = max(body["max_tokens"], budget + ANTHROPIC_MAX_TOKENS)
        return body

    def take(self, event: Json, reading: Reading) -> None:
        _raise_error(event)
        kind = event.get("type")
        if kind == "message_start":
            message = _map(event.get("message"))
            reading.model, reading.has_choice = codec.whole(str(message.get("model") or "")), True
            reading.usage = self._usage(_map(message.get("usage")), None)
        elif kind == "content_block_delta":
            reading.hear(_map(event.get("delta")).get("text"))
        elif kind == "message_delta":
            reading.finish = codec.whole(str(_map(event.get("delta")).get("stop_reason") or ""))
            reading.usage = self._usage(_map(event.get("usage")), reading.usage)
        elif kind == "message_stop":
            reading.done = True

    def whole(self, answer: Json, reading: Reading) -> None:
        _raise_error(answer)
        if not isinstance(answer.get("content"), list):
            raise Broken("the answer has no content")
        for part in _list(answer["content"]):
            if part.get("type") == "text":
                reading.hear(part.get("text"))
        reading.has_choice = True
        reading.model, reading.finish = answer.get("model"), answer.get("stop_reason")
        reading.usage = self._usage(_map(answer.get("usage")), None)
        reading.done = True

    def _usage(self, said: Mapping[str, Any], before: Usage | None) -> Usage | None:
        """What is counted so far; None as long as nobody has said how long the prompt was."""
        fresh, given = _number(said.get("input_tokens")), _number(said.get("output_tokens"))
        cached, made = _number(said.get("cache_read_input_tokens")), _number(said.get("cache_creation_input_tokens"))
        if fresh is None and before is None:
            return None
        known = before or Usage()
        return Usage(
            input=known.input if fresh is None else fresh + (cached or 0) + (made or 0),
            output=given or known.output,
            cached=cached or known.cached,
        )


DIALECTS: Mapping[str, Dialect] = {"openai": OpenAi(), "anthropic": Anthropic()}


def _raise_error(event: Json) -> None:
    """An error may come with HTTP status 200, even in the middle of a stream."""
    error = event.get("error")
    if not error:
        return
    known = _map(error)
    words = _words(error)
    code = known.get("code")
    status = code if isinstance(code, int) else next((_STATUS_OF_WORDS[w] for w in words & set(_STATUS_OF_WORDS)), None)
    message = codec.whole(" ".join(str(known.get("message") or error).split()))
    raise Broken(f"the provider says: {message}", status, final=is_final(error))


def is_final(error: object) -> bool:
    """Whether an error is of a kind that asking again cannot mend: no credit left, no such model."""
    return bool(_words(error) & _FINAL_WORDS)


def _words(error: object) -> set[str]:
    return {str(_map(error).get(name)) for name in ("code", "type", "status")}


def _content(messages: tuple[Message, ...], role: str) -> list[str]:
    return [message.content for message in messages if message.role == role]


def _list(value: object) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
