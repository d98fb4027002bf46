"""What Inspect logs say of a whole run, in the words of `summary.json`: every number is the log's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean

from benchgen.formats.inspect_header import NEWEST, Header, LogMetric, LogScore
from benchgen.records.report import Breakdown, BreakdownItem, EngineReport, EngineTokens, Metric
from benchgen.records.status import RunStatus

_STATUS: dict[str, RunStatus] = {"success": "completed", "error": "failed", "cancelled": "canceled"}
_ALL = "all"
"""The group that Inspect adds for all samples: it is the metric itself."""


def run_status(headers: Sequence[Header]) -> RunStatus:
    """How a run ended by its logs, none of which is being written any more: an unfinished one was killed."""
    found = {_STATUS.get(header.status, "failed") for header in headers}
    if not found or "failed" in found:
        return "failed"
    return "canceled" if "canceled" in found else "completed"


def run_error(headers: Sequence[Header]) -> str | None:
    """Why a run did not end well, as its logs say."""
    for header in headers:
        if header.status == "started":
            return "the log was never finished: its process was killed, and what it had not written is lost"
        if header.status not in _STATUS:
            return f"the log ends with a status that is not known here: {header.status[:80]!r}"
        if header.status == "error":
            return header.error or "the log says error, and not why"
    return None


def report_of(headers: Sequence[Header], source: str, notes: Sequence[str] = ()) -> EngineReport:
    """The report of one log, or of several benchmarks that ran as a group."""
    if len(headers) == 1:
        metrics, breakdowns = tuple(_metrics(headers[0])), tuple(_breakdowns(headers[0]))
    else:
        metrics, breakdowns = _of_group(headers)
    samples = [header.planned_samples for header in headers]
    return EngineReport(
        metrics=metrics,
        breakdowns=breakdowns,
        notes=(*_notes(headers), *notes),
        source=source,
        hint="every number as the log has it",
        samples=sum(one or 0 for one in samples) or None,
        token_usage=_tokens(headers),
    )


def _metrics(header: Header) -> Iterator[Metric]:
    """The metrics of all samples; where two scores have one of the same name, each says whose it is."""
    found = [(score, _name(metric), metric.value) for score in header.scores for metric in _of_all(score)]
    times = Counter(name for _, name, _ in found)
    for score, name, value in found:
        yield Metric(name if times[name] == 1 else f"{_label(score, header)}/{name}", value)


def _of_all(score: LogScore) -> list[LogMetric]:
    return [metric for metric in score.metrics if not metric.group_key or metric.name == _ALL]


def _name(metric: LogMetric) -> str:
    return (metric.of or metric.name) if metric.group_key else metric.name


def _label(score: LogScore, header: Header) -> str:
    """A score by its name, and by its reducer and scorer as far as the name alone does not tell."""
    twins = [one for one in header.scores if one.name == score.name]
    if len(twins) == 1:
        return score.name
    says = [score.reducer] if len({one.reducer for one in twins}) > 1 and score.reducer else []
    says += [score.scorer] if len({one.scorer for one in twins}) > 1 else []
    return f"{score.name} ({', '.join(says)})" if says else score.name


def _breakdowns(header: Header) -> Iterator[Breakdown]:
    """Metrics by groups of samples, one breakdown for each key, metric and score."""
    found: dict[tuple[str, str, str], list[BreakdownItem]] = {}
    for score in header.scores:
        for metric in score.metrics:
            if metric.group_key and metric.name != _ALL:
                key = (metric.group_key, metric.of, _label(score, header))
                found.setdefault(key, []).append(BreakdownItem(metric.name, metric.value))
    times = Counter(group_key for group_key, _, _ in found)
    for (group_key, of, label), items in found.items():
        whose = f"{group_key} ({label}, {of})" if of else f"{group_key} ({label})"
        yield Breakdown(group_key if times[group_key] == 1 else whose, tuple(items))


def _of_group(headers: Sequence[Header]) -> tuple[tuple[Metric, ...], tuple[Breakdown, ...]]:
    """Several benchmarks: each one's metrics by its name, and the mean of the first one that all of them have."""
    by_task = {header.task: list(_metrics(header)) for header in headers}
    named = [Metric(f"{task}/{one.name}", one.value) for task, metrics in by_task.items() for one in metrics]
    shared = next((one.name for one in next(iter(by_task.values()), []) if _in_all(one.name, by_task)), None)
    if shared is None:
        return tuple(named), ()
    values = {task: next(m.value for m in metrics if m.name == shared) for task, metrics in by_task.items()}
    mean = Metric(shared, fmean(value for value in values.values() if value is not None))
    items = tuple(BreakdownItem(task, value) for task, value in values.items())
    return (mean, *named), (Breakdown("benchmark", items),)


def _in_all(name: str, by_task: dict[str, list[Metric]]) -> bool:
    return all(any(m.name == name and m.value is not None for m in metrics) for metrics in by_task.values())


def _notes(headers: Sequence[Header]) -> Iterator[str]:
    if not headers:
        yield "there is no log, so there are no numbers"
    if len(headers) > 1:
        yield f"{len(headers)} benchmarks: the first number is the mean of theirs, each counted alike"
    for header in headers:
        label = f"{header.task}: " if len(headers) > 1 else ""
        if not header.scores:
            yield f"{label}the log has no results{' yet' if header.status == 'started' else ''}: there are no metrics"
        total, done = header.total_samples, header.completed_samples
        if total and done is not None and done < total:
            yield f"{label}{total - done} of {total} samples are not part of the numbers: they failed or never ran"
        if header.version is not None and header.version > NEWEST:
            newer = f"the log's format, version {header.version}, is newer than {NEWEST}"
            yield f"{label}{newer}: what could be read is shown"


def _tokens(headers: Sequence[Header]) -> EngineTokens | None:
    """Tokens of all logs; a sum of which one log says nothing is not known."""
    said = [header.tokens for header in headers]
    known = [one for one in said if one is not None]
    if not known or len(known) < len(said):
        return None
    names = ("input_tokens", "output_tokens", "total_tokens")
    columns = ([getattr(one, name) for one in known] for name in names)
    return EngineTokens(*(None if None in column else sum(column) for column in columns))
