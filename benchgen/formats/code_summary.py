"""The summary of a code harness, `summary.json` with `attempts`, as outcomes: what it does not say is unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchgen import paths
from benchgen.errors import BadFile
from benchgen.formats.foreign import amount, count, dollars, left_out, name_of, names_of
from benchgen.formats.inspect_header import items, mapping, text, told, whole
from benchgen.record import Record
from benchgen.records.attempt import Attempt, JudgeReport, Usage
from benchgen.records.run import Settings
from benchgen.records.status import CATEGORIES, Category

MOST_SAMPLES = 10_000
LONGEST_WORD = 4_000
_PLAIN: Mapping[str, Category | None] = {
    "passed": None,
    "failed": "tests_failed",
    "timeout": "timeout",
    "api_error": "api_error",
    "canceled": "canceled",
    "cancelled": "canceled",
    "skipped": "not_runnable",
}
# What harnesses of this kind write where an attempt came to no verdict: the provider's fault is in no rate.
_PROVIDER = re.compile(r"\b(?:api|openrouter|lm ?studio|rate limit|http|connection|unauthorized)\b", re.IGNORECASE)
_NO_DIFF = re.compile(r"\b(?:no|not|without|missing|incomplete|truncated)\b.{0,60}\b(?:diff|patch)\b", re.IGNORECASE)
_NOT_RUN: tuple[Category, ...] = ("api_error", "canceled", "not_runnable")


class Listed(Record):
    """One attempt of the list. `files` is where its files lie below the run's folder, in its writer's words."""

    outcome: Attempt
    provider: str
    cost_usd: float | None
    files: str

    @property
    def is_answered(self) -> bool:
        """Whether a model was asked, as far as can be told: what nobody says an answer cost is unknown, not nothing."""
        is_told = self.outcome.usage is not None or self.cost_usd is not None
        return is_told or self.outcome.category not in _NOT_RUN


class CodeRun(Record):
    """The whole list, with the tasks and models that the run was about, and what is worth a word."""

    attempts: tuple[Listed, ...]
    tasks: tuple[str, ...]
    models: Mapping[str, str]
    samples: int
    settings: Settings
    notes: tuple[str, ...]


def read_attempts(summary: Mapping[str, Any], at: str, where: str) -> CodeRun:
    """The attempts of a summary, each at the instant `at`: it has no times of its own. BadFile names what is wrong."""
    said = summary.get("attempts")
    if not isinstance(said, list):
        raise BadFile("`attempts` is no list", where=where, hint="a code run has an object there for each attempt")
    reader = _Reader(at, text(summary.get("provider")))
    found = tuple(one for each in said if (one := reader.read(mapping(each))) is not None)
    if said and not found:
        raise BadFile("no entry of `attempts` can be read", where=where, hint="each has a `task_id` and a `model`")
    models = dict.fromkeys(names_of(summary.get("models"), "model"), "harness")
    models.update((one.outcome.model, one.provider) for one in found)
    tasks = dict.fromkeys((*names_of(summary.get("tasks"), "task"), *(one.outcome.task for one in found)))
    return CodeRun(
        attempts=found,
        tasks=tuple(tasks),
        models=models,
        samples=max((one.outcome.sample + 1 for one in found), default=1),
        settings=settings_of(summary),
        notes=(*left_out(len(said) - len(found), "entries of `attempts`"), *reader.notes()),
    )


def settings_of(said: Mapping[str, Any]) -> Settings:
    """How answers were asked for, as far as a summary or a config says it."""
    return told(said, _SETTINGS)


def _level(said: object) -> str | None:
    return name_of(said, "level") or None


def _flag(said: object) -> bool | None:
    return said if isinstance(said, bool) else None


_SETTINGS: Mapping[str, tuple[str, Callable[[object], object]]] = {
    "temperature": ("temperature", amount),
    "top_p": ("top_p", amount),
    "max_tokens": ("max_tokens", count),
    "thinking_level": ("thinking_level", _level),
    "timeout_seconds": ("timeout", amount),
    "max_retries": ("max_retries", count),
    "include_tests": ("include_tests", _flag),
    "install_deps": ("install_deps", _flag),
    "allow_incomplete_diffs": ("allow_incomplete_diffs", _flag),
    "allow_diff_rewrite_fallback": ("allow_diff_rewrite_fallback", _flag),
}


class _Reader:
    """Reads entry after entry: a sample's number that is taken already goes to the next free one."""

    def __init__(self, at: str, provider: str) -> None:
        self._at, self._provider = at, provider
        self._taken: set[str] = set()
        self._free: dict[tuple[str, str], int] = {}
        self._moved = 0

    def read(self, said: Mapping[str, Any]) -> Listed | None:
        task, model = name_of(said.get("task_id"), "task"), name_of(said.get("model"), "model")
        if not task or not model:
            return None
        sample = self._sample(task, model, count(said.get("sample_index")))
        usage, category = _usage(mapping(said.get("usage"))), category_of(said)
        latency = amount(said.get("api_latency_seconds"))
        outcome = Attempt(
            attempt=paths.attempt_id(task, model, sample),
            task=task,
            model=model,
            sample=sample,
            category=category,
            started_at=self._at,
            finished_at=self._at,
            duration_seconds=amount(said.get("duration_seconds")) or 0.0,
            message=_message(said) if category else "",
            stdout_excerpt=_words(said.get("stdout_excerpt")),
            stderr_excerpt=_words(said.get("stderr_excerpt")),
            usage=usage,
            api_latency_seconds=latency,
            judge=_judge(said),
        )
        provider = name_of(said.get("provider"), "provider") or name_of(self._provider, "provider") or "harness"
        return Listed(outcome, provider, dollars(said.get("cost_usd")), text(said.get("attempt_dir")))

    def notes(self) -> Iterator[str]:
        """What was changed of what is said."""
        if self._moved:
            yield f"{self._moved} attempts had the number of another of their task and model, and got the next free one"

    def _sample(self, task: str, model: str, said: int | None) -> int:
        wanted = said if said is not None and said < MOST_SAMPLES else None
        sample = self._free.get((task, model), 0) if wanted is None else wanted
        moved = paths.attempt_id(task, model, sample) in self._taken
        while paths.attempt_id(task, model, sample) in self._taken:
            sample = max(sample + 1, self._free.get((task, model), 0))
        self._moved += moved
        self._taken.add(paths.attempt_id(task, model, sample))
        self._free[task, model] = max(sample + 1, self._free.get((task, model), 0))
        return sample


