"""Results of lm-evaluation-harness, `results_*.json`: what was asked of which model, and every number that it wrote.

Its format grows with every release. Whatever is missing or of another shape is None or empty, never a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchgen import clock as clocks
from benchgen import codec
from benchgen.errors import BadFile
from benchgen.formats.foreign import LARGEST, amount, count, name_of
from benchgen.formats.inspect_header import items, mapping, number, text
from benchgen.record import Record
from benchgen.records.report import Metric

NO_FILTER = "none"
_NAMED = re.compile(r"results_\d{4}-.*\.json")
_BEGINS = re.compile(rb'\s*\{\s*"results"\s*:\s*\{')
_STDERR = "_stderr"
NO_METRICS = ("sample_len", "bypass")
"""A count, and what stands in for all metrics where --predict_only asked for none."""
_NAMES_A_MODEL = re.compile(r"(?:^|,)\s*(?:pretrained|model|path|engine)=([^,]+)")


class TaskResult(Record):
    """One task, or a group of tasks, with its numbers in the file's order: `metric`, or `metric,filter`.

    `planned` of `there_are` questions were to be asked, each after `shots` examples; `lower` are metrics of which less
    is better.
    """

    name: str
    metrics: tuple[Metric, ...] = ()
    version: str = ""
    shots: int | None = None
    planned: int | None = None
    there_are: int | None = None
    filters: tuple[str, ...] = ()
    lower: frozenset[str] = frozenset()

    @property
    def scorers(self) -> tuple[str, ...]:
        """The names of its numbers without those of their errors."""
        return tuple(one.name for one in self.metrics if not is_stderr(one.name))


class Evaluation(Record):
    """A results file. `tasks` are those that ask questions, `groups` those that sum others up: of which, says `parts`.

    `created_at` and `finished_at` are instants as our logs spell them; `said` is the whole file.
    """

    path: Path
    model: str
    source: str
    created_at: str
    finished_at: str
    tasks: tuple[TaskResult, ...]
    groups: tuple[TaskResult, ...]
    parts: Mapping[str, tuple[str, ...]]
    said: Mapping[str, Any]

    @property
    def asked(self) -> tuple[TaskResult, ...]:
        """What was asked for: the groups and tasks that are part of no other."""
        inner = {part for parts in self.parts.values() for part in parts}
        return tuple(one for one in (*self.groups, *self.tasks) if one.name not in inner)


def is_lm_eval(path: Path) -> bool:
    """Whether a file is such results, as its name or its first bytes tell."""
    if path.suffix != ".json" or path.is_symlink() or not path.is_file():
        return False
    if _NAMED.fullmatch(path.name):
        return True
    with path.open("rb") as file:
        return bool(_BEGINS.match(file.read(512)))


def is_stderr(metric: str) -> bool:
    """Whether a number is the error of another one."""
    return metric.partition(",")[0].endswith(_STDERR)


def spelled(metric: str, filter_name: str) -> str:
    """A metric as the harness names it, without the filter that does nothing."""
    return metric if filter_name in ("", NO_FILTER) else f"{metric},{filter_name}"


def read_evaluation(path: Path) -> Evaluation:
    """A results file. BadFile where it is damaged, or holds no results."""
    if path.stat().st_size > LARGEST:
        raise BadFile("larger than 64 MB", where=str(path), hint="results of lm-eval hold no samples")
    said = mapping(codec.parse_loosely(path.read_bytes(), where=str(path)))
    names = {name: shown for name in mapping(said.get("results")) if (shown := name_of(name, "task"))}
    if not names or not _is_told(said):
        hint = "its `results` are tasks with numbers called `metric,filter`"
        raise BadFile("no results of lm-eval", where=str(path), hint=hint)
    every = [_task(name, names[name], said) for name in names]
    parts = {names[name]: found for name in names if (found := _parts(said, name, names))}
    created = _begun(said) or clocks.spell(path.stat().st_mtime)
    return Evaluation(
        path=path,
        model=_model(said),
        source=name_of(said.get("model_source") or mapping(said.get("config")).get("model"), "model") or "harness",
        created_at=created,
        finished_at=_ended(created, said),
        tasks=tuple(one for one in every if one.name not in parts),
        groups=tuple(one for one in every if one.name in parts),
        parts=parts,
        said=said,
    )


def _is_told(said: Mapping[str, Any]) -> bool:
    """Whether results are the harness's: others begin as its files do."""
    return "versions" in said or any("," in key for one in said["results"].values() for key in mapping(one))


def _parts(said: Mapping[str, Any], name: str, names: Mapping[str, str]) -> tuple[str, ...]:
    inside = items(mapping(said.get("group_subtasks")).get(name))
    return tuple(names[one] for one in inside if isinstance(one, str) and one in names and one != name)


def _task(name: str, shown: str, said: Mapping[str, Any]) -> TaskResult:
    config, samples = (mapping(mapping(said.get(key)).get(name)) for key in ("configs", "n-samples"))
    better = mapping(mapping(said.get("higher_is_better")).get(name))
    filters = (text(mapping(one).get("name")) for one in items(config.get("filter_list")))
    return TaskResult(
        name=shown,
        metrics=tuple(_metrics(mapping(said["results"][name]))),
        version=name_of(_spelled_version(mapping(said.get("versions")).get(name)), "version"),
        shots=count(mapping(said.get("n-shot")).get(name)),
        planned=count(samples.get("effective")),
        there_are=count(samples.get("original")),
        filters=tuple(filter(None, filters)) or (NO_FILTER,),
        lower=frozenset(metric for metric, is_higher in better.items() if is_higher is False),
    )


def _metrics(said: Mapping[str, Any]) -> Iterator[Metric]:
    """The numbers; one that the harness could not work out is named, and not known."""
    for key, value in said.items():
        metric, has_filter, filter_name = key.partition(",")
        name = name_of(spelled(metric, filter_name), "metric")
        if name and metric.removesuffix(_STDERR) not in NO_METRICS and (has_filter or number(value) is not None):
            yield Metric(name, number(value))


def _model(said: Mapping[str, Any]) -> str:
    """The model by its name, else as the model's arguments say it, else by what answers."""
    config = mapping(said.get("config"))
    arguments = _NAMES_A_MODEL.search(text(config.get("model_args")))
    found = (said.get("model_name"), arguments and arguments[1], config.get("model"))
    return next((name for one in found if (name := name_of(one, "model"))), "unknown")


def _spelled_version(said: object) -> object:
    return str(said) if isinstance(said, float) else said


def _begun(said: Mapping[str, Any]) -> str:
    seconds = number(said.get("date"))
    try:
        return clocks.spell(seconds) if seconds is not None and seconds > 0 else ""
    except (ValueError, OverflowError, OSError):
        return ""


def _ended(created: str, said: Mapping[str, Any]) -> str:
    """So long after it began as it says, in a text; when it began, where it does not say."""
    taken = said.get("total_evaluation_time_seconds")
    try:
        seconds = amount(float(taken) if isinstance(taken, str) else taken) or 0.0
        return clocks.spell(clocks.read(created) + seconds)
    except (ValueError, OverflowError):
        return created
