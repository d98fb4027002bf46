"""What a dataset's row is: OpenAI-batch requests and simple rows, read line by line, each fault named by its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from benchgen import codec
from benchgen.catalog.scorers import BadScorer, Scorer, scorer_of, spelled_scorer
from benchgen.errors import BadFile
from benchgen.record import Record, field
from benchgen.records.message import Message

MOST_PROBLEMS = 100
MANY_ROWS = 50_000
LONGEST_LINE = 1 << 20
LONGEST_ID = 256
DEEPEST = 64
URL = "/v1/chat/completions"
ROLES = ("system", "developer", "user", "assistant")
_PLACE = re.compile(r": line 1 column (\d+) \(char \d+\)$")
"""Where in a line its JSON breaks off: the file's line stands before it, so that a second one would mislead."""
_OURS = ("expected", "scorer", "domain")
_BATCH = frozenset(("custom_id", "method", "url", "body", *_OURS))
_SIMPLE = frozenset(("id", "custom_id", "prompt", "messages", *_OURS))
# What benchgen decides by itself: the model is the run's, answers are streamed, one is asked for.
_NOT_SENT = frozenset(("model", "messages", "stream", "stream_options", "n"))


class Row(Record):
    """One request of a dataset. `parameters` are the other keys of its body, sent as they are."""

    custom_id: str
    messages: tuple[Message, ...]
    scorer: Scorer
    parameters: Mapping[str, Any] = field(default_factory=dict)
    domain: str = ""


class Problem(Record):
    """What is wrong with a line; lines count from 1."""

    line: int
    reason: str


class Checked(Record):
    """A whole file, read once: its rows counted, what is wrong, what is worth a word."""

    count: int
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]


class BadRow(ValueError):
    """A line that is no row."""


def read_row(line: bytes, where: str) -> Row:
    """A line that was checked before. BadFile when it has changed since."""
    try:
        return row_of(codec.read(line, dict, where=where))
    except BadRow as fault:
        raise BadFile(str(fault), where=where) from fault


class _Spelled(Record):
    """A line as `spell` writes it."""

    custom_id: str
    body: dict[str, Any]
    expected: Any = None
    scorer: Any = "none"
    domain: str = ""


def read_spelled(line: bytes, where: str) -> Row:
    """A line that `spell` wrote: what was checked then is not checked again, which takes a fifth of the time."""
    said = codec.read(line, _Spelled, where=where)
    try:
        messages = tuple(Message(one["role"], one["content"]) for one in said.body.pop("messages"))
        return Row(said.custom_id, messages, spelled_scorer(said.scorer, said.expected), said.body, said.domain)
    except (KeyError, TypeError, BadScorer) as fault:
        raise BadFile("the line has changed since it was written", where=where) from fault


