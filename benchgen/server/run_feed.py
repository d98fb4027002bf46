"""A run as a stream of events: every line of its log as one event with its number, and the lines of its logs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchgen import paths
from benchgen.record import Record, tag_of
from benchgen.records.events import (
    AttemptOutlined,
    AttemptStarted,
    AttemptSuperseded,
    Event,
    Progress,
    RunFinished,
    RunQueued,
    RunResumed,
    RunStarted,
    UnknownEvent,
)
from benchgen.records.run import RunConfig, planned_total
from benchgen.records.status import RunStatus, status_of
from benchgen.store.log import LogReader
from benchgen.store.tails import last_lines, lines_since

LOGS = {"stdout": paths.STDOUT, "stderr": paths.STDERR}
FIRST_LINES = 40


class Told(Record):
    """One event of the stream; `seq` is that of the log's event, None for what is none."""

    name: str
    data: dict[str, Any]
    seq: int | None = None


class RunFeed:
    """One reader's place in a run. `poll` gives what is new since; the first one, after `seq`, all that came later.

    Without a `seq` to go on from, the reader is told how the run stands, and then what is new.
    """

    def __init__(self, folder: Path, config: RunConfig, after: int | None) -> None:
        self._folder, self._after = folder, after
        self._log = LogReader(folder / paths.EVENTS)
        self._total = planned_total(config)
        self._finished = self._superseded = 0
        self._engine: tuple[int | None, int | None] | None = None
        self._offsets: dict[str, int] | None = None
        self.status: RunStatus = "queued"
        self.seq = 0

    def poll(self) -> list[Told]:
        """What is new."""
        events = [event for event, _ in self._log.poll()]
        if self._log.restarted:
            self._finished = self._superseded = 0
        is_first = self._offsets is None
        told = [one for event in events if (one := self._take(event)).seq and one.seq > (self._after or 0)]
        if is_first and self._after is None:
            told = self._standing()
        return [*told, *self._lines()]

    @property
    def has_ended(self) -> bool:
        return self.status in ("completed", "failed", "canceled")

    def is_gone(self) -> bool:
        """Whether the run was removed: then nothing more will come."""
        return not (self._folder / paths.EVENTS).exists()

    def _standing(self) -> list[Told]:
        """How the run stands, as the first word to somebody new."""
        status = Told("status", {"status": self.status, "seq": self.seq}, self.seq or None)
        progress = Told("progress", {**self._counted(), "seq": self.seq, "type": "snapshot"}, self.seq or None)
        end = [Told(self.status, {"status": self.status, "seq": self.seq}, self.seq)] if self.has_ended else []
        return [status, progress, *end]

    def _take(self, event: Event) -> Told:
        self.seq = event.seq
        said: dict[str, Any] = {"seq": event.seq, "at": event.at}
        if isinstance(event, RunQueued | RunStarted | RunResumed):
            self.status = "queued" if isinstance(event, RunQueued) else "running"
            return Told("status", {**said, "status": self.status}, event.seq)
        if isinstance(event, RunFinished):
            self.status = event.status
            return Told(event.status, {**said, "status": event.status, "error": event.error}, event.seq)
        return Told("progress", {**said, **self._detail(event)}, event.seq)

    def _detail(self, event: Event) -> dict[str, Any]:
        """What an event within a run says, with the counts after it."""
        detail: dict[str, Any] = {"type": event.type if isinstance(event, UnknownEvent) else tag_of(event)}
        if isinstance(event, AttemptOutlined):
            self._finished += 1
            detail |= {
                "attempt": event.attempt,
                "task": event.outcome.task,
                "model": event.outcome.model,
                "status": status_of(event.outcome.category),
            }
        elif isinstance(event, AttemptStarted):
            detail |= {"attempt": event.attempt, "task": event.task, "model": event.model}
        elif isinstance(event, AttemptSuperseded):
            self._superseded += 1
            detail["attempt"] = event.attempt
        elif isinstance(event, Progress):
            self._engine = event.done, event.total
            detail["detail"] = event.detail
        return {**detail, **self._counted()}

    def _counted(self) -> dict[str, Any]:
        """Progress in numbers; none where nobody can tell them."""
        done: int | None = self._finished - self._superseded
        total: int | None = self._total or None
        if self._engine is not None and not self._finished:
            done, total = self._engine
        share = round(100 * done / total, 1) if done is not None and total else None
        return {"completed": done, "total": total, "percent": share}

    def _lines(self) -> Iterator[Told]:
        """New lines of the run's logs; `offset` is where the next one begins, so that a repeat can be told."""
        if self._offsets is None:
            tails = {name: last_lines(self._folder / file, FIRST_LINES) for name, file in LOGS.items()}
        else:
            tails = {name: lines_since(self._folder / file, self._offsets[name]) for name, file in LOGS.items()}
        self._offsets = {name: tail.offset for name, tail in tails.items()}
        for name, tail in tails.items():
            for line in tail.lines:
                yield Told("log_line", {"stream": name, "line": line, "offset": tail.offset})
