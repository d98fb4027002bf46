"""The head of a run's page: what it is, how it stands, the exact command, versions and settings."""

from __future__ import annotations

import shlex

from benchgen.panels import links
from benchgen.record import Record, field_names
from benchgen.records.annotations import Annotations
from benchgen.records.run import Git, Host, Settings, planned_total
from benchgen.records.state import Limit, RunState
from benchgen.records.status import Kind, RunStatus


class Setting(Record):
    """One setting as it was; None means that it was not sent and the provider's default held."""

    name: str
    value: str | None


UNSET = {"timeout_seconds": "default", "response_file": "none"}
"""What it means that these were not set; of every other setting, that it was not sent to the provider."""
_OF_TASKS = frozenset(
    (
        "include_tests",
        "install_deps",
        "allow_incomplete_diffs",
        "allow_diff_rewrite_fallback",
        "edit_format",
        "turns",
        "prompt_version",
        "sandbox",
    )
)
"""Settings that mean nothing to rows of a dataset, to an engine's samples and to episodes."""


class RunHead(Record):
    """Everything a reader needs to know what was run, and to run it again.

    `is_told`: another harness ran it, and what its results do not say of settings, seed and workers is unknown.
    """

    run_id: str
    run_name: str
    benchmark_name: str
    kind: Kind
    href: str
    status: RunStatus
    is_dead: bool
    is_followed: bool
    is_mock: bool
    is_unsandboxed: bool
    error: str | None
    limits: tuple[Limit, ...]
    created_at: str
    started_at: str | None
    updated_at: str | None
    finished_at: str | None
    finished: int
    total: int
    models: tuple[str, ...]
    tasks: int
    samples: int
    seed: int | None
    workers: int | None
    task_set: str
    command: str
    git: Git | None
    host: Host | None
    sandbox: str
    versions: tuple[Setting, ...]
    settings: tuple[Setting, ...]
    is_told: bool
    note: str
    annotations: Annotations
    resumes: int
    provider_retries: int
    unknown_events: tuple[tuple[str, int], ...]


def run_head(state: RunState, annotations: Annotations, *, is_dead: bool = False) -> RunHead:
    """The head of one run, with what people wrote on it."""
    config = state.config
    is_told = config.settings.said is not None
    return RunHead(
        run_id=config.run_id,
        run_name=config.run_name,
        benchmark_name=config.benchmark_name,
        kind=config.kind,
        href=links.run(config.run_id),
        status=state.status,
        is_dead=is_dead,
        is_followed=state.config.followed,
        is_mock=config.is_mock,
        is_unsandboxed=state.sandbox == "none",
        error=state.error,
        limits=tuple(limit for limit in state.limits if not limit.warning),
        created_at=config.created_at,
        started_at=state.started_at,
        updated_at=state.updated_at,
        finished_at=state.finished_at,
        finished=state.finished,
        total=state.total,
        models=tuple(model.model_id for model in config.models),
        tasks=tasks_of(state),
        samples=config.samples,
        seed=None if is_told else config.seed,
        workers=None if is_told else config.workers,
        task_set=config.task_set,
        command=shlex.join(config.command),
        git=config.git,
        host=config.host,
        sandbox=state.sandbox,
        versions=tuple(Setting(name, value) for name, value in sorted(config.versions.items())),
        settings=settings_of(config.settings, config.kind),
        is_told=is_told,
        note=config.note,
        annotations=annotations,
        resumes=state.resumes,
        provider_retries=state.provider_retries,
        unknown_events=tuple(sorted(state.unknown_events.items())),
    )


def tasks_of(state: RunState) -> int:
    """How many tasks a run has: as planned; of a kind that plans a total, as many as that makes."""
    config = state.config
    planned = planned_total(config) // (len(config.models) * config.samples) if config.models and config.samples else 0
    return len(config.tasks) or planned or len({task for task, _ in state.tallies})


def settings_of(settings: Settings, kind: Kind) -> tuple[Setting, ...]:
    """Every setting that is known and means something to a run of this kind, in the order of its record."""
    hidden = settings.unsaid | {"said"} | (_OF_TASKS if kind != "code" else set())
    known = (name for name in field_names(settings) if name not in hidden)
    return tuple(Setting(name, spelled(getattr(settings, name)) or UNSET.get(name)) for name in known)


def spelled(value: object) -> str | None:
    """A setting's value for people."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)
