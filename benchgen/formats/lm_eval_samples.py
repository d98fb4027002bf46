"""The samples of one task of lm-evaluation-harness, `samples_*.jsonl`, as a log in Inspect's form.

A line is a question under one filter. Its lines under all filters are one sample, judged in as many ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from benchgen import codec
from benchgen.errors import BadFile
from benchgen.formats.foreign import left_out
from benchgen.formats.inspect_header import header_of, items, mapping, number, text
from benchgen.formats.lm_eval import NO_METRICS, Evaluation, TaskResult, spelled
from benchgen.record import Record

LONGEST_LINE = 64 << 20
LESS_IS_BETTER = "↓"
"""Behind a value of which less is better, as the harness marks it: a 1 of it is not right, and a 0 not wrong."""
_OWN = {"doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics"}
_HASHES = {"doc_hash", "prompt_hash", "target_hash"}


class Line(Record):
    """One question under one filter."""

    filter: str
    said: Mapping[str, Any]


class TaskLog:
    """One task as a log that is open: of its file the places of the lines are held, never the lines."""

    def __init__(self, evaluation: Evaluation, task: TaskResult) -> None:
        self._task = task
        self.path = samples_of(evaluation, task)
        self._places: dict[str, tuple[int, ...]] = {}
        self._damaged = 0
        if self.path is not None:
            self._find(self.path)
        self.parts: dict[str, Any] = _head(evaluation, task, len(self._places) if self.path else None)
        self.header = header_of(self.parts)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its questions, in the order of the file."""
        return tuple(self._places)

    def samples(self) -> Iterator[bytes | memoryview]:
        """Every question as a sample of Inspect's."""
        if self.path is None:
            return
        with self.path.open("rb") as file:
            for known_by, places in self._places.items():
                lines = [self._line(file, place, number) for number, place in enumerate(places)]
                yield codec.compact(_sample(known_by, lines, self._task))

    def close(self) -> None:
        """Nothing stays open."""

    def notes(self) -> Iterator[str]:
        """What its file does not hold."""
        name, planned = self._task.name, self._task.planned
        yield from left_out(self._damaged, f"lines of the samples of {name}")
        if self.path is not None and planned is not None and len(self._places) < planned:
            yield f"{name}: its file holds {len(self._places)} of {planned} questions"

    def _find(self, path: Path) -> None:
        """Where the lines of each question begin, one for each filter; what cannot be read is counted."""
        with path.open("rb") as file:
            start = 0
            for line in iter(lambda: file.readline(LONGEST_LINE), b""):
                known_by = _known_by(line)
                if known_by:
                    self._places[known_by] = (*self._places.get(known_by, ()), start)
                elif line.strip():
                    self._damaged += 1
                start += len(line)

    def _line(self, file: BinaryIO, place: int, number: int) -> Line:
        """A line; releases up to 0.4.5 do not name its filter, and write the filters one after the other."""
        file.seek(place)
        said = mapping(codec.parse_loosely(file.readline(LONGEST_LINE), where=str(self.path)))
        filters = self._task.filters
        return Line(text(said.get("filter")) or filters[min(number, len(filters) - 1)], said)


def samples_of(evaluation: Evaluation, task: TaskResult) -> Path | None:
    """The file that lies beside the results and is of the same moment; None where samples were not logged."""
    moment = evaluation.path.stem.rpartition("_")[2]
    name = f"samples_{task.name}_{moment}.jsonl"
    beside = {path.name: path for path in evaluation.path.parent.glob("samples_*.jsonl")}
    found = beside.get(name)
    return found if found is not None and found.is_file() and not found.is_symlink() else None


def _known_by(line: bytes) -> str:
    """The question's id in a line; empty where the line is none that can be read."""
    try:
        said = codec.parse_loosely(line, where="")
        codec.compact(said)
    except (BadFile, TypeError, RecursionError):  # or nested too deeply to be written again
        return ""
    found = mapping(said).get("doc_id")
    return str(found) if isinstance(found, int | str) and not isinstance(found, bool) else ""


def _head(evaluation: Evaluation, task: TaskResult, found: int | None) -> dict[str, Any]:
    config = mapping(mapping(evaluation.said.get("configs")).get(task.name))
    dataset = [text(config.get(key)) for key in ("dataset_path", "dataset_name")]
    planned = None if found is None else max(task.planned or 0, found)
    return {
        "version": 2,
        "status": "success",
        "eval": {
            "task": task.name,
            "task_version": task.version,
            "model": evaluation.model,
            "created": evaluation.created_at,
            "dataset": {"name": "/".join(filter(None, dataset)) or task.name, "samples": task.there_are},
            "scorers": [{"name": name} for name in task.scorers],
        },
        "results": {"total_samples": planned, "completed_samples": found},
    }


