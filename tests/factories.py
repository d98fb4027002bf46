"""Builders for test data: small records with sensible fields, event lists, and whole run folders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from benchgen import clock as clocks
from benchgen import paths
from benchgen.clock import Clock
from benchgen.digest import digest_of
from benchgen.fold import fold
from benchgen.record import replace
from benchgen.records.attempt import Artifact, Attempt, CaseResult, JudgeReport, PatchReport, Usage
from benchgen.records.digest import RunDigest
from benchgen.records.events import (
    AnswerReceived,
    AttemptFinished,
    AttemptPhase,
    AttemptStarted,
    AttemptSuperseded,
    Event,
    RunFinished,
    RunQueued,
    RunStarted,
    WorkerJoined,
)
from benchgen.records.run import ModelSpec, Planned, RunConfig, Settings, folder_of, planned
from benchgen.records.state import RunState
from benchgen.records.status import Category
from benchgen.records.task import TaskCard
from benchgen.store.attempts import save_attempt
from benchgen.store.create import queue_run
from benchgen.store.log import append

START = "2026-11-21T02:40:41.000Z"
RUN_ID = "run_20261121T024041Z_a2ca88"
PASSED: Category | None = None
Outcomes = Mapping[str, Category | None] | Sequence[Category | None] | Category | None


def at(seconds: float = 0.0) -> str:
    """The instant so many seconds after the run was created."""
    return clocks.spell(clocks.read(START) + seconds)


class Ticking:
    """A clock that moves on by itself, the same in every test: each look takes `step` seconds."""

    def __init__(self, step: float = 0.001, start: str = START) -> None:
        self._now = count()
        self._start, self._step = clocks.read(start), step

    def clock(self) -> Clock:
        return Clock(now=self.now, monotonic=self.monotonic)

    def now(self) -> float:
        return self._start + next(self._now) * self._step

    def monotonic(self) -> float:
        return next(self._now) * self._step


def task_card(title: str = "Add two numbers", **changes: Any) -> TaskCard:
    card = TaskCard(
        title=title,
        language="python",
        type="feature_implementation",
        difficulty="easy",
        domain="arithmetic",
        tags=("math",),
        cases=("test_adds", "test_subtracts"),
        digest="0" * 64,
    )
    return replace(card, **changes)


def task_cards(names: int | Sequence[str]) -> dict[str, TaskCard]:
    """Cards by task id: `task_0`, `task_1` … or the names given; languages, domains and difficulties differ."""
    ids = [f"task_{number}" for number in range(names)] if isinstance(names, int) else list(names)
    languages, difficulties, domains = ("python", "go", "rust"), ("easy", "medium", "expert"), ("text", "graphs")
    return {
        task: task_card(
            f"The task {task}",
            language=languages[number % 3],
            difficulty=difficulties[number % 3],
            domain=domains[number % 2],
        )
        for number, task in enumerate(ids)
    }


def model_spec(model_id: str = "acme/fast", **changes: Any) -> ModelSpec:
    return replace(ModelSpec(model_id, model_id.partition("/")[0]), **changes)


def run_config(
    *,
    tasks: int | Sequence[str] | Mapping[str, TaskCard] = 2,
    models: Sequence[str | ModelSpec] = ("acme/fast",),
    **changes: Any,
) -> RunConfig:
    config = RunConfig(
        run_id=RUN_ID,
        run_name="a small run",
        benchmark_name="small",
        kind="code",
        created_at=START,
        tasks=dict(tasks) if isinstance(tasks, Mapping) else task_cards(tasks),
        models=tuple(model if isinstance(model, ModelSpec) else model_spec(model) for model in models),
        samples=1,
        workers=2,
        settings=Settings(temperature=0.0, max_tokens=1024),
        command=("benchgen", "run", "all", "-m", "acme/fast"),
        task_set="5f" * 32,
        versions={"benchgen": "1.0.0"},
    )
    return replace(config, **changes)


def attempt(
    task: str = "task_0",
    model: str = "acme/fast",
    sample: int = 0,
    *,
    category: Category | None = PASSED,
    again: int = 0,
    started: float = 1.0,
    seconds: float = 2.0,
    **changes: Any,
) -> Attempt:
    """One outcome; a judged one has cases, a patch and a judge's report."""
    name = paths.attempt_id(task, model, sample, again)
    judged = category in (None, "tests_failed")
    answered = category not in ("api_error", "not_runnable")
    outcome = Attempt(
        attempt=name,
        task=task,
        model=model,
        sample=sample,
        category=category,
        started_at=at(started),
        finished_at=at(started + seconds),
        duration_seconds=seconds,
        folder=paths.attempt_folder(name),
        worker="local-1",
        score=(1.0 if category is None else 0.5) if judged else None,
        message="" if category is None else f"it ended as {category}",
        cases=_cases(category) if judged else (),
        stdout_excerpt="2 cases\n" if judged else "",
        usage=Usage(input=120, output=30, cached=20, reasoning=5) if answered else None,
        api_latency_seconds=seconds / 2,
        first_token_seconds=seconds / 10,
        phases={"prompting": 0.1, "waiting": seconds / 2, "applying": 0.1, "testing": seconds / 4},
        patch=PatchReport("diff", "plain", ("adder.py",), 3, 1) if judged else None,
        judge=JudgeReport(("pytest", "-q"), "exited", 0 if category is None else 1, seconds / 4) if judged else None,
        replaces=paths.attempt_id(task, model, sample, again - 1) if again else None,
    )
    return replace(outcome, **changes)


