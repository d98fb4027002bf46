"""The head of an Inspect log: what was evaluated, how it ended, the metrics; all of it but the samples.

Inspect's format grows with every release. Whatever is missing or of another shape is None or empty, never a fault.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchgen.record import Record, field
from benchgen.records.attempt import Usage
from benchgen.records.report import EngineTokens
from benchgen.records.run import UNTOLD, ModelSpec, Settings

_LOCAL = frozenset(("ollama", "lmstudio", "vllm", "sglang", "llama-cpp-python", "hf", "transformer_lens"))
NEWEST = 2
"""The newest version of the format that this reader was written for."""


class LogMetric(Record):
    """A number of a score; with a `group_key` it is of one group of samples, and `of` says which metric it is."""

    name: str
    value: float | None
    group_key: str = ""
    of: str = ""


class LogScore(Record):
    """The metrics of one scorer; it is known by scorer, name and reducer together."""

    name: str
    scorer: str
    reducer: str
    metrics: tuple[LogMetric, ...]


class Header(Record):
    """`status` is Inspect's own word: success, error, cancelled, or started for a log that was never finished.

    `usage` has the tokens of every model that was asked, those that graded included; `tokens` are the log's own sums.
    """

    status: str
    task: str
    task_id: str
    model: str
    created: str
    version: int | None = None
    inspect_version: str = ""
    dataset: str = ""
    sample_ids: tuple[str, ...] = ()
    epochs: int = 1
    total_samples: int | None = None
    completed_samples: int | None = None
    scores: tuple[LogScore, ...] = ()
    scorers: tuple[str, ...] = ()
    started_at: str = ""
    completed_at: str = ""
    usage: Mapping[str, Usage] = field(default_factory=dict)
    tokens: EngineTokens | None = None
    error: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    generation: Mapping[str, Any] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def planned_samples(self) -> int | None:
        """How many samples there are to answer, each epoch of one counted."""
        return max(self.total_samples or 0, len(self.sample_ids) * self.epochs) or None


def header_of(data: Mapping[str, Any]) -> Header:
    """The head of a log whose parts were parsed."""
    about, results, stats = mapping(data.get("eval")), mapping(data.get("results")), mapping(data.get("stats"))
    dataset, config = mapping(about.get("dataset")), mapping(about.get("config"))
    usage = mapping(stats.get("model_usage"))
    return Header(
        status=text(data.get("status")) or "started",
        task=text(about.get("task_display_name")) or text(about.get("task")) or "unknown",
        task_id=text(about.get("task_id")),
        model=text(about.get("model")) or "unknown",
        created=text(about.get("created")) or text(stats.get("started_at")),
        version=whole(data.get("version")),
        inspect_version=text(mapping(about.get("packages")).get("inspect_ai")),
        dataset=text(dataset.get("name")) or text(dataset.get("location")),
        sample_ids=tuple(str(one) for one in items(dataset.get("sample_ids"))),
        epochs=max(1, whole(config.get("epochs")) or 1),
        total_samples=whole(results.get("total_samples")),
        completed_samples=whole(results.get("completed_samples")),
        scores=tuple(_scores(results)),
        scorers=tuple(name for one in items(about.get("scorers")) if (name := text(mapping(one).get("name")))),
        started_at=text(stats.get("started_at")),
        completed_at=text(stats.get("completed_at")),
        usage={name: usage_of(each) for name, each in usage.items()},
        tokens=_tokens(usage) if usage else None,
        error=text(mapping(data.get("error")).get("message")),
        config=config,
        generation=mapping(about.get("model_generate_config")),
        arguments=mapping(about.get("task_args_passed")) or mapping(about.get("task_args")),
    )


def model_spec(model_id: str) -> ModelSpec:
    """A model by the name that Inspect knows it by: what stands before the first slash answers."""
    provider = model_id.partition("/")[0]
    return ModelSpec(model_id, provider, is_mock=provider == "mockllm", is_local=provider in _LOCAL)


def settings_of(generation: Mapping[str, Any]) -> Settings:
    """How answers were asked for, as far as a log's `model_generate_config` says it."""
    return told(generation, _SETTINGS)


def told(said: Mapping[str, Any], keys: Mapping[str, tuple[str, Callable[[object], object]]]) -> Settings:
    """The settings that a harness says, each by its key and what reads it: null says that it was not sent, and what is
    absent or unreadable stays unknown."""
    found: dict[str, Any] = {}
    for name, (key, read) in keys.items():
        value, can_be_null = read(said.get(key)), getattr(UNTOLD, name) is None
        if value is not None or (can_be_null and key in said and said[key] is None):
            found[name] = value
    return Settings(**found, said=tuple(found))


def usage_of(value: object) -> Usage:
    """Tokens as Inspect counts them: what came from a cache is not in its `input_tokens`, it is in ours."""
    said = mapping(value)
    cached = whole(said.get("input_tokens_cache_read")) or 0
    return Usage(
        input=(whole(said.get("input_tokens")) or 0) + cached + (whole(said.get("input_tokens_cache_write")) or 0),
        output=whole(said.get("output_tokens")) or 0,
        cached=cached,
        reasoning=whole(said.get("reasoning_tokens")) or 0,
    )


def mapping(value: object) -> Mapping[str, Any]:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """The value where it is a text, else an empty one."""
    return value if isinstance(value, str) else ""


def number(value: object) -> float | None:
    """The value where it is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def whole(value: object) -> int | None:
    """The value where it is a whole number."""
    found = number(value)
    return int(found) if found is not None and found.is_integer() else None


def _effort(value: object) -> str | None:
    return text(value) or None


_SETTINGS: Mapping[str, tuple[str, Callable[[object], object]]] = {
    "temperature": ("temperature", number),
    "top_p": ("top_p", number),
    "max_tokens": ("max_tokens", whole),
    "seed": ("seed", whole),
    "thinking_level": ("reasoning_effort", _effort),
    "timeout_seconds": ("timeout", number),
    "max_retries": ("max_retries", whole),
}


def _scores(results: Mapping[str, Any]) -> Iterator[LogScore]:
    """The scores; logs of the format's first version have the metrics of a single one in their place."""
    listed = items(results.get("scores")) or ([results] if results.get("metrics") else [])
    for one in map(mapping, listed):
        scorer = text(one.get("scorer")) or text(mapping(one.get("scorer")).get("name"))
        name = text(one.get("name")) or scorer or "score"
        metrics = mapping(one.get("metrics"))
        yield LogScore(name, scorer or name, text(one.get("reducer")), tuple(map(_metric, metrics, metrics.values())))


def _metric(key: str, value: object) -> LogMetric:
    said = mapping(value)
    params = mapping(said.get("params")) or mapping(said.get("options"))
    return LogMetric(
        name=text(said.get("name")) or key,
        value=number(said.get("value") if said else value),
        group_key=text(params.get("group_key")),
        of=text(mapping(params.get("metric")).get("name")).rpartition("/")[2],
    )


def _tokens(usage: Mapping[str, Any]) -> EngineTokens:
    """The sums over all models, each number as the log has it."""
    said = [mapping(each) for each in usage.values()]
    return EngineTokens(*(_sum(said, name) for name in ("input_tokens", "output_tokens", "total_tokens")))


def _sum(said: list[Mapping[str, Any]], name: str) -> int | None:
    known = [value for each in said if (value := whole(each.get(name))) is not None]
    return sum(known) if known else None