def check(lines: Iterable[bytes]) -> Checked:
    """Reads a whole dataset without keeping its rows. It stops after a hundred problems."""
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    unused: set[str] = set()
    for number, line in enumerate(lines, 1):
        if len(problems) == MOST_PROBLEMS:
            break
        try:
            data = _parsed(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
            row = row_of(data)
            if row.custom_id in seen:
                raise BadRow(f"the id {row.custom_id!r} stands in line {seen[row.custom_id]} already")
        except BadRow as fault:
            problems.append(Problem(number, str(fault)))
        else:
            seen[row.custom_id] = number
            unused |= data.keys() - (_BATCH if "body" in data else _SIMPLE)
    if not seen and not problems:
        problems.append(Problem(1, "there is no row in this file"))
    return Checked(len(seen), tuple(problems), tuple(_warnings(len(seen), unused)))


def lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a file read in chunks; one that is too long is cut, and found too long, not held."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        rest = rest[: LONGEST_LINE + 1]
    if rest:
        yield rest


def row_of(data: Mapping[str, Any]) -> Row:
    """A line's data as a row: with a `body` it is an OpenAI-batch request, else a simple row. BadRow."""
    body = data.get("body")
    if "body" in data:
        if not isinstance(body, dict):
            raise BadRow("`body` is no object")
        _check_envelope(data)
    else:
        body = {"messages": _simple_messages(data)}
    if body.get("n", 1) != 1:
        raise BadRow("`n` is not 1: a row is one request with one answer")
    custom_id = _custom_id(data)
    domain = data.get("domain") or ""
    if not isinstance(domain, str):
        raise BadRow("`domain` is no text")
    try:
        scorer = scorer_of(data.get("scorer"), data.get("expected"))
    except BadScorer as fault:
        raise BadRow(str(fault)) from fault
    parameters = {name: value for name, value in body.items() if name not in _NOT_SENT}
    return Row(custom_id, tuple(_messages(body.get("messages"))), scorer, parameters, domain[:LONGEST_ID])


def spell(row: Row) -> bytes:
    """A row as a line of `requests.jsonl`: an OpenAI-batch request, and a row of a dataset again."""
    messages = [{"role": message.role, "content": message.content} for message in row.messages]
    scorer = row.scorer
    data: dict[str, Any] = {
        "custom_id": row.custom_id,
        "method": "POST",
        "url": URL,
        "body": {"messages": messages, **row.parameters},
    }
    if scorer.name != "none":
        named = {"name": scorer.name, "tolerance": scorer.tolerance} if scorer.name == "numeric" else scorer.name
        data |= {"expected": scorer.expected, "scorer": named}
    if row.domain:
        data["domain"] = row.domain
    return codec.line(data)


def _parsed(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise BadRow(f"the line is longer than {LONGEST_LINE:,} bytes")
    if not line.strip():
        raise BadRow("the line is empty")
    try:
        line.decode("utf-8")
        data = codec.parse(line, where="")
    except UnicodeDecodeError as fault:
        raise BadRow(f"not UTF-8 at byte {fault.start} of the line") from fault
    except BadFile as fault:
        raise BadRow(_PLACE.sub(r" at character \1", str(fault))) from fault
    if not isinstance(data, dict):
        raise BadRow("the line is no JSON object")
    if _is_deeper(data, DEEPEST):
        raise BadRow(f"nested more than {DEEPEST} deep")
    return data


def _is_deeper(data: object, levels: int) -> bool:
    if isinstance(data, dict):
        return levels == 0 or any(_is_deeper(value, levels - 1) for value in data.values())
    return isinstance(data, list) and (levels == 0 or any(_is_deeper(value, levels - 1) for value in data))


def _check_envelope(data: Mapping[str, Any]) -> None:
    if data.get("method", "POST") != "POST":
        raise BadRow("`method` is not POST")
    if data.get("url", URL) != URL:
        raise BadRow(f"`url` is not {URL}")


def _custom_id(data: Mapping[str, Any]) -> str:
    names = [name for name in ("custom_id", "id") if data.get(name) is not None]
    if not names:
        raise BadRow("no `custom_id`" if "body" in data else "no `id`")
    value = data[names[0]]
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_ID or not value.isprintable():
        raise BadRow(f"`{names[0]}` is no text of 1 to {LONGEST_ID} printable characters")
    return value


def _simple_messages(data: Mapping[str, Any]) -> object:
    if ("prompt" in data) == ("messages" in data):
        raise BadRow("a simple row has either `prompt` or `messages`, an OpenAI-batch row has `body`")
    if "messages" in data:
        return data["messages"]
    if not isinstance(data["prompt"], str) or not data["prompt"].strip():
        raise BadRow("`prompt` is no text, or empty")
    return [{"role": "user", "content": data["prompt"]}]


def _messages(messages: object) -> Iterator[Message]:
    if not isinstance(messages, list) or not messages:
        raise BadRow("`messages` is no list, or empty")
    for number, message in enumerate(messages, 1):
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            raise BadRow(f"message {number} has no `role` of {', '.join(ROLES)}")
        yield Message(message["role"], _content(message.get("content"), number))


def _content(content: object, number: int) -> str:
    """Text, or a list of text parts; anything else cannot be sent to every model, and is not dropped in silence."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict) and part.get("type") == "text"]
    if not parts or len(texts) != len(parts) or not all(isinstance(text, str) for text in texts):
        raise BadRow(f"message {number} has no `content` of text: only text is sent")
    return "\n".join(map(str, texts))


def _warnings(count: int, unused: set[str]) -> Iterator[str]:
    if count > MANY_ROWS:
        yield f"{count:,} rows: more than {MANY_ROWS:,} take long and cost much; --limit runs the first ones"
    if unused:
        yield f"not used: the keys {', '.join(sorted(unused)[:10])}"