def _cases(category: Category | None) -> tuple[CaseResult, ...]:
    second = CaseResult("test_subtracts", "passed", 0.01)
    if category is not None:
        second = CaseResult("test_subtracts", "failed", 0.01, "assert 3 == 1")
    return (CaseResult("test_adds", "passed", 0.01), second)


def attempt_events(outcome: Attempt, *, start: float = 1.0, cost_nanousd: int | None = 1_500_000) -> list[Event]:
    """The events of one code attempt in one turn, from its start to its outcome."""
    name, end = outcome.attempt, start + outcome.duration_seconds
    events: list[Event] = [
        AttemptStarted(
            at=at(start),
            attempt=name,
            task=outcome.task,
            model=outcome.model,
            sample=outcome.sample,
            worker=outcome.worker,
            replaces=outcome.replaces,
        ),
        AttemptPhase(at=at(start), attempt=name, phase="waiting"),
    ]
    if outcome.usage is not None:
        events.append(
            AnswerReceived(
                at=at(start),
                attempt=name,
                turn=0,
                answer_sha256="a" * 64,
                provider=outcome.model.partition("/")[0],
                model=outcome.model,
                usage=outcome.usage,
                cost_nanousd=cost_nanousd,
                price="unknown" if cost_nanousd is None else "genai-prices",
                latency_seconds=outcome.api_latency_seconds,
                first_token_seconds=outcome.first_token_seconds,
            )
        )
    return [*events, AttemptFinished(at=at(end), attempt=name, outcome=outcome)]


def superseded_by(first: Attempt, second: Attempt) -> AttemptSuperseded:
    return AttemptSuperseded(attempt=first.attempt, by=second.attempt)


def outcomes_of(config: RunConfig, outcomes: Outcomes = PASSED) -> list[Attempt]:
    """Outcomes for a plan, in its order: one category for all, a list that is gone round, or by attempt or task id."""
    chosen = [(plan, _category(outcomes, plan, number)) for number, plan in enumerate(planned(config))]
    mocks = {spec.model_id for spec in config.models if spec.is_mock}
    return [
        attempt(
            plan.task,
            plan.model,
            plan.sample,
            category=category,
            started=1.0 + 3.0 * number,
            seconds=1.0 + number % 5,
            folder=folder_of(config, plan.attempt),
            is_mock=plan.model in mocks,
        )
        for number, (plan, category) in enumerate(chosen)
    ]