def _sample(known_by: str, lines: Sequence[Line], task: TaskResult) -> dict[str, Any]:
    said = lines[0].said
    requests = [_listed(one) for one in _listed(said.get("arguments"))]
    continued = [text(one[1]) for one in requests if len(one) > 1 and isinstance(one[1], str)]
    prompts = [_prompt(one[0]) for one in requests if one]
    is_shared = all(one == prompts[0] for one in prompts)
    if continued and not is_shared:
        continued = [f"{prompt}{choice}" for prompt, choice in zip(prompts, continued, strict=False)]
    likelihoods = [_first(one) for one in items(said.get("filtered_resps"))] if continued else []
    wanted = _wanted(said, continued if is_shared else [])
    doc = said.get("doc")
    return {
        "id": known_by,
        "epoch": 1,
        "input": prompts[0] if prompts and is_shared else "",
        "choices": [choice.strip() for choice in continued],
        "target": wanted,
        "output": {"completion": _likely(likelihoods) if continued else _answers(said)},
        "scores": dict(_scores(lines, task, _best(likelihoods, continued) if is_shared else "")),
        "metadata": doc if isinstance(doc, dict) else {"doc": doc},
    }


def _scores(lines: Sequence[Line], task: TaskResult, best: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every metric under every filter, with what the filter took for the answer."""
    for line in lines:
        taken = "" if _is_read(line.said) else _only(line.said.get("filtered_resps"))
        names = items(line.said.get("metrics")) or [name for name in line.said if name not in _OWN | _HASHES]
        for metric in names:
            if isinstance(metric, str) and metric in line.said and metric not in NO_METRICS:
                value = line.said[metric]
                value = f"{codec.compact(value).decode()} {LESS_IS_BETTER}" if metric in task.lower else value
                answer = taken or (best if metric == "acc" else "")
                yield spelled(metric, line.filter), {"value": value, "answer": answer}


def _listed(said: object) -> list[Any]:
    """What is numbered by names, `gen_args_0` and `arg_0`, or stands in a list."""
    return list(said.values()) if isinstance(said, dict) else items(said)


def _only(said: object) -> str:
    """The text in a list of one, or in such a list in it; empty where there are several."""
    if isinstance(said, list) and len(said) == 1:
        return _only(said[0])
    return text(said)


def _prompt(said: object) -> Any:  # noqa: ANN401 - a text, or the messages of a chat
    """What was asked: of a chat its messages, which stand as JSON in a text in a list."""
    asked = said[0] if isinstance(said, list) and len(said) == 1 else said
    if not isinstance(asked, str):
        return codec.compact(asked).decode()
    if not asked.startswith('[{"role"'):
        return asked
    try:
        return codec.parse_loosely(asked.encode(), where="")
    except BadFile:
        return asked


def _is_read(said: Mapping[str, Any]) -> bool:
    """Whether the model only read a text, and nothing was to follow it."""
    requests = _listed(said.get("arguments"))
    return bool(requests) and all(len(_listed(one)) == 1 for one in requests)


def _answers(said: Mapping[str, Any]) -> str:
    """What the model wrote, of several answers each; of a text that it read, how likely that was."""
    every = [text(one) for answers in items(said.get("resps")) for one in items(answers)]
    return "\n\n".join((["Log-likelihood of the text:"] if _is_read(said) else []) + every)


def _first(said: object) -> tuple[float | None, bool]:
    """The log-likelihood of a continuation, and whether the model would have written it."""
    pair = items(said)
    try:
        return number(float(pair[0])), str(pair[1]) == "True"
    except (IndexError, TypeError, ValueError):
        return None, False


def _likely(likelihoods: Sequence[tuple[float | None, bool]]) -> str:
    said = (
        f"{chr(65 + place)}) {'–' if one is None else f'{one:.4f}'}{', greedy' if greedy else ''}"
        for place, (one, greedy) in enumerate(likelihoods)
    )
    return "\n".join(("Log-likelihood of each:", *said))


def _best(likelihoods: Sequence[tuple[float | None, bool]], continued: Sequence[str]) -> str:
    """The likeliest continuation, which `acc` takes for the answer."""
    known = [(one, choice) for (one, _), choice in zip(likelihoods, continued, strict=False) if one is not None]
    return max(known, key=lambda pair: pair[0])[1].strip() if len(known) == len(continued) > 1 else ""


def _wanted(said: Mapping[str, Any], continued: Sequence[str]) -> str:
    """The target; where it is the number of a continuation, that one."""
    target = said.get("target")
    spelled_out = target if isinstance(target, str) else codec.compact(target).decode()
    if len(continued) > 1 and spelled_out.isdecimal() and int(spelled_out) < len(continued):
        return continued[int(spelled_out)].strip()
    return spelled_out
