"""The attempts of a run that are not over, as its events come: those under way, and those that come next."""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import islice

from benchgen.record import Record
from benchgen.records.checkpoint import Checkpoint
from benchgen.records.events import AnswerReceived, AttemptPhase, AttemptStarted, StepRecorded
from benchgen.records.run import Planned, RunConfig, planned
from benchgen.records.state import Running

NEXT_UP = 10


class UnderWay:
    """Attempts that have begun, and the plan's next that have not; `finished` holds the ids of those that are over."""

    def __init__(self, config: RunConfig, finished: Container[str]) -> None:
        self._finished = finished
        self._started: dict[str, AttemptStarted] = {}
        self._places: dict[str, _Place] = {}
        self._answered: set[str] = set()
        self._steps: dict[str, dict[int, StepRecorded]] = {}
        self._ahead: list[Planned] = []
        self._rest: Iterator[Planned]
        self._dropped = 0
        self.put_back(config)

    def resume(self, checkpoint: Checkpoint) -> None:
        """Goes on from there."""
        self._dropped, self._answered = checkpoint.dropped_requests, set(checkpoint.answered)
        for name, one in checkpoint.running.items():
            self._started[name] = AttemptStarted(
                at=one.started_at, attempt=name, task=one.task, model=one.model, sample=one.sample, worker=one.worker
            )
            if one.phase is not None or one.step is not None:
                self._places[name] = _Place(one.phase, one.step)
            if one.steps:
                self._steps[name] = {step.step: step for step in one.steps}

    def begin(self, event: AttemptStarted) -> None:
        """One begins."""
        if event.attempt in self._started:
            self._forget(event.attempt)
        self._started[event.attempt] = event

    def phase(self, event: AttemptPhase) -> None:
        """One goes on to its next phase."""
        if event.attempt in self._started:
            self._places[event.attempt] = _Place(event.phase, event.step)
            self._answered.discard(event.attempt)

    def record(self, event: StepRecorded) -> None:
        """A step of an episode; one said again, with more in it, takes its own place."""
        if event.attempt in self._started:
            self._places[event.attempt] = _Place(self._places.get(event.attempt, _NOWHERE).phase, event.step)
            self._steps.setdefault(event.attempt, {})[event.step] = event

    def answer(self, event: AnswerReceived) -> None:
        """One no longer waits."""
        if event.attempt in self._places:
            self._answered.add(event.attempt)

    def end(self, attempt: str) -> None:
        """One is over."""
        if self._started.pop(attempt, None) is not None:
            self._forget(attempt)

    def _forget(self, attempt: str) -> None:
        """Where an attempt was."""
        if self._places.pop(attempt, None) is not None:  # else nothing else was said of it
            self._answered.discard(attempt)
            self._steps.pop(attempt, None)

    def put_back(self, config: RunConfig) -> None:
        """What ran without an outcome belongs to the plan again; what it was being answered is lost."""
        waiting = {attempt for attempt, place in self._places.items() if place.phase == "waiting"}
        self._dropped += len(waiting - self._answered)
        for said in (self._started, self._places, self._answered, self._steps):
            said.clear()
        self._ahead, self._rest = [], planned(config, self._is_taken)

    @property
    def dropped(self) -> int:
        """How many attempts waited for an answer when the run was broken off."""
        return self._dropped

    @property
    def answered(self) -> tuple[str, ...]:
        """Those that no longer wait."""
        return tuple(attempt for attempt in self._started if attempt in self._answered)

    def next_up(self) -> tuple[Planned, ...]:
        """The next attempts of the plan that nobody has taken; it is walked once, whatever order they start in."""
        self._ahead = [item for item in self._ahead if not self._is_taken(item.attempt)]
        self._ahead += islice(self._rest, NEXT_UP - len(self._ahead))
        return tuple(self._ahead)

    def frozen(self) -> dict[str, Running]:
        """Those under way by id, as records that later events do not change."""
        return {attempt: self._running(start) for attempt, start in self._started.items()}

    def _running(self, start: AttemptStarted) -> Running:
        place = self._places.get(start.attempt, _NOWHERE)
        return Running(
            attempt=start.attempt,
            task=start.task,
            model=start.model,
            sample=start.sample,
            worker=start.worker,
            started_at=start.at,
            phase=place.phase,
            step=place.step,
            steps=tuple(self._steps.get(start.attempt, {}).values()),
        )

    def _is_taken(self, attempt: str) -> bool:
        return attempt in self._finished or attempt in self._started


class _Place(Record):
    """Where in its course an attempt is."""

    phase: str | None = None
    step: int | None = None


_NOWHERE = _Place()