def category_of(said: Mapping[str, Any]) -> Category | None:
    """Why an attempt did not pass. What its harness calls an error counts against the model unless it says whose it is,
    as it does in the harness's own rate; a status that nobody knows is in no rate."""
    status, error = text(said.get("status")), text(said.get("error"))
    if status in _PLAIN:
        return _PLAIN[status]
    if status != "error":
        return "harness"
    named = next((category for category in CATEGORIES if category == error.strip()), None)
    if named is not None or not error:
        return named or "no_answer"
    start = error[:LONGEST_WORD]
    if _PROVIDER.search(start):
        return "api_error"
    if "timed out" in start.lower():
        return "timeout"
    if _NO_DIFF.search(start):
        return "no_diff"
    return "patch_failed" if "patch" in start.lower() else "no_answer"


def _message(said: Mapping[str, Any]) -> str:
    status = text(said.get("status"))
    error = _words(said.get("error")).strip()
    if status in _PLAIN or status == "error":
        return error
    unknown = f"the status {status[:40]!r} is not known here" if status else "no status is said"
    return f"{unknown}: {error}" if error else unknown


def _words(said: object) -> str:
    return text(said)[:LONGEST_WORD]


def _usage(said: Mapping[str, Any]) -> Usage | None:
    """Tokens under either of the names that providers give them; None where neither is said."""
    taken, given = (count(said.get("prompt_tokens")), count(said.get("completion_tokens")))
    taken = count(said.get("input_tokens")) if taken is None else taken
    given = count(said.get("output_tokens")) if given is None else given
    if taken is None and given is None:
        return None
    return Usage(taken or 0, given or 0)


def _judge(said: Mapping[str, Any]) -> JudgeReport | None:
    """The judging command and its exit code; how long it took, the list does not say."""
    command = tuple(_words(word) for word in items(said.get("eval_command"))[:100] if isinstance(word, str))
    code = whole(said.get("return_code"))
    code = code if code is not None and abs(code) < 1 << 31 else None
    if not command and code is None:
        return None
    ended = "timeout" if text(said.get("status")) == "timeout" else "exited" if code is not None else "unknown"
    return JudgeReport(command, ended, code, None, timeout_seconds=amount(said.get("eval_timeout_seconds")))
