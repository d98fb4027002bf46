"""Events to state: the one meaning of a log. Only a `Fold` and what it is made of change in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchgen.outcomes import Outcomes, Sums
from benchgen.purse import Purse, Typical
from benchgen.record import field_names, replace
from benchgen.records.checkpoint import Checkpoint
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
from benchgen.records.state import AttemptRow, EngineProgress, Limit, Line, RunState
from benchgen.records.status import RunStatus
from benchgen.under_way import UnderWay
from benchgen.workforce import Workforce

_NOWHERE = Line()
_OUTLINE = field_names(Outline)
_TOLD = [name for name in field_names(Checkpoint) if name in field_names(RunState)]


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
        self._has_learned = False
        self._total = planned_total(config)
        self._status: RunStatus = "queued"
        self._last: Event | None = None
        self._offset = self._length = 0
        self._queued_at: str | None = None
        self._started_at: str | None = None
        self._session_at: str | None = None
        self._ended_before = self._resumes = self._retries = 0
        self._ended: RunFinished | None = None
        self._pid: int | None = None
        self._sandbox = ""
        self._sums = None if keeps_rows else Sums(on_row)
        self._outcomes = self._sums or Outcomes(is_packed=config.kind == "dataset")
        self._under_way = UnderWay(config, self._outcomes.ids)
        self._workforce, self._purse = Workforce(), Purse()
        self._limits: list[Limit] = []
        self._progress: EngineProgress | None = None
        self._unknown: dict[str, int] = {}
        self._takers = self._by_type()

    def resume(self, checkpoint: Checkpoint) -> None:
        """Goes on where another fold of this plan and this log was put down, in place of taking its events."""
        self._outcomes.resume(checkpoint)
        self._under_way.resume(checkpoint)
        self._workforce.resume(checkpoint)
        self._purse.resume(checkpoint)
        self._config = replace(self._config, budget=checkpoint.budget)
        self._last = Event(seq=checkpoint.seq, at=checkpoint.updated_at)
        self._offset, self._total, self._status = checkpoint.log_bytes, checkpoint.total, checkpoint.status
        self._queued_at, self._started_at = checkpoint.queued_at, checkpoint.started_at
        self._session_at, self._ended_before = checkpoint.session_at, checkpoint.ended_before
        self._resumes, self._retries, self._ended = checkpoint.resumes, checkpoint.provider_retries, checkpoint.ended
        self._pid, self._sandbox = checkpoint.pid, checkpoint.sandbox
        self._limits, self._progress = list(checkpoint.limits), checkpoint.progress
        self._unknown = dict(checkpoint.unknown_events)

    def checkpoint(self) -> Checkpoint | None:
        """What another fold can go on from.

        None where there is no such thing: before any event, of rows that are packed or not kept, and where attempts
        have added to the plan.
        """
        if self._last is None or self._has_learned or not self._outcomes.is_whole:
            return None
        state = self.state()
        return Checkpoint(
            **{name: getattr(state, name) for name in _TOLD},
            budget=self._config.budget,
            ended=self._ended,
            ended_before=self._ended_before,
            outcomes=self._outcomes.columns(),
            paid=self._purse.paid(),
            answered=self._under_way.answered,
            busy=self._workforce.busy(),
        )

    def _by_type(self) -> dict[type[Event], Callable[[Any], None]]:
        """Who takes the events of each type."""
        return {
            RunQueued: self._queue,
            RunStarted: self._start,
            RunResumed: self._resume,
            WorkerJoined: self._workforce.join,
            WorkerLeft: self._workforce.leave,
            AttemptStarted: self._begin,
            AttemptPhase: self._under_way.phase,
            StepRecorded: self._under_way.record,
            AnswerReceived: self._answer,
            AttemptFinished: self._finish_whole,
            AttemptOutlined: self._finish,
            AttemptSuperseded: self._outcomes.supersede,
            ProviderRetry: self._retry,
            Progress: self._report,
            Cost: self._purse.charge,
            LimitReached: self._limit,
            RunFinished: self._end,
            UnknownEvent: self._wonder,
        }

    def apply(self, event: Event, line: Line = _NOWHERE) -> None:
        """Takes one event; `line` says where it lies in the log, so that an outcome can be read whole later."""
        self.take(event, line.offset, line.length)

    def take(self, event: Event, offset: int, length: int) -> None:
        """The same for a reader that makes no `Line` of each event."""
        self._last, self._offset, self._length = event, offset, length
        self._takers[type(event)](event)

    def state(self) -> RunState:
        """The run as the events so far say; the mappings are copies, the rows a view."""
        config, last = self.config, self._last  # before the total, which goes by it
        outcomes, purse, under_way = self._outcomes, self._purse, self._under_way
        return RunState(
            config=config,
            status=self._status,
            seq=last.seq if last else 0,
            queued_at=self._queued_at,
            started_at=self._started_at,
            updated_at=last.at if last else None,
            finished_at=self._ended.at if self._ended else None,
            exit_code=self._ended.exit_code if self._ended else None,
            error=self._ended.error if self._ended else None,
            pid=self._pid,
            sandbox=self._sandbox,
            resumes=self._resumes,
            total=self._total,
            finished=outcomes.counted,
            tallies=outcomes.tallies(),
            spending=purse.spending(),
            machines=purse.machines(),
            running=under_way.frozen(),
            workers=self._workforce.frozen(),
            superseded=outcomes.superseded(),
            recent=outcomes.recent(),
            rows=outcomes.rows(),
            limits=tuple(self._limits),
            progress=self._progress,
            provider_retries=self._retries,
            unknown_events=dict(self._unknown),
            next_up=under_way.next_up(),
            session_at=self._session_at,
            report=self._ended.report if self._ended else None,
            log_bytes=self._offset + self._length,
            session_finished=outcomes.ended - self._ended_before,
            replaced_nanousd=outcomes.replaced_nanousd,
            dropped_requests=under_way.dropped,
            open_nanousd=purse.open_nanousd,
            sums=outcomes.sums(),
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
        return attempt in self._outcomes.ids

    @property
    def outcomes(self) -> int:
        """How many attempts have ended, those included that a retry replaced."""
        return self._outcomes.ended

    def spent_nanousd(self) -> int:
        """Money so far: answers with a known price, and machines."""
        return self._purse.nanousd

    def typical(self, model: str) -> Typical | None:
        """What an attempt by that model takes, by its answers so far; None before the first."""
        return self._purse.typical(model, self.config.settings.turns)

    def tokens_total(self) -> int:
        """Input and output tokens of all answers so far."""
        return self._purse.tokens

    def _queue(self, event: RunQueued) -> None:
        self._queued_at = event.at

    def _start(self, event: RunStarted | RunResumed) -> None:
        self._status = "running"
        self._ended = None
        self._started_at = self._started_at or event.at
        self._session_at = event.at
        self._ended_before = self._outcomes.ended
        self._pid, self._sandbox = event.pid, event.sandbox
        self._under_way.put_back(self.config)
        self._workforce.stop(event.at)

    def _resume(self, event: RunResumed) -> None:
        self._resumes += 1
        if event.budget is not None:
            self._config = replace(self.config, budget=event.budget)
        self._start(event)

    def _end(self, event: RunFinished) -> None:
        self._status = event.status
        self._ended = event
        self._under_way.put_back(self.config)

    def _begin(self, event: AttemptStarted) -> None:
        self._under_way.begin(event)
        if event.folder or event.card is not None:
            self._learned.append(event)
            self._has_learned = True
        if event.worker:
            self._workforce.begin(event)

    def _answer(self, event: AnswerReceived) -> None:
        self._purse.answer(event)
        self._under_way.answer(event)

    def _finish_whole(self, event: AttemptFinished) -> None:
        """What a run reports of itself: each attempt once, so that without rows its id need not be held."""
        whole = event.outcome
        if self._sums is None:
            outline = Outline(*[getattr(whole, name) for name in _OUTLINE])
            self._finish(AttemptOutlined(seq=event.seq, at=event.at, attempt=event.attempt, outcome=outline))
        else:
            self._under_way.end(event.attempt)
            self._sums.add_once(self._row(event))

    def _finish(self, event: AttemptOutlined) -> None:
        self._under_way.end(event.attempt)
        if event.attempt not in self._outcomes.ids:  # a second outcome (its first worker was thought dead) never counts
            self._outcomes.add(self._row(event))

    def _row(self, event: AttemptOutlined | AttemptFinished) -> AttemptRow:
        """The outcome with what it cost; its worker puts it down."""
        attempt, outline = event.attempt, event.outcome
        # Who was not asked sends no bill; who broke off before an answer, or whose answer nobody reported, may.
        is_free = outline.category == "not_runnable"
        self._workforce.end(outline.worker, attempt, event.at, outline.duration_seconds)
        cost = self._purse.settle(attempt, 0 if is_free else None)
        return AttemptRow(attempt, outline, cost, self._offset, self._length)

    def _retry(self, event: ProviderRetry) -> None:
        self._retries += 1

    def _report(self, event: Progress) -> None:
        self._progress = EngineProgress(event.done, event.total, event.detail)
        if self.config.total is None and event.total is not None and not self.config.tasks:
            self._total = event.total  # an engine alone knows how many samples there are
        if self.config.followed and event.total is not None:
            self._total = max(event.total, len(self.config.tasks))  # its plan becomes known as it goes on

    def _limit(self, event: LimitReached) -> None:
        self._limits.append(Limit(event.limit, event.message, event.warning, event.at))

    def _wonder(self, event: UnknownEvent) -> None:
        self._unknown[event.type] = self._unknown.get(event.type, 0) + 1


def fold(config: RunConfig, events: Iterator[Event]) -> RunState:
    """The state after all of `events`."""
    folding = Fold(config)
    for event in events:
        folding.apply(event)
    return folding.state()
