"""Events to state: the one meaning of a log. `Fold` is the house's only mutable object, its cost an event constant."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchgen import paths
from benchgen.counting import RunningNow, SpendingCount, Typical, Upcoming, WorkerNow
from benchgen.record import field_names, replace
from benchgen.records.attempt import Attempt
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
from benchgen.records.run import ModelSpec, RunConfig, planned_total
from benchgen.records.state import (
    AttemptRow,
    EngineProgress,
    Limit,
    Line,
    MachineCost,
    Rows,
    RunState,
)
from benchgen.records.status import RunStatus
from benchgen.row_columns import RowColumns, TalliesOfRows
from benchgen.tallying import Tallies

RECENT = 20
_NOWHERE = Line()
_OUTLINE = field_names(Outline)


class Fold:
    """Takes the events of one run in order. `state()` is a snapshot that later events do not change.

    `keeps_rows` False is for who runs a hundred thousand rows and needs sums alone: tallies are by model, `rows` stay
    empty, only attempts read from a log are known by their ids, and none of them may be superseded. `on_row` then sees
    each outcome once. Where they are kept, the rows of a dataset are packed, and its tallies made from them.
    """

    def __init__(
        self, config: RunConfig, *, keeps_rows: bool = True, on_row: Callable[[AttemptRow], None] | None = None
    ) -> None:
        self._config = config
        self._learned: list[AttemptStarted] = []
        self._on_row = on_row
        self._keeps_rows = keeps_rows
        self._outcomes = self._session_outcomes = 0
        self._total = planned_total(config)
        self._status: RunStatus = "queued"
        self._seq = 0
        self._offset = self._length = 0
        self._queued_at: str | None = None
        self._started_at: str | None = None
        self._updated_at: str | None = None
        self._session_at: str | None = None
        self._ended: RunFinished | None = None
        self._pid: int | None = None
        self._sandbox = ""
        self._resumes = 0
        self._sums: Tallies[str] = Tallies()
        self._tallies: Tallies[tuple[str, str]] = Tallies()
        self._spending: dict[str, SpendingCount] = {}
        self._machines: dict[str, MachineCost] = {}
        self._running: dict[str, RunningNow] = {}
        self._workers: dict[str, WorkerNow] = {}
        self._superseded: dict[str, str] = {}
        self._is_packed = keeps_rows and config.kind == "dataset"
        self._rows: list[AttemptRow] | RowColumns = RowColumns() if self._is_packed else []
        self._row_of: dict[str, int] = {}
        self._paid: dict[str, int | None] = {}
        self._replaced = self._dropped = 0
        self._recent: deque[AttemptRow] = deque(maxlen=RECENT)
        self._limits: list[Limit] = []
        self._progress: EngineProgress | None = None
        self._retries = 0
        self._unknown: dict[str, int] = {}
        self._upcoming = Upcoming(config, self._is_taken)

    def apply(self, event: Event, line: Line = _NOWHERE) -> None:
        """Takes one event; `line` says where it lies in the log, so that an outcome can be read whole later."""
        self.take(event, line.offset, line.length)

    def take(self, event: Event, offset: int, length: int) -> None:
        """The same for a reader that makes no `Line` of each event."""
        self._seq, self._updated_at, self._offset, self._length = event.seq, event.at, offset, length
        _APPLY[type(event)](self, event)

    def state(self) -> RunState:
        """The run as the events so far say; the mappings are copies, the rows a view."""
        config = self.config  # before the total, which goes by it
        rows, superseded, tallies = Rows(self._rows), dict(self._superseded), self._tallies.frozen()
        return RunState(
            config=config,
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
            finished=self._outcomes - len(self._superseded),
            tallies=TalliesOfRows(self._rows, self._row_of, tallies) if isinstance(self._rows, RowColumns) else tallies,
            spending={model: count.frozen() for model, count in self._spending.items()},
            machines=dict(self._machines),
            running={attempt: running.frozen() for attempt, running in self._running.items()},
            workers={name: worker.frozen() for name, worker in self._workers.items()},
            superseded=superseded,
            recent=tuple(reversed(self._recent)),
            rows=rows,
            limits=tuple(self._limits),
            progress=self._progress,
            provider_retries=self._retries,
            unknown_events=dict(self._unknown),
            next_up=self._upcoming.peek(),
            session_at=self._session_at,
            report=self._ended.report if self._ended else None,
            log_bytes=self._offset + self._length,
            session_finished=self._session_outcomes,
            replaced_nanousd=self._replaced,
            dropped_requests=self._dropped,
            open_nanousd=sum(cost or 0 for cost in self._paid.values()),
            sums=self._sums.frozen(),
        )

    @property
    def config(self) -> RunConfig:
        """The plan, with what the attempts of a harness have added to it: tasks, models, where files lie."""
        if self._learned:
            self._learn()
        return self._config

    def _learn(self) -> None:
        """Takes together what attempts said one by one, so that the mappings of a long plan are seldom copied."""
        config, learned, self._learned = self._config, self._learned, []
        folders, tasks, models = dict(config.folders), dict(config.tasks), {model.model_id for model in config.models}
        joined = []
        for event in learned:
            if event.folder:
                folders[event.attempt] = event.folder
                if event.model not in models:
                    models.add(event.model)
                    joined.append(ModelSpec(event.model, "harness"))
            if event.card is not None:
                tasks.setdefault(event.task, event.card)
        self._config = replace(config, folders=folders, models=(*config.models, *joined), tasks=tasks)
        if any(event.card is not None for event in learned):
            self._total = max(self._total, planned_total(self._config))

    def is_finished(self, attempt: str) -> bool:
        """Whether an attempt has an outcome; resume goes by this."""
        return attempt in self._row_of

    @property
    def outcomes(self) -> int:
        """How many attempts have ended, those included that a retry replaced."""
        return self._outcomes

    def spent_nanousd(self) -> int:
        """Money so far: answers with a known price, and machines."""
        answers = sum(spending.cost for spending in self._spending.values())
        return answers + sum(machine.cost_nanousd for machine in self._machines.values())

    def typical(self, model: str) -> Typical | None:
        """What an attempt by that model takes, by its answers so far; None before the first."""
        spending = self._spending.get(model)
        return spending.typical(self.config.settings.turns) if spending else None

    def _is_taken(self, attempt: str) -> bool:
        return attempt in self._running or attempt in self._row_of

    def tokens_total(self) -> int:
        """Input and output tokens of all answers so far."""
        return sum(spending.input_tokens + spending.output_tokens for spending in self._spending.values())

    def _queue(self, event: RunQueued) -> None:
        self._queued_at = event.at

    def _start(self, event: RunStarted | RunResumed) -> None:
        self._status = "running"
        self._ended = None
        self._started_at = self._started_at or event.at
        self._session_at = event.at
        self._session_outcomes = 0
        self._pid, self._sandbox = event.pid, event.sandbox
        self._put_back()
        for worker in self._workers.values():
            worker.current = worker.task = None
            worker.left_at = worker.left_at or event.at

    def _resume(self, event: RunResumed) -> None:
        self._resumes += 1
        if event.budget is not None:
            self._config = replace(self.config, budget=event.budget)
        self._start(event)

    def _end(self, event: RunFinished) -> None:
        self._status = event.status
        self._ended = event
        self._put_back()

    def _put_back(self) -> None:
        """What ran without an outcome belongs to the plan again; what it was being answered is lost."""
        waiting = (running for running in self._running.values() if running.phase == "waiting")
        self._dropped += sum(not running.is_answered for running in waiting)
        self._running.clear()
        self._upcoming = Upcoming(self.config, self._is_taken)

    def _join(self, event: WorkerJoined) -> None:
        worker = self._workers.get(event.worker)
        if worker is None:
            self._workers[event.worker] = WorkerNow(event.worker, event.host, event.at)
            return
        worker.left_at = None
        worker.turn(event.at, None, None)

    def _leave(self, event: WorkerLeft) -> None:
        worker = self._workers.get(event.worker)
        if worker is not None:
            worker.current = worker.task = None
            worker.left_at = event.at

    def _begin(self, event: AttemptStarted) -> None:
        self._running[event.attempt] = RunningNow(event)
        if event.folder or event.card is not None:
            self._learned.append(event)
        if event.worker:
            worker = self._workers.get(event.worker)
            if worker is None:
                worker = self._workers[event.worker] = WorkerNow(event.worker, None, event.at)
            worker.left_at = None
            worker.turn(event.at, event.attempt, event.task)

    def _phase(self, event: AttemptPhase) -> None:
        running = self._running.get(event.attempt)
        if running is not None:
            running.phase, running.step, running.is_answered = event.phase, event.step, False

    def _step(self, event: StepRecorded) -> None:
        running = self._running.get(event.attempt)
        if running is not None:
            running.record(event)

    def _answer(self, event: AnswerReceived) -> None:
        spending = self._spending.get(event.model)
        if spending is None:
            spending = self._spending[event.model] = SpendingCount(event.provider, event.model)
        spending.add(event)
        running = self._running.get(event.attempt)
        if running is not None:
            running.is_answered = True
        cost, before = event.cost_nanousd, self._paid.get(event.attempt, 0)
        self._paid[event.attempt] = None if cost is None or before is None else before + cost

    def _finish_whole(self, event: AttemptFinished) -> None:
        """What a run reports of itself: each attempt once, so that without rows its id need not be held."""
        whole = event.outcome
        if self._keeps_rows:
            outline = Outline(*[getattr(whole, name) for name in _OUTLINE])
            self._finish(AttemptOutlined(seq=event.seq, at=event.at, attempt=event.attempt, outcome=outline))
        else:
            self._running.pop(event.attempt, None)
            self._take_row(event.at, event.attempt, whole)

    def _finish(self, event: AttemptOutlined) -> None:
        attempt = event.attempt
        self._running.pop(attempt, None)
        if attempt in self._row_of:
            return  # a second outcome of one attempt (its first worker was thought dead) never counts
        self._row_of[attempt] = len(self._rows)
        self._take_row(event.at, attempt, event.outcome)

    def _take_row(self, at: str, attempt: str, outline: Outline | Attempt) -> None:
        # An attempt of ours without an answer was free; what another harness's episode took, nobody has said.
        is_free = outline.usage is None and self._config.kind != "agent"
        cost = self._paid.pop(attempt, 0 if is_free else None)
        row = AttemptRow(attempt, outline, cost, self._offset, self._length)
        if self._keeps_rows:
            self._rows.append(row)
        elif self._on_row is not None:
            self._on_row(row)
        self._outcomes += 1
        self._session_outcomes += 1
        self._recent.append(row)
        self._count(row, 1)
        worker = self._workers.get(outline.worker)
        if worker is not None and worker.current in (attempt, None):  # quick rows are never said to start
            worker.end(at, outline.duration_seconds)

    def _count(self, row: AttemptRow, sign: int) -> None:
        outline = row.outline
        if self._is_packed:
            self._count_packed(row, sign)
        else:
            self._tallies.add((outline.task if self._keeps_rows else "", outline.model), outline, sign)

    def _count_packed(self, row: AttemptRow, sign: int) -> None:
        """A dataset's row, whose tally is made from it; counted apart are only those that were asked again."""
        outline = row.outline
        task, model = key = outline.task, outline.model
        self._sums.add(model, outline, sign)
        first = paths.attempt_id(task, model, 0)
        if sign > 0 and row.attempt == first and key not in self._tallies:
            return
        if key not in self._tallies and first in self._row_of:
            self._tallies.add(key, self._rows[self._row_of[first]].outline, 1)
        self._tallies.add(key, outline, sign)

    def _supersede(self, event: AttemptSuperseded) -> None:
        index = self._row_of.get(event.attempt) if self._keeps_rows else None
        if index is None or event.attempt in self._superseded:
            return
        self._superseded[event.attempt] = event.by
        self._replaced += self._rows[index].cost_nanousd or 0
        self._count(self._rows[index], -1)

    def _retry(self, event: ProviderRetry) -> None:
        self._retries += 1

    def _report(self, event: Progress) -> None:
        self._progress = EngineProgress(event.done, event.total, event.detail)
        if self.config.total is None and event.total is not None and not self.config.tasks:
            self._total = event.total  # an engine alone knows how many samples there are
        if self.config.followed and event.total is not None:
            self._total = max(event.total, len(self.config.tasks))  # its plan becomes known as it goes on

    def _charge(self, event: Cost) -> None:
        known = self._machines.get(event.machine) or MachineCost(event.machine, event.kind, 0.0, 0)
        self._machines[event.machine] = replace(
            known, hours=known.hours + event.hours, cost_nanousd=known.cost_nanousd + event.cost_nanousd
        )

    def _limit(self, event: LimitReached) -> None:
        self._limits.append(Limit(event.limit, event.message, event.warning, event.at))

    def _wonder(self, event: UnknownEvent) -> None:
        self._unknown[event.type] = self._unknown.get(event.type, 0) + 1


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
    AttemptFinished: Fold._finish_whole,
    AttemptOutlined: Fold._finish,
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
