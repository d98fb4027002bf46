"""Plans and queues the runs that are asked for over HTTP: models, keys and the catalog are known here alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchgen.answers.prompt import VERSION
from benchgen.catalog.openbench import evals_of
from benchgen.catalog.select import Filters, select
from benchgen.catalog.tasks import Catalog
from benchgen.cli.estimate import ASSUMED_ANSWER, estimate, estimate_rows
from benchgen.cli.launching import machine, used_keys
from benchgen.cli.run_openbench import environment, evals_cache
from benchgen.cli.run_rows import added_source
from benchgen.cli.surroundings import around
from benchgen.cli.workshop import default_workers
from benchgen.clock import Clock
from benchgen.errors import UsageError
from benchgen.numbers.money import nanousd
from benchgen.panels.new_run import Cost
from benchgen.plan import OPENBENCH, RunRequest, benchmark_name, plan
from benchgen.providers.registry import Reach, Resolved, check_thinking, resolve
from benchgen.record import replace
from benchgen.records.run import Budget, RunConfig, Settings, planned_total
from benchgen.records.task import TaskCard
from benchgen.redact import Redactor
from benchgen.runner.dataset_plan import Source, plan_rows, requests
from benchgen.runner.openbench_command import Choices
from benchgen.runner.openbench_plan import known, plan_openbench
from benchgen.server.launch_body import Launch
from benchgen.server.launcher import QUEUED_BY, SERVER
from benchgen.settings import Found
from benchgen.store.create import queue_run

MOST_ATTEMPTS = 20_000


class LaunchDesk:
    """A `Planner` over one results folder and one catalog."""

    def __init__(self, root: Path, catalog: Catalog, found: Found) -> None:
        self._root, self._catalog, self._found = root, catalog, found

    def plan(self, launch: Launch) -> RunConfig:
        """The run as it would be; nothing is written."""
        if launch.asked.kind == "openbench":
            return self._eval(launch)
        return self._planned(launch, self._models(launch))

    def estimate(self, launch: Launch, config: RunConfig) -> Cost | None:
        """What the planned run may cost, as far as its prompts are known before it; None where nobody sends a bill."""
        if config.kind == "openbench":
            return Cost(None, 0, 0, ASSUMED_ANSWER, ())
        models = self._models(launch)
        if config.kind == "dataset":
            found = estimate_rows(self._source(launch).rows(), models)
        else:
            found = estimate(config, [self._catalog.task(task_id) for task_id in config.tasks], models)
        if found is None:
            return None
        return Cost(
            found.prompt_tokens, found.prompts_nanousd, found.with_answers_nanousd, ASSUMED_ANSWER, found.unknown
        )

    def queue(self, launch: Launch) -> str:
        """A run folder that waits for its turn; the run's id."""
        if launch.asked.kind == "openbench":
            return self._queued_eval(launch)
        models = self._models(launch)
        config = self._planned(launch, models)
        secrets = self._found.secrets
        rows = requests(self._source(launch)) if config.kind == "dataset" else ()
        queue_run(self._root, config, used_keys(models, secrets), redactor=Redactor(secrets.keys), requests=rows)
        return config.run_id

    def _queued_eval(self, launch: Launch) -> str:
        config, handed = self._eval(launch), environment(self._found, launch.models[0])
        redactor = Redactor({**self._found.secrets.keys, **handed.secrets})
        queue_run(self._root, config, handed.secrets, redactor=redactor)
        return config.run_id

    def _eval(self, launch: Launch) -> RunConfig:
        """One eval that bench itself lists; the models are bench's own."""
        name = launch.targets[0].removeprefix(OPENBENCH)
        known(evals_of(self._found.settings.openbench.command, evals_cache()), name)
        limit = None if launch.asked.limit is None else str(launch.asked.limit)
        epochs = launch.samples if launch.samples != 1 else None
        request = replace(self._request(launch, [], {}), kind="openbench", benchmark_name=name)
        choices = Choices(target=name, limit=limit, epochs=epochs)
        return plan_openbench(request, choices, launch.models[0], around(launch.words(), Clock()))

    def _models(self, launch: Launch) -> list[Resolved]:
        reach = Reach(self._found.settings, self._found.secrets, launch.asked.max_connections)
        models = resolve(launch.models, reach)
        check_thinking(models, launch.asked.thinking_level)
        return models

    def _planned(self, launch: Launch, models: list[Resolved]) -> RunConfig:
        if launch.asked.kind == "dataset":
            source, here = self._source(launch), around(launch.words(), Clock())
            config = plan_rows(self._request(launch, models, {}), source, here)
            return replace(config, benchmark_id=launch.benchmark_id)
        limit = None if launch.asked.limit is None else str(launch.asked.limit)
        tasks = select(self._catalog, launch.targets, Filters(None, (), (), limit))
        cards = {task.task_id: task.card() for task in tasks}
        config = plan(self._request(launch, models, cards), around(launch.words(), Clock()))
        if planned_total(config) > MOST_ATTEMPTS:
            raise UsageError(f"{planned_total(config)} attempts are more than the {MOST_ATTEMPTS} allowed over HTTP")
        return config

    def _source(self, launch: Launch) -> Source:
        limit = None if launch.asked.limit is None else str(launch.asked.limit)
        return added_source(self._root, launch.targets[0], limit)

    def _request(self, launch: Launch, models: list[Resolved], cards: Mapping[str, TaskCard]) -> RunRequest:
        asked = launch.asked
        return RunRequest(
            kind="code",
            benchmark_name=benchmark_name(launch.targets, cards),
            tasks=cards,
            models=tuple(model.spec for model in models),
            settings=_settings(launch),
            samples=launch.samples,
            workers=asked.workers or default_workers(),
            max_connections=asked.max_connections,
            seed=asked.seed or 0,
            run_name=asked.name,
            note=asked.note,
            budget=Budget(None if asked.max_cost is None else nanousd(asked.max_cost), asked.max_time),
            machines=tuple(machine(name, entry) for name, entry in self._found.settings.infra.items()),
            raw={QUEUED_BY: SERVER, "targets": list(launch.targets), "models": list(launch.models)},
        )


def _settings(launch: Launch) -> Settings:
    asked = launch.asked
    return Settings(
        temperature=asked.temperature,
        top_p=asked.top_p,
        max_tokens=asked.max_tokens,
        seed=asked.seed,
        thinking_level=asked.thinking_level,
        timeout_seconds=asked.timeout,
        include_tests=asked.include_tests,
        allow_incomplete_diffs=asked.allow_incomplete_diffs,
        allow_diff_rewrite_fallback=asked.allow_diff_rewrite_fallback,
        install_deps=asked.install_deps,
        turns=asked.turns,
        edit_format=asked.edit_format,
        prompt_version=VERSION,
    )
