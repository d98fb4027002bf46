"""From a request to a run that could start: its attempts, their order, their folder names. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchgen import paths
from benchgen.errors import UsageError
from benchgen.record import Record, field, replace
from benchgen.records.run import Budget, Git, Host, Machine, ModelSpec, RunConfig, Settings, planned
from benchgen.records.status import Kind
from benchgen.records.task import TaskCard

MOST_ATTEMPTS = 1_000_000
LONGEST_NAME = 40
MOST_LANGUAGES = 3
OPENBENCH = "openbench:"


class Surroundings(Record):
    """Where and when a run is planned: everything that the plan takes from outside the request."""

    run_id: str
    created_at: str
    command: tuple[str, ...]
    versions: Mapping[str, str] = field(default_factory=dict)
    host: Host | None = None
    git: Git | None = None


class RunRequest(Record):
    """What somebody wants to run; `seed` decides every chance of ours, `settings.seed` is sent to the model."""

    kind: Kind
    benchmark_name: str
    tasks: Mapping[str, TaskCard]
    models: tuple[ModelSpec, ...]
    settings: Settings = Settings()
    samples: int = 1
    workers: int = 1
    max_connections: int = 10
    seed: int = 0
    run_name: str = ""
    note: str = ""
    budget: Budget = Budget()
    machines: tuple[Machine, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)


def plan(request: RunRequest, around: Surroundings) -> RunConfig:
    """The run. UsageError when it has no attempt, a model twice, or more attempts than anybody can mean."""
    _check(request)
    return _with_folders(frame(request, around))


def frame(request: RunRequest, around: Surroundings) -> RunConfig:
    """What a request and its surroundings settle of a run of any kind, unchecked."""
    return RunConfig(
        run_id=around.run_id,
        run_name=request.run_name or around.run_id,
        benchmark_name=request.benchmark_name,
        kind=request.kind,
        created_at=around.created_at,
        tasks=request.tasks,
        models=request.models,
        samples=request.samples,
        workers=request.workers,
        max_connections=request.max_connections,
        settings=request.settings,
        command=around.command,
        seed=request.seed,
        budget=request.budget,
        machines=request.machines,
        request=request.raw,
        versions=around.versions,
        host=around.host,
        git=around.git,
        note=request.note,
        task_set=task_set(request.tasks),
    )


def task_set(tasks: Mapping[str, TaskCard]) -> str:
    """Twelve hex digits that two runs share when they met the same tasks, letter for letter."""
    spelled = "\n".join(f"{task_id} {tasks[task_id].digest}" for task_id in sorted(tasks))
    return hashlib.sha256(spelled.encode()).hexdigest()[:12]


def is_openbench(target: str) -> bool:
    """Whether a target means a benchmark of openbench."""
    return target.startswith(OPENBENCH)


def benchmark_name(targets: Sequence[str], tasks: Mapping[str, TaskCard]) -> str:
    """What a run of catalog tasks is called: its targets as typed, or where that is long, how many of what language."""
    if list(targets) == ["all"]:
        return "catalog"
    typed = ", ".join(sorted(set(targets)))
    if len(typed) <= LONGEST_NAME:
        return typed
    languages = Counter(card.language for card in tasks.values()).most_common()
    if len(languages) > MOST_LANGUAGES:
        return f"{len(tasks)} tasks in {len(languages)} languages"
    return f"{', '.join(f'{count} {language}' for language, count in languages)} task{'s' * (len(tasks) != 1)}"


def _check(request: RunRequest) -> None:
    if not request.tasks:
        raise UsageError("no task is left after the filters", hint="`benchgen list tasks` shows what there is")
    if not request.models:
        raise UsageError("no model is named", where="-m", hint="for example -m builtin/reference")
    ids = [model.model_id for model in request.models]
    if len(set(ids)) != len(ids):
        raise UsageError("a model is named twice", where="-m", hint="--samples runs each more than once")
    if request.samples < 1:
        raise UsageError(f"{request.samples} is no number of samples", where="--samples", hint="1 or more")
    if request.workers < 1:
        raise UsageError(f"{request.workers} is no number of workers", where="--workers", hint="1 or more")
    if request.max_connections < 1:
        raise UsageError(f"{request.max_connections} requests at once", where="--max-connections", hint="1 or more")
    if request.samples * len(request.tasks) * len(ids) > MOST_ATTEMPTS:
        raise UsageError(f"that would be more than {MOST_ATTEMPTS:,} attempts", where="--samples")


def _with_folders(config: RunConfig) -> RunConfig:
    folders = odd_folders(item.attempt for item in planned(config))
    return replace(config, folders=folders) if folders else config


def odd_folders(attempts: Iterable[str]) -> dict[str, str]:
    """The folder names of those attempts to whom the plain rule would give one twice or too long."""
    taken: set[str] = set()
    folders: dict[str, str] = {}
    for attempt in attempts:
        name = paths.attempt_folder(attempt, taken)
        taken.add(name.lower())
        if name != paths.attempt_folder(attempt):
            folders[attempt] = name
    return folders
