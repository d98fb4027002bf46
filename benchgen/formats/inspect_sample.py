"""One sample of an Inspect log: what was asked, answered and wanted, every score of it, and what went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchgen import codec
from benchgen.formats.inspect_header import items, mapping, number, text, usage_of, whole
from benchgen.record import Record, field
from benchgen.records.attempt import Usage

_WORTH: Mapping[str, float] = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
"""Correct, incorrect, partly correct, no answer: Inspect's letters and the numbers that it counts them as."""
_ATTACHED = "attachment://"
_WANTED = ("id", "epoch", "input", "choices", "target", "messages", "output", "scores", "score", "metadata", "error",
           "limit", "model_usage", "total_time", "started_at", "completed_at")  # fmt: skip
WholeOf = Callable[[str], str]
_NAME = ("id", "epoch")
_SCORES: tuple[str, ...] = ("scores", "score")
_STAMP = re.compile(rb'"timestamp":\s*"([^"]{10,40})"')


class SampleScore(Record):
    """One scorer's word. `value` is as the log spells it, `worth` the number that Inspect counts it as, if any."""

    name: str
    value: str
    worth: float | None
    answer: str
    explanation: str

    @property
    def is_plain(self) -> bool:
        """Whether it says right or wrong, and nothing in between."""
        return self.worth in (0.0, 1.0)


class Sample(Record):
    """One sample in one epoch, epochs counted from 1; `seconds` is its whole time, waiting included."""

    id: str
    epoch: int
    input: str
    target: str
    answer: str
    scores: tuple[SampleScore, ...] = ()
    error: str = ""
    traceback: str = ""
    limit: str = ""
    seconds: float | None = None
    started_at: str = ""
    completed_at: str = ""
    usage: Mapping[str, Usage] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)


class SampleName(Record):
    """What a sample is known by in its log."""

    id: str
    epoch: int


def sample_name(data: bytes | memoryview, *, where: str) -> SampleName:
    """The name of a sample alone."""
    parts = codec.members(data, where=where)
    said = {name: codec.parse_loosely(parts[name], where=where) for name in _NAME if name in parts}
    return SampleName(str(said.get("id", "")), whole(said.get("epoch")) or 1)


def read_scores(data: bytes | memoryview, *, where: str) -> tuple[SampleScore, ...]:
    """The scores of a sample alone, its other parts not even parsed."""
    parts = codec.members(data, where=where)
    said = {name: codec.parse_loosely(parts[name], where=where) for name in _SCORES if name in parts}
    return tuple(_score(name, mapping(one), str) for name, one in _named(said).items())


def read_sample(data: bytes | memoryview, *, where: str) -> Sample:
    """A sample from the bytes that spell it. BadFile when they are no JSON object."""
    parts = codec.members(data, where=where)
    said = {name: codec.parse_loosely(parts[name], where=where) for name in _WANTED if name in parts}
    whole_of = _Attachments(parts.get("attachments"), where).whole
    error = mapping(said.get("error"))
    return Sample(
        id=str(said.get("id", "")),
        epoch=whole(said.get("epoch")) or 1,
        input=_asked(said, whole_of),
        target="\n".join(whole_of(text(one)) for one in _listed(said.get("target"))),
        answer=_answer(said, whole_of),
        scores=tuple(_score(name, mapping(one), whole_of) for name, one in _named(said).items()),
        error=whole_of(text(error.get("message"))),
        traceback=whole_of(text(error.get("traceback"))),
        limit=text(mapping(said.get("limit")).get("type")),
        seconds=number(said.get("total_time")),
        started_at=text(said.get("started_at")) or _first_stamp(parts.get("events")),
        completed_at=text(said.get("completed_at")),
        usage={name: usage_of(one) for name, one in mapping(said.get("model_usage")).items()},
        metadata=mapping(said.get("metadata")),
    )


def worth_of(value: object) -> float | None:
    """The number that Inspect counts a value as; None for what it has none for: other words, lists, objects."""
    if isinstance(value, bool):
        return float(value)
    return _WORTH.get(value) if isinstance(value, str) else number(value)


class _Attachments:
    """Long texts stand once in a sample, and by their hash wherever they are used; parsed when one is met."""

    def __init__(self, data: memoryview | None, where: str) -> None:
        self._data, self._where = data, where
        self._texts: Mapping[str, Any] | None = None

    def whole(self, said: str) -> str:
        """A text, looked up where it only points."""
        if not said.startswith(_ATTACHED) or self._data is None:
            return said
        if self._texts is None:
            self._texts = mapping(codec.parse_loosely(self._data, where=self._where))
        return text(self._texts.get(said.removeprefix(_ATTACHED))) or said


def _named(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Scores by scorer; the format's first version has a single one without a name."""
    return mapping(said.get("scores")) or ({"score": said["score"]} if said.get("score") else {})


def _asked(said: Mapping[str, Any], whole_of: WholeOf) -> str:
    given = said.get("input")
    asked = whole_of(given) if isinstance(given, str) else "\n\n".join(_spoken(items(given), whole_of))
    choices = [whole_of(text(one)) for one in items(said.get("choices"))]
    listed = "\n".join(f"{chr(65 + number)}) {choice}" for number, choice in enumerate(choices))
    return f"{asked}\n\n{listed}" if listed else asked


def _answer(said: Mapping[str, Any], whole_of: WholeOf) -> str:
    """What the model said last: its completion, else the last message of its own that says something."""
    output = mapping(said.get("output"))
    completion = whole_of(text(output.get("completion")))
    if completion:
        return completion
    messages = [mapping(mapping(one).get("message")) for one in items(output.get("choices"))[:1]]
    own = [one for one in map(mapping, items(said.get("messages"))) if one.get("role") == "assistant"]
    return next((found for one in (*messages, *reversed(own)) if (found := _content(one, whole_of))), "")


def _spoken(messages: list[Any], whole_of: WholeOf) -> Iterator[str]:
    """Messages as text; a single one of the user's stands alone."""
    for one in map(mapping, messages):
        said, role = _content(one, whole_of), text(one.get("role"))
        yield said if len(messages) == 1 and role == "user" else f"{role}: {said}"


def _content(message: Mapping[str, Any], whole_of: WholeOf) -> str:
    content = message.get("content")
    if isinstance(content, str):
        return whole_of(content)
    parts = (mapping(part) for part in items(content))
    said = (whole_of(text(part.get("text"))) or f"[{text(part.get('type')) or 'part'}]" for part in parts)
    return "\n".join(said)


def _score(name: str, said: Mapping[str, Any], whole_of: WholeOf) -> SampleScore:
    value = said.get("value")
    return SampleScore(
        name=name,
        value=value if isinstance(value, str) else codec.compact(value).decode(),
        worth=worth_of(value),
        answer=whole_of(text(said.get("answer"))),
        explanation=whole_of(text(said.get("explanation"))),
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _first_stamp(events: memoryview | None) -> str:
    """Older logs say in a sample's events alone when it began."""
    found = _STAMP.search(events) if events is not None else None
    return found[1].decode("ascii", "replace") if found else ""
