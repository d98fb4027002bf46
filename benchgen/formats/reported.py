"""What other harnesses hand to the tracker: any objects, read into what a log can hold, or refused before that.

Numbers of other libraries are taken for what they are. One that is none (NaN, infinity) is unknown.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from math import isfinite
from pathlib import Path
from typing import Any

from benchgen.errors import UsageError
from benchgen.formats.openadapt import TaskFile
from benchgen.record import Record, field_names
from benchgen.records.attempt import Usage

_LARGEST = 1 << 63
_TEXTS = ("error", "reason", "error_type")


class Task(Record):
    """What an episode is about. Objects of other harnesses with these attributes serve as well."""

    task_id: str
    instruction: str = ""
    domain: str | None = None


class Result(Record):
    """How an episode ended. `error_type` `infrastructure` or `evaluation` leaves it out of every rate."""

    success: bool
    score: float | None = None
    num_steps: int | None = None
    total_time_seconds: float | None = None
    error: str | None = None
    reason: str | None = None
    error_type: str | None = None


class Tokens(Record):
    """What one answer of the model took; None where nobody counted."""

    input: int | None = None
    output: int | None = None
    cost_usd: float | None = None
    latency_seconds: float | None = None


def task_of(task: object) -> TaskFile:
    """A task from its id, a `Task`, any object with its attributes or a mapping with their names. UsageError."""
    if isinstance(task, str):
        return TaskFile(task)
    said = _attributes(task, field_names(Task))
    task_id, domain = said["task_id"], said["domain"]
    if not isinstance(task_id, str) or not task_id:
        raise UsageError("a task is an id, or has a `task_id`", where="start_task")
    return TaskFile(task_id, str(said["instruction"] or ""), None if domain is None else str(domain))


def result_of(result: object) -> Result:
    """A result from true or false, a `Result`, any object with its attributes or a mapping with their names. UsageError
    names the attribute."""
    plain = _plain(result)
    said = {"success": plain} if isinstance(plain, bool) else _attributes(result, field_names(Result))
    success = flag(said["success"], "success of finish_task")
    if success is None:
        raise UsageError("a result is true or false, or has a `success`", where="finish_task")
    return Result(
        success=success,
        score=amount(said.get("score"), "score of finish_task"),
        num_steps=count(said.get("num_steps"), "num_steps of finish_task"),
        total_time_seconds=span(said.get("total_time_seconds"), "total_time_seconds of finish_task"),
        **{name: None if said.get(name) is None else str(said[name]) for name in _TEXTS},
    )


def tokens_of(tokens: object) -> Tokens:
    """What an answer took, from a `Tokens`, any object with its attributes or a mapping with their names. UsageError
    names the attribute."""
    said = _attributes(tokens, field_names(Tokens))
    return Tokens(
        input=count(said["input"], "input of record_answer"),
        output=count(said["output"], "output of record_answer"),
        cost_usd=span(said["cost_usd"], "cost_usd of record_answer"),
        latency_seconds=span(said["latency_seconds"], "latency_seconds of record_answer"),
    )


def usage_of(tokens: Tokens) -> Usage | None:
    """The tokens as a count; None where one side of it is unknown."""
    if tokens.input is None or tokens.output is None:
        return None
    return Usage(tokens.input, tokens.output)


def picture_of(observation: object) -> bytes | None:
    """The picture in an observation; None when it has none."""
    if isinstance(observation, bytes | bytearray):
        return bytes(observation)
    if isinstance(observation, str | Path):
        return Path(observation).read_bytes()
    said = _attributes(observation, ("screenshot", "screenshot_path"))
    held = said["screenshot"] or said["screenshot_path"]
    return picture_of(held) if isinstance(held, bytes | bytearray | str | Path) else None


def action_of(action: object) -> dict[str, Any]:
    """An action's fields that say something in JSON, whatever object it is."""
    if isinstance(action, str):
        return {"type": action}
    names: Iterable[str] = getattr(action, "__dataclass_fields__", None) or getattr(action, "__dict__", {})
    known = action if isinstance(action, Mapping) else {name: getattr(action, name) for name in names}
    said = {str(name): _spelled(value) for name, value in known.items() if name != "raw_action"}
    return {name: value for name, value in said.items() if value is not None and not name.startswith("_")}


def amount(value: object, where: str) -> float | None:
    """A number; None for one that is unknown. UsageError for what is no number."""
    plain = _plain(value)
    if plain is None:
        return None
    if isinstance(plain, str | bytes) or not hasattr(plain, "__float__"):
        raise UsageError(f"{value!r} is no number", where=where, hint="pass a number, or None where it is unknown")
    found = float(plain)
    return found if isfinite(found) else None


def span(value: object, where: str) -> float | None:
    """A number that is not below zero: a time, or an amount of money."""
    found = amount(value, where)
    if found is not None and found < 0:
        raise UsageError(f"{value!r} is below zero", where=where, hint="pass a number, or None where it is unknown")
    return found


def count(value: object, where: str) -> int | None:
    """A whole number that is not below zero; None for one that is unknown."""
    found = span(value, where)
    if found is None:
        return None
    if found != int(found):
        raise UsageError(f"{value!r} is no whole number", where=where, hint="pass a whole number, or None")
    return int(found)


def flag(value: object, where: str) -> bool | None:
    """True, false or None. UsageError for anything else."""
    plain = _plain(value)
    if plain is None or isinstance(plain, bool):
        return plain
    raise UsageError(f"{value!r} is neither true nor false", where=where, hint="pass True or False")


def _attributes(source: object, names: Iterable[str]) -> dict[str, Any]:
    if isinstance(source, Mapping):
        return {name: source.get(name) for name in names}
    return {name: getattr(source, name, None) for name in names}


def _plain(value: object) -> object:
    """A single number or truth of numpy and its like, as Python's own."""
    item = getattr(value, "item", None)
    if not callable(item) or getattr(value, "shape", None) not in ((), None):
        return value
    found: object = item()
    return found


def _spelled(value: object) -> Any:  # noqa: ANN401 - parsed JSON is what it is
    """A value as JSON has it; None for what JSON has not."""
    value = _plain(value)
    if isinstance(value, Mapping):
        return {str(key): _spelled(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_spelled(item) for item in value]
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return operator.index(value) if -_LARGEST <= value < _LARGEST else float(value)
    return float(value) if isinstance(value, float) and isfinite(value) else None
