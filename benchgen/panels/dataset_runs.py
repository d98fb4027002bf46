"""Runs of datasets as seed 003 shows them: those that go on with pace and end, and those that have ended."""

from __future__ import annotations

from collections.abc import Iterable

from benchgen.clock import between
from benchgen.panels import links
from benchgen.panels.current_job import Ending, current_job
from benchgen.record import Record
from benchgen.records.digest import RunDigest
from benchgen.records.state import RunState
from benchgen.records.status import RunStatus

_SPELLED = {"queued": "running", "canceled": "cancelled"}
WINDOW = 500
"""Tokens a second are those of the newest rows, so that they tell how it goes now."""
MOST_SHOWN = 100


class Entry(Record):
    """One run with the keys of seed 003, and what is ours behind them. `throughput` is output tokens a second."""

    benchmark_id: str
    model_id: str | None
    model_name: str | None
    dataset_id: str | None
    dataset_name: str
    status: str
    progress: int | None
    completed: int
    total: int
    throughput: float | None
    eta_seconds: float | None
    started_at: str
    completed_at: str | None
    total_time_seconds: float | None
    first_token_seconds: float | None
    run_id: str
    models: tuple[str, ...]


class RunLine(Record):
    """One run of a dataset as a page lists it. `rows_href` leads to its answers once there are any."""

    run_id: str
    run_name: str
    href: str
    dataset_name: str
    dataset_href: str
    models: tuple[str, ...]
    status: RunStatus
    is_dead: bool
    created_at: str
    started_at: str | None
    ended_at: str | None
    finished: int
    total: int
    share: float | None
    tokens_per_second: float | None
    first_token_seconds: float | None
    ending: Ending | None
    updated_at: str | None
    rows_href: str | None


class DatasetRuns(Record):
    """Runs that go on or wait, the oldest first, and those that have ended, newest first."""

    active: tuple[RunLine, ...]
    ended: tuple[RunLine, ...]
    more: int


class Standing(Record):
    """A run as it stands: its digest, its state where it goes on, and whether its process is gone."""

    digest: RunDigest
    state: RunState | None = None
    is_dead: bool = False


def is_active(digest: RunDigest) -> bool:
    """Whether a run goes on or waits, as far as its log says."""
    return digest.status in ("running", "queued")


def entry(standing: Standing, now: str) -> Entry:
    """A run as `/admin/benchmarks` lists it; a queued run is `running` there, a dead one `failed`."""
    digest, line = standing.digest, _line(standing)
    only = digest.models[0].model_id if len(digest.models) == 1 else None
    return Entry(
        benchmark_id=digest.benchmark_id or digest.run_id,
        model_id=only,
        model_name=(only.rpartition("/")[2] or only) if only else None,
        dataset_id=digest.dataset_id,
        dataset_name=digest.benchmark_name,
        status="failed" if standing.is_dead else _SPELLED.get(digest.status, digest.status),
        progress=None if line.share is None else int(100 * line.share),
        completed=line.finished,
        total=line.total,
        throughput=line.tokens_per_second,
        eta_seconds=max(0.0, between(now, line.ending.at)) if line.ending else None,
        started_at=digest.started_at or digest.created_at,
        completed_at=digest.finished_at,
        total_time_seconds=_seconds(digest),
        first_token_seconds=line.first_token_seconds,
        run_id=digest.run_id,
        models=tuple(model.model_id for model in digest.models),
    )


def dataset_runs(standings: Iterable[Standing]) -> DatasetRuns:
    """The two lists of the datasets' page, from runs of datasets, newest first."""
    every = [(standing, _line(standing)) for standing in standings]
    active = [line for standing, line in every if is_active(standing.digest) and not standing.is_dead]
    ended = [line for standing, line in every if not is_active(standing.digest) or standing.is_dead]
    return DatasetRuns(tuple(reversed(active)), tuple(ended[:MOST_SHOWN]), max(0, len(ended) - MOST_SHOWN))


def _line(standing: Standing) -> RunLine:
    digest, state = standing.digest, standing.state
    job = current_job(state, is_dead=standing.is_dead) if state else None
    finished, total = (state.finished, state.total) if state else (digest.finished, digest.total)
    first = [one.first_token_seconds for one in digest.models if one.first_token_seconds is not None]
    return RunLine(
        run_id=digest.run_id,
        run_name=digest.run_name or digest.run_id,
        href=links.run(digest.run_id),
        dataset_name=digest.benchmark_name,
        dataset_href=links.dataset(dataset_key(digest)),
        models=tuple(model.model_id for model in digest.models),
        status=digest.status,
        is_dead=standing.is_dead,
        created_at=digest.created_at,
        started_at=digest.started_at,
        ended_at=digest.finished_at,
        finished=finished,
        total=total,
        share=finished / total if total else None,
        tokens_per_second=_pace(state) if state and is_active(digest) else _mean_pace(digest),
        first_token_seconds=sum(first) / len(first) if first else None,
        ending=job.eta if job else None,
        updated_at=state.updated_at if state else digest.updated_at,
        rows_href=links.rows(digest.run_id, 1) if digest.kind == "dataset" and finished else None,
    )


def dataset_key(digest: RunDigest) -> str:
    """What a dataset's page is named by: its id, or for a file that was never added the rows themselves."""
    return digest.dataset_id or f"rows_{digest.task_set or digest.run_id}"


def _pace(state: RunState) -> float | None:
    """Output tokens a second over the newest rows of this start."""
    since = state.session_at or ""
    newest = [row for row in state.rows[-WINDOW - 1 :] if row.finished_at >= since]
    if not newest or not since or not state.updated_at:
        return None
    if len(newest) > WINDOW:
        since = newest.pop(0).finished_at
    seconds = between(since, state.updated_at)
    known = [row.output_tokens for row in newest if row.output_tokens is not None]
    return sum(known) / seconds if seconds > 0 and known else None


def _mean_pace(digest: RunDigest) -> float | None:
    seconds = _seconds(digest)
    known = [model.output_tokens for model in digest.models if model.output_tokens is not None]
    return sum(known) / seconds if seconds and known else None


def _seconds(digest: RunDigest) -> float | None:
    ended = digest.finished_at or digest.updated_at
    return between(digest.started_at, ended) if digest.started_at and ended else None
