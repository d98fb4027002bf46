"""The public API for other harnesses: report episodes, steps and costs, and a run folder comes of it.

    with Tracker("my benchmark", "my-model", total_tasks=2) as tracker:
        tracker.start_task(Task("open-a-file", "Open a file", domain="office"), worker="vm-1")
        tracker.record_step(0, screenshot, {"type": "click", "x": 3, "y": 4}, "I see the menu")
        tracker.finish_task(Result(success=True, score=1.0))

Safe for threads: each has a current task of its own. Other processes report with `Tracker.attach(folder)`.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchgen import __version__, paths
from benchgen.clock import Clock
from benchgen.errors import EXIT_COULD_NOT, EXIT_INTERRUPTED, UsageError
from benchgen.formats.openadapt import Execution, LogLine, StepEntry, TaskFile, category_of, execution_file, task_file
from benchgen.formats.reported import (
    Result,
    Task,
    Tokens,
    action_of,
    count,
    flag,
    picture_of,
    result_of,
    span,
    task_of,
    tokens_of,
    usage_of,
)
from benchgen.record import replace
from benchgen.records.attempt import Attempt, Usage
from benchgen.records.events import (
    AnswerReceived,
    AttemptFinished,
    AttemptOutlined,
    AttemptStarted,
    AttemptSuperseded,
    Cost,
    Event,
    RunFinished,
    RunStarted,
    StepRecorded,
    WorkerJoined,
    WorkerLeft,
)
from benchgen.records.run import FORMAT, UNTOLD, ModelSpec, RunConfig, folder_of
from benchgen.records.status import RunStatus
from benchgen.records.task import TaskCard
from benchgen.redact import Redactor
from benchgen.store import log
from benchgen.store.attempts import save_file
from benchgen.store.create import new_run_id, queue_run
from benchgen.store.derived import finish
from benchgen.store.following import Follower
from benchgen.store.locks import runner_lock
from benchgen.store.log import LogReader
from benchgen.store.runs import read_config

__all__ = ["Result", "Task", "Tokens", "Tracker"]

_NANO = 1_000_000_000
_EXIT: Mapping[RunStatus, int] = {"completed": 0, "canceled": EXIT_INTERRUPTED}


@dataclass(slots=True)
class _Episode:
    """An episode under way."""

    attempt: str
    task: TaskFile
    model: str
    sample: int
    worker: str
    started_at: str
    started: float
    steps: list[StepEntry] = field(default_factory=list)
    logs: list[LogLine] = field(default_factory=list)
    answers: list[Usage | None] = field(default_factory=list)
    replaces: str | None = None

    def usage(self) -> Usage | None:
        """The tokens of all answers; None where those of one are not known."""
        known = [usage for usage in self.answers if usage is not None]
        if not known or len(known) < len(self.answers):
            return None
        return Usage(sum(usage.input for usage in known), sum(usage.output for usage in known))


class Tracker:
    """One run. The process that makes it owns it: its `finish` ends the run."""

    def __init__(
        self,
        benchmark_name: str,
        model_id: str = "unknown",
        *,
        total_tasks: int | None = None,
        root: str | Path = paths.RESULTS_DIR,
        run_name: str = "",
        redactor: Redactor = Redactor(),
    ) -> None:
        clock = Clock()
        config = _config(benchmark_name, model_id, run_name, total_tasks, clock)
        folder = queue_run(Path(root).resolve(), config, (), clock=clock, redactor=redactor)
        self._open(folder, config, redactor)
        self._held.enter_context(runner_lock(folder))
        self._append(RunStarted(run_id=config.run_id, format=FORMAT, pid=os.getpid()))
        self._follower: Follower | None = Follower(folder, clock)

    @classmethod
    def attach(cls, folder: str | Path, *, redactor: Redactor = Redactor()) -> Self:
        """The same run, reported to from another process; `finish` here only says that its workers leave."""
        tracker = cls.__new__(cls)
        tracker._open(Path(folder), read_config(Path(folder)), redactor)
        tracker._follower = None
        return tracker

    def _open(self, folder: Path, config: RunConfig, redactor: Redactor) -> None:
        self.folder, self._config, self._redactor, self._clock = folder, config, redactor, Clock()
        self._held = ExitStack()
        self._lock = threading.Lock()
        self._current = threading.local()
        self._episodes: dict[str, _Episode] = {}
        self._workers: dict[str, None] = {}
        self._reader = LogReader(folder / paths.EVENTS)
        self._made: dict[tuple[str, str, int], list[str]] = {}
        self._ended = False

    @property
    def run_id(self) -> str:
        return self._config.run_id

    def start_task(self, task: Any, *, worker: str = "", model: str = "", sample: int = 0) -> None:  # noqa: ANN401
        """Begins an episode: an id, a `Task`, or any object with its attributes. It is this thread's current one.

        A task that has ended and begins again is a retry: its outcome takes the place of the one before.
        """
        described = task_of(task)
        name = worker or f"{os.getpid()}-{threading.current_thread().name}"
        model, sample = model or self._config.models[0].model_id, count(sample, "sample of start_task") or 0
        with self._lock:
            attempt, replaces = self._next(described.task_id, model, sample)
            if attempt in self._episodes:
                raise UsageError("the task is under way already", where=described.task_id, hint="finish_task ends it")
            now = self._clock.stamp()
            episode = _Episode(attempt, described, model, sample, name, now, self._clock.monotonic(), replaces=replaces)
            self._episodes[attempt] = episode
            joined = name not in self._workers
            self._workers[name] = None
        self._current.attempt = attempt
        self._save(episode, paths.TASK, task_file(described))
        card = TaskCard(described.instruction, "", "", "", described.domain or "", (), (), "")
        started = AttemptStarted(
            attempt=attempt,
            task=described.task_id,
            model=model,
            sample=sample,
            worker=name,
            replaces=replaces,
            card=card,
            folder=self._place(episode),
        )
        self._append(*([WorkerJoined(worker=name)] if joined else []), started)

    def record_step(
        self,
        step_idx: int,
        observation: Any = None,  # noqa: ANN401
        action: Any = None,  # noqa: ANN401
        reasoning: str | None = None,
        *,
        correct: bool | None = None,
        task_id: str | None = None,
    ) -> None:
        """A step of the current task, or of `task_id`. The observation is a PNG as bytes, its path, or has one."""
        episode = self._episode(task_id)
        step, correct = count(step_idx, "step_idx of record_step"), flag(correct, "correct of record_step")
        if step is None:
            raise UsageError("a step has a number", where="step_idx of record_step", hint="the first is 0")
        picture, fields = picture_of(observation), action_of(action)
        reasoning = None if reasoning is None else str(reasoning)
        name = f"{paths.SCREENSHOTS}/step_{step:03d}.png" if picture is not None else None
        if name is not None and picture is not None:
            self._save(episode, name, picture)
        episode.steps.append(StepEntry(step, fields, name, reasoning, self._clock.now(), correct))
        recorded = StepRecorded(
            attempt=episode.attempt,
            step=step,
            action=fields,
            reasoning=reasoning,
            screenshot=f"{self._place(episode)}/{name}" if name else None,
            correct=correct,
        )
        self._append(recorded, sync=False)

    def record_log(self, message: str, level: str = "INFO", *, task_id: str | None = None) -> None:
        """A line of the episode's log: INFO, SUCCESS, WARNING or ERROR. Shown once the episode has ended."""
        episode = self._episode(task_id)
        since = round(self._clock.monotonic() - episode.started, 3)
        episode.logs.append(LogLine(str(message), level.upper(), since))

    def record_answer(self, tokens: Tokens, *, provider: str = "", task_id: str | None = None) -> None:
        """What an answer of the model took; its cost is the run's, and unknown where it is not said."""
        episode = self._episode(task_id)
        tokens = tokens_of(tokens)
        usage = usage_of(tokens)
        received = AnswerReceived(
            attempt=episode.attempt,
            turn=len(episode.answers),
            answer_sha256="",
            provider=provider or "harness",
            model=episode.model,
            usage=usage,
            cost_nanousd=None if tokens.cost_usd is None else round(tokens.cost_usd * _NANO),
            price="unknown" if tokens.cost_usd is None else "reported",
            latency_seconds=tokens.latency_seconds,
        )
        episode.answers.append(usage)
        self._append(received)

    def record_machine(self, name: str, hours: float, cost_usd: float, kind: str = "azure_vm") -> None:
        """What a machine has cost since it was last reported: `azure_vm` or `gpu_time`."""
        taken, paid = span(hours, "hours of record_machine"), span(cost_usd, "cost_usd of record_machine")
        if taken is None or paid is None:
            raise UsageError("a machine's hours and cost are numbers", where="record_machine")
        self._append(Cost(machine=name, kind=kind, hours=taken, cost_nanousd=round(paid * _NANO)))

    def finish_task(self, result: Any, *, task_id: str | None = None) -> None:  # noqa: ANN401
        """Ends the current task, or `task_id`: a `Result`, or any object with its attributes. Durable on return."""
        episode = self._episode(task_id)
        ended = result_of(result)
        seconds = ended.total_time_seconds
        taken = round(self._clock.monotonic() - episode.started, 6) if seconds is None else seconds
        steps = max(ended.num_steps or 0, len(episode.steps))
        self._save(episode, paths.EXECUTION, execution_file(_execution(episode, ended, steps, taken)))
        outcome = _outcome(episode, ended, steps, taken)
        outcome = replace(outcome, folder=self._place(episode), finished_at=self._clock.stamp())
        replaced = [AttemptSuperseded(attempt=old, by=episode.attempt) for old in (episode.replaces,) if old]
        self._append(AttemptFinished(attempt=episode.attempt, outcome=outcome), *replaced)
        with self._lock:
            del self._episodes[episode.attempt]
        if getattr(self._current, "attempt", None) == episode.attempt:
            self._current.attempt = None

    def finish(self, status: RunStatus = "completed", error: str | None = None) -> None:
        """Ends the run, or this process's part of it. What is still under way stays without an outcome."""
        if self._ended:
            return
        self._ended = True
        leaving: list[Event] = [WorkerLeft(worker=worker, reason="finished") for worker in self._workers]
        if self._follower is None:
            self._append(*leaving)
            return
        exit_code = _EXIT.get(status, EXIT_COULD_NOT)
        self._append(*leaving, RunFinished(status=status, exit_code=exit_code, error=error))
        self._follower.close()
        finish(self.folder.parent, self.folder, self._clock, self._redactor)
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.finish()
        else:
            self.finish("failed" if isinstance(error, Exception) else "canceled", f"{type(error).__name__}: {error}")

    def _episode(self, task_id: str | None) -> _Episode:
        with self._lock:
            if task_id is None:
                found = self._episodes.get(getattr(self._current, "attempt", None) or "")
            else:
                found = next((one for one in self._episodes.values() if one.task.task_id == task_id), None)
        if found is None:
            raise UsageError("no task is under way", where=task_id or "this thread", hint="start_task begins one")
        return found

    def _next(self, task: str, model: str, sample: int) -> tuple[str, str | None]:
        """The id of an episode that begins now, and of the one that it replaces, whichever process that was in."""
        self._reader.scan(self._take)
        made = self._made.get((task, model, sample), [])
        return paths.attempt_id(task, model, sample, len(made)), made[-1] if made else None

    def _take(self, event: Event, offset: int, length: int) -> None:
        if isinstance(event, AttemptOutlined):
            made = self._made.setdefault((event.outcome.task, event.outcome.model, event.outcome.sample), [])
            if event.attempt not in made:
                made.append(event.attempt)

    def _place(self, episode: _Episode) -> str:
        return folder_of(self._config, episode.attempt)

    def _save(self, episode: _Episode, name: str, data: bytes) -> None:
        save_file(self.folder, f"{self._place(episode)}/{name}", data, redactor=self._redactor)

    def _append(self, *events: Event, sync: bool = True) -> None:
        if events:
            log.append(self.folder, events, sync=sync, clock=self._clock, redactor=self._redactor)


