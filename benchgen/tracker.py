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
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchgen import __version__, paths
from benchgen.clock import Clock
from benchgen.errors import UsageError
from benchgen.formats.openadapt import Execution, LogLine, StepEntry, TaskFile, category_of, execution_file, task_file
from benchgen.record import Record, field_names, replace
from benchgen.records.attempt import Attempt, Usage
from benchgen.records.events import (
    AnswerReceived,
    AttemptFinished,
    AttemptStarted,
    Cost,
    Event,
    RunFinished,
    RunStarted,
    StepRecorded,
    WorkerJoined,
    WorkerLeft,
)
from benchgen.records.run import FORMAT, ModelSpec, RunConfig, Settings, folder_of
from benchgen.records.status import RunStatus
from benchgen.records.task import TaskCard
from benchgen.redact import Redactor
from benchgen.store import log
from benchgen.store.attempts import save_file
from benchgen.store.create import new_run_id, queue_run
from benchgen.store.derived import finish
from benchgen.store.following import Follower
from benchgen.store.locks import runner_lock
from benchgen.store.runs import read_config

_NANO = 1_000_000_000


class Task(Record):
    """What an episode is about. Objects of other harnesses with these attributes serve as well."""

    task_id: str
    instruction: str = ""
    domain: str | None = None


class Result(Record):
    """How an episode ended. `error_type` `infrastructure` or `evaluation` leaves it out of every rate."""

    success: bool
    score: float | None = None
    num_steps: int | None = None
    total_time_seconds: float | None = None
    error: str | None = None
    reason: str | None = None
    error_type: str | None = None


class Tokens(Record):
    """What one answer of the model took; None where nobody counted."""

    input: int = 0
    output: int = 0
    cost_usd: float | None = None
    latency_seconds: float | None = None


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
    usage: Usage | None = None
    answers: int = 0


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
        self._ended = False

    @property
    def run_id(self) -> str:
        return self._config.run_id

    def start_task(self, task: Any, *, worker: str = "", model: str = "", sample: int = 0) -> None:  # noqa: ANN401
        """Begins an episode: an id, a `Task`, or any object with its attributes. It is this thread's current one."""
        described = _described(task)
        name = worker or f"{os.getpid()}-{threading.current_thread().name}"
        model = model or self._config.models[0].model_id
        attempt = paths.attempt_id(described.task_id, model, sample)
        now = self._clock.stamp()
        episode = _Episode(attempt, described, model, sample, name, now, self._clock.monotonic())
        with self._lock:
            if attempt in self._episodes:
                raise UsageError("the task is under way already", where=described.task_id, hint="finish_task ends it")
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
        picture = _picture(observation)
        name = f"{paths.SCREENSHOTS}/step_{step_idx:03d}.png" if picture is not None else None
        if name is not None and picture is not None:
            self._save(episode, name, picture)
        fields = _fields(action)
        episode.steps.append(StepEntry(step_idx, fields, name, reasoning, self._clock.now(), correct))
        recorded = StepRecorded(
            attempt=episode.attempt,
            step=step_idx,
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
        usage, before = Usage(tokens.input, tokens.output), episode.usage or Usage()
        received = AnswerReceived(
            attempt=episode.attempt,
            turn=episode.answers,
            answer_sha256="",
            provider=provider or "harness",
            model=episode.model,
            usage=usage,
            cost_nanousd=None if tokens.cost_usd is None else round(tokens.cost_usd * _NANO),
            price="unknown" if tokens.cost_usd is None else "reported",
            latency_seconds=tokens.latency_seconds,
        )
        episode.answers += 1
        episode.usage = Usage(before.input + usage.input, before.output + usage.output)
        self._append(received)

    def record_machine(self, name: str, hours: float, cost_usd: float, kind: str = "azure_vm") -> None:
        """What a machine has cost since it was last reported: `azure_vm` or `gpu_time`."""
        self._append(Cost(machine=name, kind=kind, hours=hours, cost_nanousd=round(cost_usd * _NANO)))

    def finish_task(self, result: Any, *, task_id: str | None = None) -> None:  # noqa: ANN401
        """Ends the current task, or `task_id`: a `Result`, or any object with its attributes. Durable on return."""
        episode = self._episode(task_id)
        ended = _ended(result)
        seconds = ended.total_time_seconds
        taken = round(self._clock.monotonic() - episode.started, 6) if seconds is None else seconds
        steps = max(ended.num_steps or 0, len(episode.steps))
        self._save(episode, paths.EXECUTION, execution_file(_execution(episode, ended, steps, taken)))
        outcome = _outcome(episode, ended, steps, taken)
        outcome = replace(outcome, folder=self._place(episode), finished_at=self._clock.stamp())
        self._append(AttemptFinished(attempt=episode.attempt, outcome=outcome))
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
        exit_code = 0 if status == "completed" else 1
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
        settings=Settings(),
        command=(),
        versions={"benchgen": __version__},
        total=total or None,
    )


def _described(task: object) -> TaskFile:
    if isinstance(task, str):
        return TaskFile(task)
    task_id = getattr(task, "task_id", None)
    if not isinstance(task_id, str) or not task_id:
        raise UsageError("a task is an id, or has a `task_id`", where="start_task")
    domain = getattr(task, "domain", None)
    return TaskFile(task_id, str(getattr(task, "instruction", "") or ""), None if domain is None else str(domain))


def _picture(observation: object) -> bytes | None:
    """The picture in an observation; None when it has none."""
    if isinstance(observation, bytes | bytearray):
        return bytes(observation)
    if isinstance(observation, str | Path):
        return Path(observation).read_bytes()
    held = getattr(observation, "screenshot", None) or getattr(observation, "screenshot_path", None)
    return _picture(held) if isinstance(held, bytes | bytearray | str | Path) else None


def _fields(action: object) -> dict[str, Any]:
    """An action's fields that say something, whatever object it is."""
    if isinstance(action, str):
        return {"type": action}
    names: Iterable[str] = getattr(action, "__dataclass_fields__", None) or getattr(action, "__dict__", {})
    known = action if isinstance(action, Mapping) else {name: getattr(action, name) for name in names}
    plain = (str, int, float, bool, list, tuple, dict)
    return {
        str(name): value
        for name, value in known.items()
        if isinstance(value, plain) and not str(name).startswith("_") and name != "raw_action"
    }


def _ended(result: object) -> Result:
    if isinstance(result, bool):
        return Result(result)
    values: dict[str, Any] = {name: getattr(result, name, None) for name in field_names(Result)}
    if not isinstance(values["success"], bool):
        raise UsageError("a result is true or false, or has a `success`", where="finish_task")
    return Result(**values)


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
        usage=episode.usage,
        steps=steps,
        first_action_correct=first.correct if first else None,
        error_type=result.error_type,
    )
