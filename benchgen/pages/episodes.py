"""Where the steps of a run's episodes lie in its log: states drop them once an attempt has finished."""

from __future__ import annotations

from benchgen import codec, paths
from benchgen.records.events import Event, StepRecorded
from benchgen.records.state import Line
from benchgen.store.log import LogReader
from benchgen.store.runs import Results


class Episodes:
    """The lines of recorded steps by attempt; `refresh` reads what is new."""

    def __init__(self, results: Results, run_id: str) -> None:
        self._results, self._run_id = results, run_id
        self._log = LogReader(results.home(run_id) / paths.EVENTS)
        self._lines: dict[str, list[Line]] = {}

    def refresh(self) -> None:
        self._log.scan(self._take)

    def raw(self, attempt: str) -> list[bytes]:
        """The lines of an attempt's steps as they stand in the log."""
        return list(self._results.lines(self._run_id, self._lines.get(attempt, ())))

    def steps(self, raw: list[bytes]) -> list[StepRecorded]:
        """Those lines as records."""
        events = (codec.event(line, where=f"{self._run_id}/{paths.EVENTS}") for line in raw)
        return [event for event in events if isinstance(event, StepRecorded)]

    def _take(self, event: Event, offset: int, length: int) -> None:
        if offset == 0:
            self._lines = {}
        if isinstance(event, StepRecorded):
            self._lines.setdefault(event.attempt, []).append(Line(offset, length))