def _config(benchmark_name: str, model_id: str, run_name: str, total: int | None, clock: Clock) -> RunConfig:
    run_id = run_name if paths.is_run_id(run_name) else new_run_id(clock, secrets.token_hex(3))
    return RunConfig(
        run_id=run_id,
        run_name=run_name or run_id,
        benchmark_name=benchmark_name,
        kind="agent",
        created_at=clock.stamp(),
        tasks={},
        models=(ModelSpec(model_id, "harness"),),
        samples=1,
        workers=1,
        settings=UNTOLD,
        command=(),
        versions={"benchgen": __version__},
        total=total or None,
    )


def _execution(episode: _Episode, result: Result, steps: int, seconds: float) -> Execution:
    return Execution(
        task_id=episode.task.task_id,
        success=result.success,
        model_id=episode.model,
        score=result.score,
        num_steps=steps,
        total_time_seconds=seconds,
        error=result.error,
        reason=result.reason,
        error_type=result.error_type,
        steps=tuple(episode.steps),
        logs=tuple(episode.logs),
    )


def _outcome(episode: _Episode, result: Result, steps: int, seconds: float) -> Attempt:
    first = next((step for step in episode.steps if step.step_idx == 0), None)
    return Attempt(
        attempt=episode.attempt,
        task=episode.task.task_id,
        model=episode.model,
        sample=episode.sample,
        category=category_of(result.success, result.error, result.error_type),
        started_at=episode.started_at,
        finished_at="",
        duration_seconds=seconds,
        worker=episode.worker,
        score=result.score,
        message=(result.error or result.reason or "")[:500],
        usage=episode.usage(),
        replaces=episode.replaces,
        steps=steps,
        first_action_correct=first.correct if first else None,
        error_type=result.error_type,
    )
