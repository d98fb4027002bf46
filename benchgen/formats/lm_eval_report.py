"""What results of lm-evaluation-harness say of a whole run, in the words of `summary.json`: every number is its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from benchgen.formats.inspect_header import text
from benchgen.formats.lm_eval import Evaluation, TaskResult, is_stderr
from benchgen.formats.lm_eval_samples import TaskLog
from benchgen.records.report import Breakdown, BreakdownItem, EngineReport, Metric

MOST_NAMED = 10
LONGEST_SAID = 200


def report_of(evaluation: Evaluation, logs: Sequence[TaskLog], deciding: Mapping[str, str | None]) -> EngineReport:
    """The report; `deciding` has for each task whose samples were logged the score that says whether one passed."""
    return EngineReport(
        metrics=tuple(_metrics(evaluation)),
        breakdowns=tuple(_breakdowns(evaluation)),
        notes=tuple(_notes(evaluation, logs, deciding)),
        source=evaluation.path.name,
        hint="every number as lm-eval wrote it",
        samples=_sum(evaluation),
    )


def _metrics(evaluation: Evaluation) -> Iterator[Metric]:
    """Those of what was asked for come first, and bear its name only where there is something else beside it."""
    asked = evaluation.asked
    rest = [one for one in (*evaluation.groups, *evaluation.tasks) if one not in asked]
    for task in (*asked, *rest):
        is_alone = asked == (task,)
        yield from (Metric(one.name if is_alone else f"{task.name}/{one.name}", one.value) for one in task.metrics)


def _breakdowns(evaluation: Evaluation) -> Iterator[Breakdown]:
    """Each metric that several parts of a group have, and such of what was asked for."""
    every = {one.name: one for one in (*evaluation.groups, *evaluation.tasks)}
    yield from _by("task", evaluation.asked)
    for group in evaluation.groups:
        yield from _by(group.name, [every[part] for part in evaluation.parts[group.name]])


def _by(name: str, tasks: Sequence[TaskResult]) -> Iterator[Breakdown]:
    for metric in dict.fromkeys(one.name for task in tasks for one in task.metrics if not is_stderr(one.name)):
        found = [BreakdownItem(task.name, one.value) for task in tasks for one in task.metrics if one.name == metric]
        if len(found) > 1:
            yield Breakdown(f"{name} ({metric})", tuple(found))


def _notes(evaluation: Evaluation, logs: Sequence[TaskLog], deciding: Mapping[str, str | None]) -> Iterator[str]:
    yield from _asked(evaluation)
    missing = [log.header.task for log in logs if log.path is None]
    if len(missing) == len(logs):
        yield "no samples lie beside the results, so that there are no single outcomes: --log_samples writes them"
    elif missing:
        yield f"no samples lie beside the results: {_named(missing)}"
    for log in logs:
        yield from log.notes()
    yield from _judged(evaluation, deciding)
    lower = dict.fromkeys(name for task in evaluation.tasks for name in sorted(task.lower))
    if lower:
        yield f"less is better: {_named(list(lower))}"


def _asked(evaluation: Evaluation) -> Iterator[str]:
    """How was asked, as far as no setting has a place for it."""
    ways: dict[str, list[str]] = {}
    for task in evaluation.tasks:
        known = (
            f"{task.shots}-shot" if task.shots is not None else "",
            f"version {task.version}" if task.version else "",
        )
        ways.setdefault(", ".join(filter(None, known)), []).append(task.name)
    for way, names in ways.items():
        if way:
            yield way if len(ways) == 1 else f"{way}: {_named(names)}"
    short = [one for one in evaluation.tasks if (one.planned or 0) < (one.there_are or 0)]
    if short:
        yield "not all questions were asked: " + _named(
            [f"{one.planned} of {one.there_are} of {one.name}" for one in short]
        )
    if evaluation.said.get("chat_template"):
        yield "asked in the chat template of the model"
    instruction = text(evaluation.said.get("system_instruction"))
    if instruction:
        yield f"system instruction: {instruction[:LONGEST_SAID]}"


def _judged(evaluation: Evaluation, deciding: Mapping[str, str | None]) -> Iterator[str]:
    """Which number says whether a sample passed: where a question is judged in several ways, it counts by the first."""
    by: dict[str | None, list[str]] = {}
    for task in evaluation.tasks:
        if task.name in deciding:
            by.setdefault(deciding[task.name], []).append(task.name)
    for scorer, names in by.items():
        whose = "" if len(by) == 1 else f": {_named(names)}"
        said = f"a sample passed where {scorer} is 1" if scorer else "no score says whether a sample passed"
        yield f"{said}{whose}"


def _named(names: Sequence[str]) -> str:
    """Names in a line; of very many the first."""
    left = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {left} more" if left > 0 else "")


def _sum(evaluation: Evaluation) -> int | None:
    planned = [task.planned for task in evaluation.tasks]
    known = [one for one in planned if one is not None]
    return sum(known) if known and len(known) == len(planned) else None
