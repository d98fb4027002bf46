"""What bench's plain output says of its progress: a line every few seconds, one for each benchmark of a group."""

from __future__ import annotations

import re

from benchgen.records.events import Progress

_LINE = re.compile(
    r"^(?P<name>(?:[^|]{1,40} \| ){0,2})Steps:\s*\d+/\s*\d+\s+\d+% \| Samples:\s*(?P<done>\d+)/\s*(?P<total>\d+)"
    r"(?: \| (?P<rest>.*))?$"
)
_TASKS = re.compile(r"^Running (\d+) tasks\.\.\.$")
LONGEST = 200


class ProgressReader:
    """Adds up the benchmarks of a run; `take` gives an event where a line says something new."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[int, int]] = {}
        self._tasks = 1

    def take(self, line: str) -> Progress | None:
        """One line of the output."""
        said = line.rstrip()
        several = _TASKS.match(said)
        if several:
            self._tasks = int(several[1])
            return None
        found = _LINE.match(said)
        if found is None:
            return None
        counted = int(found["done"]), int(found["total"])
        if self._of.get(found["name"]) == counted:
            return None
        self._of[found["name"]] = counted
        done, total = (sum(each) for each in zip(*self._of.values(), strict=True))
        detail = f"{found['name']}{found['rest'] or ''}".removesuffix(" | ")[:LONGEST]
        return Progress(done=done, total=total if len(self._of) >= self._tasks else None, detail=detail)