def _category(outcomes: Outcomes, plan: Planned, number: int) -> Category | None:
    if outcomes is None or isinstance(outcomes, str):
        return outcomes
    if isinstance(outcomes, Mapping):
        return outcomes.get(plan.attempt, outcomes.get(plan.task))
    return outcomes[number % len(outcomes)] if outcomes else None


def run_events(
    config: RunConfig,
    attempts: Sequence[Attempt],
    *,
    finished: bool = True,
    cost_nanousd: int | None = 1_500_000,
) -> list[Event]:
    """A whole log, numbered: queued, started, each attempt in turn and, unless told otherwise, the end."""
    events: list[Event] = [
        RunQueued(at=START, run_id=config.run_id, format=config.format),
        RunStarted(at=START, run_id=config.run_id, format=config.format, pid=4242, sandbox="bwrap"),
        WorkerJoined(at=START, worker="local-1"),
    ]
    start = 1.0
    for outcome in attempts:
        events += attempt_events(outcome, start=start, cost_nanousd=cost_nanousd)
        start += outcome.duration_seconds
    if finished:
        events.append(RunFinished(at=at(start), status="completed", exit_code=0))
    return [replace(event, seq=number) for number, event in enumerate(events, 1)]


def run_state(config: RunConfig | None = None, outcomes: Outcomes = PASSED, **options: Any) -> RunState:
    """The state after a whole run, without any folder."""
    config = config or run_config()
    return fold(config, iter(run_events(config, outcomes_of(config, outcomes), **options)))


def run_digest(config: RunConfig | None = None, outcomes: Outcomes = PASSED, **options: Any) -> RunDigest:
    return digest_of(run_state(config, outcomes, **options))


def artifact_files(outcome: Attempt) -> dict[str, bytes]:
    """The files of a code attempt's folder."""
    return {
        paths.PROMPT: b"Add two numbers.\n",
        paths.RESPONSE: b"```diff\n+return a + b\n```\n",
        paths.RESPONSE_JSON: b'{"choices": []}\n',
        paths.PATCH: b"--- a/adder.py\n+++ b/adder.py\n@@ -1 +1 @@\n-pass\n+return a + b\n",
        paths.STDOUT: outcome.stdout_excerpt.encode(),
        paths.STDERR: outcome.stderr_excerpt.encode(),
    }


def make_run(
    root: Path,
    config: RunConfig | None = None,
    outcomes: Outcomes = PASSED,
    *,
    artifacts: bool | Mapping[str, bytes] = True,
    finished: bool = True,
    upto: int | None = None,
    cost_nanousd: int | None = 1_500_000,
    env_keys: Sequence[str] = ("ACME_API_KEY",),
) -> Path:
    """A real run folder written through the store.

    `outcomes` as in `outcomes_of`; `artifacts` False leaves the attempts' folders out, a mapping adds files to each;
    `upto` ends the log after so many attempts; `finished` False leaves the run going.
    """
    config = config or run_config()
    folder = queue_run(root, config, env_keys, clock=Ticking().clock())
    attempts = outcomes_of(config, outcomes)[:upto]
    if artifacts is not False:
        extra = {} if artifacts is True else artifacts
        attempts = [_with_artifacts(folder, outcome, extra) for outcome in attempts]
    append(folder, run_events(config, attempts, finished=finished, cost_nanousd=cost_nanousd)[1:], sync=False)
    return folder


def _with_artifacts(folder: Path, outcome: Attempt, extra: Mapping[str, bytes]) -> Attempt:
    saved: tuple[Artifact, ...] = save_attempt(folder, outcome.folder, {**artifact_files(outcome), **extra})
    return replace(outcome, artifacts=saved)


def make_runs(root: Path, number: int, **options: Any) -> Iterator[Path]:
    """Several runs, an hour apart, oldest first."""
    for index in range(number):
        created = at(3600.0 * index)
        run_id = f"run_{created[:19].replace('-', '').replace(':', '')}Z_{index:06x}"
        yield make_run(root, run_config(run_id=run_id, created_at=created), **options)
