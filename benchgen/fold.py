"""Events to state: the one meaning of a log. `Fold` is the house's only mutable object, its cost an event constant."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from benchgen.records.events import (
    AnswerReceived,
    AttemptFinished,
    AttemptOutlined,
    AttemptPhase,
    AttemptStarted,
    AttemptSuperseded,
    Cost,
    Event,
    LimitReached,
    Outline,
    Progress,
    ProviderRetry,
    RunFinished,
    RunQueued,
    RunResumed,
    RunStarted,
    StepRecorded,
    UnknownEvent,
    WorkerJoined,
    WorkerLeft,
)
from benchgen.records.run import Planned, RunConfig, planned, planned_total
from benchgen.records.state import (
    AttemptRow,
    EngineProgress,
    Limit,
    Line,
    MachineCost,
    Rows,
    Running,
    RunState,
    Spending,
    Tally,
    Worker,
)
from benchgen.records.status import RunStatus, is_evaluated

RECENT = 20
NEXT_UP = 10
_NOWHERE = Line()


class Fold:
    """Takes the events of one run in order. `state()` is a snapshot that later events do not change."""

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self._total = planned_total(config)
        self._status: RunStatus = "queued"
        self._seq = 0
        self._log_bytes = 0
        self._queued_at: str | None = None
        self._started_at: str | None = None
        self._updated_at: str | None = None
        self._session_at: str | None = None
        self._ended: RunFinished | None = None
        self._pid: int | None = None
        self._sandbox = ""
        self._resumes = 0
        self._tallies: dict[tuple[str, str], Tally] = {}
        self._spending: dict[str, Spending] = {}
        self._machines: dict[str, MachineCost] = {}
        self._running: dict[str, Running] = {}
        self._workers: dict[str, Worker] = {}
        self._superseded: dict[str, str] = {}
        self._rows: list[AttemptRow] = []
        self._row_of: dict[str, int] = {}
        self._paid: dict[str, int | None] = {}
        self._recent: deque[AttemptRow] = deque(maxlen=RECENT)
        self._limits: list[Limit] = []
        self._progress: EngineProgress | None = None
        self._retries = 0
        self._unknown: dict[str, int] = {}
        self._touched: set[str] = set()
        self._plan = _Upcoming(config)

    def apply(self, event: Event, line: Line = _NOWHERE) -> None:
        """Takes one event; `line` says where it lies in the log, so that an outcome can be read whole later."""
        self._seq = event.seq
        self._updated_at = event.at
        self._log_bytes = line.offset + line.length
        if isinstance(event, AttemptFinished):
            event = AttemptOutlined(seq=event.seq, at=event.at, attempt=event.attempt, outcome=_outline(event))
        if isinstance(event, AttemptOutlined):
            self._finish(event, line)
        else:
            _APPLY[type(event)](self, event)

    def state(self) -> RunState:
        """The run as the events so far say; the mappings are copies, the rows a view."""
        return RunState(
            config=self.config,
            status=self._status,
            seq=self._seq,
            queued_at=self._queued_at,
            started_at=self._started_at,
            updated_at=self._updated_at,
            finished_at=self._ended.at if self._ended else None,
            exit_code=self._ended.exit_code if self._ended else None,
            error=self._ended.error if self._ended else None,
            pid=self._pid,
            sandbox=self._sandbox,
            resumes=self._resumes,
            total=self._total,
            finished=len(self._row_of) - len(self._superseded),
            tallies=dict(self._tallies),
            spending=dict(self._spending),
            machines=dict(self._machines),
            running=dict(self._running),
            workers=dict(self._workers),
            superseded=dict(self._superseded),
            recent=tuple(reversed(self._recent)),
            rows=Rows(self._rows),
            limits=tuple(self._limits),
            progress=self._progress,
            provider_retries=self._retries,
            unknown_events=dict(self._unknown),
            next_up=self._plan.peek(self._touched),
            session_at=self._session_at,
            report=self._ended.report if self._ended else None,
            log_bytes=self._log_bytes,
        )

    def is_finished(self, attempt: str) -> bool:
        """Whether an attempt has an outcome; resume goes by this."""
        return attempt in self._row_of

    def spent_nanousd(self) -> int:
        """Money so far: answers with a known price, and machines."""
        answers = sum(spending.cost_nanousd for spending in self._spending.values())
        return answers + sum(machine.cost_nanousd for machine in self._machines.values())

    def _queue(self, event: RunQueued) -> None:
        self._queued_at = event.at

    def _start(self, event: RunStarted | RunResumed) -> None:
        self._status = "running"
        self._ended = None
        self._started_at = self._started_at or event.at
        self._session_at = event.at
        self._pid, self._sandbox = event.pid, event.sandbox
        self._running.clear()
        for name, worker in self._workers.items():
            self._workers[name] = replace(worker, current=None, current_task=None, left_at=worker.left_at or event.at)

    def _resume(self, event: RunResumed) -> None:
        self._resumes += 1
        self._start(event)

    def _end(self, event: RunFinished) -> None:
        self._status = event.status
        self._ended = event
        self._running.clear()

    def _join(self, event: WorkerJoined) -> None:
        known = self._workers.get(event.worker)
        fresh = Worker(event.worker, event.host, event.at, event.at)
        self._workers[event.worker] = (
            replace(known, left_at=None, since=event.at, current=None, current_task=None) if known else fresh
        )

    def _leave(self, event: WorkerLeft) -> None:
        worker = self._workers.get(event.worker)
        if worker:
            self._workers[event.worker] = replace(worker, current=None, current_task=None, left_at=event.at)

    def _begin(self, event: AttemptStarted) -> None:
        self._touched.add(event.attempt)
        self._running[event.attempt] = Running(
            event.attempt, event.task, event.model, event.sample, event.worker, event.at
        )
        if event.worker:
            worker = self._workers.get(event.worker) or Worker(event.worker, None, event.at, event.at)
            self._workers[event.worker] = replace(
                worker, current=event.attempt, current_task=event.task, since=event.at, left_at=None
            )

    def _phase(self, event: AttemptPhase) -> None:
        running = self._running.get(event.attempt)
        if running:
            self._running[event.attempt] = replace(running, phase=event.phase, step=event.step)

    def _step(self, event: StepRecorded) -> None:
        running = self._running.get(event.attempt)
        if running:
            self._running[event.attempt] = replace(running, step=event.step, steps=(*running.steps, event))

    def _answer(self, event: AnswerReceived) -> None:
        self._spending[event.model] = _spend(self._spending.get(event.model), event)
        before = self._paid.get(event.attempt, 0)
        unknown = before is None or event.cost_nanousd is None
        self._paid[event.attempt] = None if unknown else (before or 0) + (event.cost_nanousd or 0)

    def _finish(self, event: AttemptOutlined, line: Line) -> None:
        self._running.pop(event.attempt, None)
        self._touched.add(event.attempt)
        if event.attempt in self._row_of:
            return  # a second outcome of one attempt (its first worker was thought dead) never counts
        row = _row(event, self._paid.get(event.attempt, 0 if event.outcome.usage is None else None), line)
        self._row_of[event.attempt] = len(self._rows)
        self._rows.append(row)
        self._recent.append(row)
        key = (row.task, row.model)
        self._tallies[key] = _count(self._tallies.get(key, Tally()), row, 1)
        worker = self._workers.get(row.worker)
        if worker and worker.current == event.attempt:
            self._workers[row.worker] = replace(
                worker,
                current=None,
                current_task=None,
                since=event.at,
                done=worker.done + 1,
                busy_seconds=worker.busy_seconds + row.seconds,
            )

    def _supersede(self, event: AttemptSuperseded) -> None:
        index = self._row_of.get(event.attempt)
        if index is None or event.attempt in self._superseded:
            return
        row = self._rows[index]
        self._superseded[event.attempt] = event.by
        key = (row.task, row.model)
        self._tallies[key] = _count(self._tallies[key], row, -1)

    def _retry(self, event: ProviderRetry) -> None:
        self._retries += 1

    def _report(self, event: Progress) -> None:
        self._progress = EngineProgress(event.done, event.total, event.detail)

    def _charge(self, event: Cost) -> None:
        known = self._machines.get(event.machine) or MachineCost(event.machine, event.kind, 0.0, 0)
        self._machines[event.machine] = replace(
            known, hours=known.hours + event.hours, cost_nanousd=known.cost_nanousd + event.cost_nanousd
        )

    def _limit(self, event: LimitReached) -> None:
        self._limits.append(Limit(event.limit, event.message, event.warning, event.at))

    def _wonder(self, event: UnknownEvent) -> None:
        self._unknown[event.type] = self._unknown.get(event.type, 0) + 1


class _Upcoming:
    """The next attempts of the plan that have not started; walks the plan once, whatever order they start in."""

    def __init__(self, config: RunConfig) -> None:
        self._rest: Iterator[Planned] = planned(config)
        self._ahead: deque[Planned] = deque()

    def peek(self, touched: set[str]) -> tuple[Planned, ...]:
        waiting = (item for item in self._ahead if item.attempt not in touched)
        self._ahead = deque(waiting)
        while len(self._ahead) < NEXT_UP:
            item = next(self._rest, None)
            if item is None:
                break
            if item.attempt not in touched:
                self._ahead.append(item)
        return tuple(islice(self._ahead, NEXT_UP))


def _outline(event: AttemptFinished) -> Outline:
    whole = event.outcome
    return Outline(**{name: getattr(whole, name) for name in Outline.__dataclass_fields__})


def _row(event: AttemptOutlined, cost: int | None, line: Line) -> AttemptRow:
    outline = event.outcome
    return AttemptRow(
        attempt=event.attempt,
        task=outline.task,
        model=outline.model,
        sample=outline.sample,
        category=outline.category,
        started_at=outline.started_at,
        finished_at=outline.finished_at,
        seconds=outline.duration_seconds,
        worker=outline.worker,
        score=outline.score,
        message=outline.message,
        input_tokens=outline.usage.input if outline.usage else None,
        output_tokens=outline.usage.output if outline.usage else None,
        cost_nanousd=cost,
        steps=outline.steps if outline.steps is not None else outline.turns,
        first_action_correct=outline.first_action_correct,
        api_latency_seconds=outline.api_latency_seconds,
        replaces=outline.replaces,
        line=line,
    )


def _count(tally: Tally, row: AttemptRow, sign: int) -> Tally:
    """A tally with one row added, or taken away again."""
    passed = int(row.category is None)
    steps = row.steps or 0
    has_steps = int(row.steps is not None)
    said = int(row.first_action_correct is not None)
    categories = dict(tally.categories)
    if row.category is not None:
        categories[row.category] = categories.get(row.category, 0) + sign
        if not categories[row.category]:
            del categories[row.category]
    return Tally(
        finished=tally.finished + sign,
        passed=tally.passed + sign * passed,
        evaluated=tally.evaluated + sign * int(is_evaluated(row.category)),
        categories=categories,
        seconds=tally.seconds + sign * row.seconds,
        steps=tally.steps + sign * steps,
        steps_count=tally.steps_count + sign * has_steps,
        steps_passed=tally.steps_passed + sign * steps * passed,
        steps_passed_count=tally.steps_passed_count + sign * has_steps * passed,
        first_actions=tally.first_actions + sign * said,
        first_actions_correct=tally.first_actions_correct + sign * int(row.first_action_correct is True),
        score=tally.score + sign * (row.score or 0.0),
        score_count=tally.score_count + sign * int(row.score is not None),
    )


def _spend(known: Spending | None, event: AnswerReceived) -> Spending:
    before = known or Spending(event.provider, event.model)
    usage = event.usage
    is_timed = bool(usage and event.latency_seconds)
    return Spending(
        provider=event.provider,
        model=event.model,
        answers=before.answers + 1,
        answers_unpriced=before.answers_unpriced + int(event.cost_nanousd is None),
        answers_without_usage=before.answers_without_usage + int(usage is None),
        input_tokens=before.input_tokens + (usage.input if usage else 0),
        output_tokens=before.output_tokens + (usage.output if usage else 0),
        cached_tokens=before.cached_tokens + (usage.cached if usage else 0),
        reasoning_tokens=before.reasoning_tokens + (usage.reasoning if usage else 0),
        cost_nanousd=before.cost_nanousd + (event.cost_nanousd or 0),
        latency_seconds=before.latency_seconds + (event.latency_seconds or 0.0),
        timed_output_tokens=before.timed_output_tokens + (usage.output if usage and is_timed else 0),
        timed_seconds=before.timed_seconds + ((event.latency_seconds or 0.0) if is_timed else 0.0),
        price=event.price,
    )


_APPLY: Mapping[type[Event], Callable[[Fold, Any], None]] = {
    RunQueued: Fold._queue,
    RunStarted: Fold._start,
    RunResumed: Fold._resume,
    WorkerJoined: Fold._join,
    WorkerLeft: Fold._leave,
    AttemptStarted: Fold._begin,
    AttemptPhase: Fold._phase,
    StepRecorded: Fold._step,
    AnswerReceived: Fold._answer,
    AttemptSuperseded: Fold._supersede,
    ProviderRetry: Fold._retry,
    Progress: Fold._report,
    Cost: Fold._charge,
    LimitReached: Fold._limit,
    RunFinished: Fold._end,
    UnknownEvent: Fold._wonder,
}


def fold(config: RunConfig, events: Iterator[Event]) -> RunState:
    """The state after all of `events`."""
    folding = Fold(config)
    for event in events:
        folding.apply(event)
    return folding.state()
