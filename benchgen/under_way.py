"""The attempts of a run that are not over, as its events come: those under way, and those that come next."""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import islice

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
        self._ahead: list[Planned] = []
        self._rest: Iterator[Planned]
        self._dropped = 0
        self.put_back(config)

    def resume(self, checkpoint: Checkpoint) -> None:
        """Goes on from there."""
        self._dropped = checkpoint.dropped_requests
        for one in checkpoint.running.values():
            self._started[one.attempt] = AttemptStarted(
                at=one.started_at,
                attempt=one.attempt,
                task=one.task,
                model=one.model,
                sample=one.sample,
                worker=one.worker,
            )
            place = None if one.phase is None and one.step is None else self._place(one.attempt)
            if place is not None:
                place.phase, place.step, place.is_answered = one.phase, one.step, one.attempt in checkpoint.answered
                place.steps = {step.step: step for step in one.steps}

    def begin(self, event: AttemptStarted) -> None:
        """One begins."""
        self._started[event.attempt] = event
        self._places.pop(event.attempt, None)

    def phase(self, event: AttemptPhase) -> None:
        """One goes on to its next phase."""
        place = self._place(event.attempt)
        if place is not None:
            place.phase, place.step, place.is_answered = event.phase, event.step, False

    def record(self, event: StepRecorded) -> None:
        """A step of an episode; one said again, with more in it, takes its own place."""
        place = self._place(event.attempt)
        if place is not None:
            place.step = event.step
            place.steps[event.step] = event

    def answer(self, event: AnswerReceived) -> None:
        """One no longer waits."""
        place = self._places.get(event.attempt)
        if place is not None:
            place.is_answered = True

    def end(self, attempt: str) -> None:
        """One is over."""
        self._started.pop(attempt, None)
        self._places.pop(attempt, None)

    def put_back(self, config: RunConfig) -> None:
        """What ran without an outcome belongs to the plan again; what it was being answered is lost."""
        waiting = (place for place in self._places.values() if place.phase == "waiting")
        self._dropped += sum(not place.is_answered for place in waiting)
        self._started.clear()
        self._places.clear()
        self._ahead, self._rest = [], planned(config, self._is_taken)

    @property
    def dropped(self) -> int:
        """How many attempts waited for an answer when the run was broken off."""
        return self._dropped

    @property
    def answered(self) -> tuple[str, ...]:
        """Those that no longer wait."""
        return tuple(one for one in self._started if one in self._places and self._places[one].is_answered)

    def next_up(self) -> tuple[Planned, ...]:
        """The next attempts of the plan that nobody has taken; it is walked once, whatever order they start in."""
        self._ahead = [item for item in self._ahead if not self._is_taken(item.attempt)]
        self._ahead += islice(self._rest, NEXT_UP - len(self._ahead))
        return tuple(self._ahead)

    def frozen(self) -> dict[str, Running]:
        """Those under way by id, as records that later events do not change."""
        return {
            attempt: _running(start, self._places.get(attempt) or _Place()) for attempt, start in self._started.items()
        }

    def _is_taken(self, attempt: str) -> bool:
        return attempt in self._finished or attempt in self._started

    def _place(self, attempt: str) -> _Place | None:
        """Where an attempt is that has begun; most are never said to be anywhere before they end."""
        place = self._places.get(attempt)
        if place is None and attempt in self._started:
            place = self._places[attempt] = _Place()
        return place


class _Place:
    """Where in its course an attempt is."""

    __slots__ = ("is_answered", "phase", "step", "steps")

    def __init__(self) -> None:
        self.phase: str | None = None
        self.is_answered = False
        self.step: int | None = None
        self.steps: dict[int, StepRecorded] = {}


def _running(start: AttemptStarted, place: _Place) -> Running:
    return Running(
        attempt=start.attempt,
        task=start.task,
        model=start.model,
        sample=start.sample,
        worker=start.worker,
        started_at=start.at,
        phase=place.phase,
        step=place.step,
        steps=tuple(place.steps.values()),
    )
