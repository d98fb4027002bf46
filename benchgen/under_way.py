"""The attempts of a run that are not over, as its events come: those under way, and those that come next."""

from __future__ import annotations

from collections.abc import Container, Iterator
from itertools import islice

from benchgen.records.events import AnswerReceived, AttemptPhase, AttemptStarted, StepRecorded
from benchgen.records.run import Planned, RunConfig, planned
from benchgen.records.state import Running

NEXT_UP = 10


class UnderWay:
    """Attempts that have begun, and the plan's next that have not; `finished` holds the ids of those that are over."""

    def __init__(self, config: RunConfig, finished: Container[str]) -> None:
        self._finished = finished
        self._running: dict[str, _Running] = {}
        self._ahead: list[Planned] = []
        self._rest: Iterator[Planned]
        self._dropped = 0
        self.put_back(config)

    def begin(self, event: AttemptStarted) -> None:
        """One begins."""
        self._running[event.attempt] = _Running(event)

    def phase(self, event: AttemptPhase) -> None:
        """One goes on to its next phase."""
        running = self._running.get(event.attempt)
        if running is not None:
            running.phase, running.step, running.is_answered = event.phase, event.step, False

    def record(self, event: StepRecorded) -> None:
        """A step of an episode; one said again, with more in it, takes its own place."""
        running = self._running.get(event.attempt)
        if running is not None:
            running.step = event.step
            if running.steps is None:  # most attempts are no episodes
                running.steps = {}
            running.steps[event.step] = event

    def answer(self, event: AnswerReceived) -> None:
        """One no longer waits."""
        running = self._running.get(event.attempt)
        if running is not None:
            running.is_answered = True

    def end(self, attempt: str) -> None:
        """One is over."""
        self._running.pop(attempt, None)

    def put_back(self, config: RunConfig) -> None:
        """What ran without an outcome belongs to the plan again; what it was being answered is lost."""
        waiting = (running for running in self._running.values() if running.phase == "waiting")
        self._dropped += sum(not running.is_answered for running in waiting)
        self._running.clear()
        self._ahead, self._rest = [], planned(config, self._is_taken)

    @property
    def dropped(self) -> int:
        """How many attempts waited for an answer when the run was broken off."""
        return self._dropped

    def next_up(self) -> tuple[Planned, ...]:
        """The next attempts of the plan that nobody has taken; it is walked once, whatever order they start in."""
        self._ahead = [item for item in self._ahead if not self._is_taken(item.attempt)]
        self._ahead += islice(self._rest, NEXT_UP - len(self._ahead))
        return tuple(self._ahead)

    def frozen(self) -> dict[str, Running]:
        """Those under way by id, as records that later events do not change."""
        return {attempt: running.frozen() for attempt, running in self._running.items()}

    def _is_taken(self, attempt: str) -> bool:
        return attempt in self._finished or attempt in self._running


class _Running:
    """An attempt under way. Hundreds of thousands are made when a log is read: each sets only what it is told."""

    phase: str | None = None
    is_answered = False
    step: int | None = None
    steps: dict[int, StepRecorded] | None = None

    def __init__(self, start: AttemptStarted) -> None:
        self.start = start

    def frozen(self) -> Running:
        start = self.start
        return Running(
            attempt=start.attempt,
            task=start.task,
            model=start.model,
            sample=start.sample,
            worker=start.worker,
            started_at=start.at,
            phase=self.phase,
            step=self.step,
            steps=tuple(self.steps.values()) if self.steps else (),
        )
