"""What a run was asked to do: the record behind `config.json`, and the attempts that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchgen import paths
from benchgen.record import Record, field, field_names
from benchgen.records.status import Kind
from benchgen.records.task import TaskCard

SCHEMA_VERSION = 1
FORMAT = 1


class ModelSpec(Record):
    """One model as it was asked for. `provider` is the part that answers."""

    model_id: str
    provider: str
    is_mock: bool = False
    is_local: bool = False

    @property
    def knows_solutions(self) -> bool:
        """Whether its answers are a task's reference or one of its mutants, which a site must not give away."""
        return self.provider == "builtin" and self.model_id != "builtin/noop"


class Settings(Record):
    """How answers were asked for and judged. None means: not sent, the provider's own default holds.

    `said`: the names of those that the results of another harness tell, whose run it was; nobody knows the others,
    and they stand here at their defaults. None: the run is our own, and all of them hold.
    """

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    thinking_level: str | None = None
    timeout_seconds: float | None = None
    max_retries: int = 5
    include_tests: bool = False
    install_deps: bool = False
    allow_incomplete_diffs: bool = False
    allow_diff_rewrite_fallback: bool = False
    edit_format: str = "diff"
    turns: int = 1
    prompt_version: str = "1"
    sandbox: str = "auto"
    response_file: str | None = None
    cache: bool = False
    said: tuple[str, ...] | None = None

    @property
    def unsaid(self) -> frozenset[str]:
        """The names of the settings that nobody knows."""
        return frozenset() if self.said is None else frozenset(field_names(self)) - {*self.said, "said"}


UNTOLD = Settings(said=())
"""The settings of a run whose harness says nothing about them."""


class Budget(Record):
    """Where a run stops by itself: money in nano-dollars, time in seconds, tokens in all."""

    max_cost_nanousd: int | None = None
    max_seconds: float | None = None
    max_tokens_total: int | None = None


class Machine(Record):
    """Something paid by the hour while a run goes on, from `[infra]`; `kind` is `azure_vm` or `gpu_time`."""

    kind: str
    name: str
    instance_type: str
    hourly_nanousd: int


class Host(Record):
    """Where a run was planned. The name of the machine is left out on purpose: runs are published."""

    system: str
    machine: str
    cpus: int
    python: str


class Git(Record):
    """The commit of the folder the run was started in, where that is a checkout."""

    commit: str
    dirty: bool


class RunConfig(Record):
    """`config.json`: everything needed to run it again, and to show it without the catalog.

    `tasks` and `models` keep the order of the plan; `folders` maps an attempt id to its folder where the plain rule of
    `paths.attempt_folder` does not hold; `request` is the request as it came, `command` the argument list.
    `followed`: another harness runs it and writes its files, benchgen only reads along.
    """

    run_id: str
    run_name: str
    benchmark_name: str
    kind: Kind
    created_at: str
    tasks: Mapping[str, TaskCard]
    models: tuple[ModelSpec, ...]
    samples: int
    workers: int
    settings: Settings
    command: tuple[str, ...]
    max_connections: int = 10
    seed: int = 0
    budget: Budget = Budget()
    machines: tuple[Machine, ...] = ()
    folders: Mapping[str, str] = field(default_factory=dict)
    request: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    host: Host | None = None
    git: Git | None = None
    note: str = ""
    task_set: str = ""
    benchmark_id: str | None = None
    dataset_id: str | None = None
    total: int | None = None
    followed: bool = False
    schema_version: int = SCHEMA_VERSION
    format: int = FORMAT

    @property
    def is_mock(self) -> bool:
        """Whether any number of this run comes from a model that only pretends."""
        return any(model.is_mock for model in self.models)

    def gives_away(self, model_id: str) -> bool:
        """Whether this model's answers are solutions of the run's tasks."""
        return self.kind == "code" and any(
            model.model_id == model_id and model.knows_solutions for model in self.models
        )


class Planned(Record):
    """One attempt before it starts."""

    attempt: str
    task: str
    model: str
    sample: int


def planned(config: RunConfig, is_taken: Callable[[str], bool] | None = None) -> Iterator[Planned]:
    """The attempts of a run in the order of its plan, without those that are taken when their turn comes.

    Samples within tasks within models would starve models, so samples are outermost, then tasks, then models.
    """
    models = [model.model_id for model in config.models]
    for sample in range(config.samples):
        endings = [(model, paths.attempt_id("", model, sample)) for model in models]
        for task in config.tasks:
            for model, ending in endings:
                attempt = task + ending
                if is_taken is None or not is_taken(attempt):
                    yield Planned(attempt, task, model, sample)


def planned_total(config: RunConfig) -> int:
    """How many attempts a run has; kinds whose rows are not in the config say it in `total`."""
    if config.total is not None:
        return config.total
    return config.samples * len(config.tasks) * len(config.models)


def folder_of(config: RunConfig, attempt: str) -> str:
    """The folder of an attempt inside its run folder; a retry's lies beside that of the attempt it repeats."""
    first, again, number = attempt.rpartition("__r")
    if again and number.isdigit() and first in config.folders:
        return f"{config.folders[first]}{again}{number}"
    if config.kind == "agent" and attempt not in config.folders:
        return f"{paths.EPISODES}/{_episode(config, attempt)}"
    return config.folders.get(attempt) or paths.attempt_folder(attempt)


def _episode(config: RunConfig, attempt: str) -> str:
    """The folder of an episode, named by its task where there is one model: other tools look for it there.

    Tasks of a harness are not known when its run begins, so that a name must tell them apart by itself.
    """
    suffix = f"__{config.models[0].model_id}__sample00" if len(config.models) == 1 else ""
    name = attempt.removesuffix(suffix)
    safe = paths.attempt_folder(name)
    return safe if safe == name else f"{safe[: paths.LONGEST_NAME - 7]}-{paths.six(name)}"
