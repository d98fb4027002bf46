"""`results.jsonl` of another harness, lines of OpenAI's batch output, as outcomes of ours and as lines of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchgen import codec, paths
from benchgen.errors import BadFile
from benchgen.formats.batch import read_batch_line
from benchgen.formats.foreign import amount, count, left_out, name_of
from benchgen.formats.inspect_header import mapping, number, text
from benchgen.record import Record
from benchgen.records.attempt import Attempt, Usage
from benchgen.records.status import Category

LONGEST_LINE = 16 << 20
_BOM = b"\xef\xbb\xbf"


class Answered(Record):
    """One row by one model, and its line as our pages read it."""

    outcome: Attempt
    line: bytes

    @property
    def is_answered(self) -> bool:
        return self.outcome.category != "api_error" or self.outcome.usage is not None


class BatchResults:
    """The rows of a `results.jsonl`, as often as they are asked for: a row counts once for each model."""

    def __init__(self, path: Path, model: str, at: str) -> None:
        """`model` is the one that the whole run is of, empty where nobody says; `at` the instant of every row."""
        self._path, self._model, self._at = path, model, at
        self._first_model = ""
        self.damaged = self.repeated = 0

    def rows(self) -> Iterator[Answered]:
        """Every row that can be read. BadFile when there is a line, and none of them is a result."""
        seen: set[str] = set()
        damaged = repeated = 0
        for line in self._lines():
            row = self._row(line)
            if row is None:
                damaged += 1
            elif row.outcome.attempt in seen:
                repeated += 1
            else:
                seen.add(row.outcome.attempt)
                yield row
        self.damaged, self.repeated = damaged, repeated
        if not seen:
            hint = "each line is a JSON object with `custom_id` and `response` or `error`"
            raise BadFile("no line of it is a result of a batch", where=str(self._path), hint=hint)

    def notes(self) -> Iterator[str]:
        """What was left out; call it after `rows`."""
        yield from left_out(self.damaged, f"lines of {paths.RESULTS}")
        if self.repeated:
            yield f"left out, because their row was answered before: {self.repeated} of the lines of {paths.RESULTS}"

    def _model_of_others(self) -> str:
        """For a line without a model, as of a row that failed: the first one that any line names."""
        if not self._first_model:
            named = (name_of(_body(said).get("model"), "model") for line in self._lines() if (said := self._said(line)))
            self._first_model = next(filter(None, named), "unknown")
        return self._first_model

    def _lines(self) -> Iterator[bytes]:
        """The lines that are not blank; one that is too long is cut, and then no JSON."""
        with self._path.open("rb") as file:
            is_rest = False
            while piece := file.readline(LONGEST_LINE):
                if not is_rest and piece.strip():
                    yield piece.removeprefix(_BOM)
                is_rest = not piece.endswith(b"\n")

    def _row(self, line: bytes) -> Answered | None:
        try:
            return self._answered(self._said(line))
        except TypeError:  # nested too deeply to be written again
            return None

    def _said(self, line: bytes) -> Mapping[str, Any]:
        try:
            return mapping(codec.parse_loosely(line, where=str(self._path)))
        except BadFile:
            return {}

    def _answered(self, said: Mapping[str, Any]) -> Answered | None:
        body = _body(said)
        task = name_of(said.get("custom_id"), "row")
        model = name_of(said.get("model"), "model") or self._model or name_of(body.get("model"), "model")
        model = model or self._model_of_others()
        if not task or not ({"response", "error"} & said.keys()):
            return None
        line = codec.line({**said, "custom_id": task, "model": model})
        read = read_batch_line(line, str(self._path))
        fault = _fault(said, read.error)
        score = number(said.get("score"))
        score = score if score is not None and 0 <= score <= 1 else None
        outcome = Attempt(
            attempt=paths.attempt_id(task, model, 0),
            task=task,
            model=model,
            sample=0,
            category=_category(fault, read.text, score),
            started_at=self._at,
            finished_at=self._at,
            duration_seconds=amount(said.get("duration_seconds")) or 0.0,
            score=score if not fault else None,
            message=fault or ("" if (read.text or "").strip() else "the answer is empty"),
            usage=_usage(mapping(body.get("usage"))),
            is_scored=score is not None,
        )
        return Answered(outcome, line)


def _body(said: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(mapping(said.get("response")).get("body"))


def _fault(said: Mapping[str, Any], message: str) -> str:
    """Why no answer came; empty where one did."""
    error, response = said.get("error"), mapping(said.get("response"))
    status = count(response.get("status_code"))
    if error:
        return message or text(error) or text(mapping(error).get("code")) or "an error that says nothing"
    if status is not None and status != 200:
        inner = mapping(mapping(response.get("body")).get("error"))
        return f"HTTP {status}: {text(inner.get('message'))}".removesuffix(": ")
    return "" if response else "neither an answer nor an error"


def _category(fault: str, answer: str | None, score: float | None) -> Category | None:
    if fault:
        return "api_error"
    if not (answer or "").strip():
        return "no_answer"
    return "tests_failed" if score == 0 else None


def _usage(said: Mapping[str, Any]) -> Usage | None:
    taken, given = count(said.get("prompt_tokens")), count(said.get("completion_tokens"))
    if taken is None and given is None:
        return None
    cached = count(mapping(said.get("prompt_tokens_details")).get("cached_tokens")) or 0
    reasoning = count(mapping(said.get("completion_tokens_details")).get("reasoning_tokens")) or 0
    return Usage(taken or 0, given or 0, min(cached, taken or 0), min(reasoning, given or 0))
