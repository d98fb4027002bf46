"""On what terms the server serves: whom it answers, what it lets be changed, and how runs are started."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchgen.following.follower import Follower
from benchgen.following.whole import TakeIn
from benchgen.panels.appearance import Appearance
from benchgen.record import Record
from benchgen.redact import Redactor
from benchgen.server.launcher import Command, Limits, Planner


class Launching(Record):
    """How runs are started; `planner` is made when the first run is asked for."""

    planner: Callable[[], Planner]
    command: Command
    limits: Limits


class Terms(Record):
    """`launching` None: the server changes nothing. `token` None: only this machine reaches it.

    `command` is how `benchgen` is called for what the server does not know itself: models, evals.
    `live_files` are those of other harnesses, and `take_in` takes in their runs that have ended; what is read of them
    passes the `redactor`.
    """

    allowed_hosts: tuple[str, ...] = ()
    token: str | None = None
    launching: Launching | None = None
    command: tuple[str, ...] = ()
    live_files: tuple[Path, ...] = ()
    redactor: Redactor = Redactor()
    appearance: Appearance = Appearance()
    take_in: TakeIn | None = None

    def follower(self, root: Path) -> Follower:
        """Who reads along with the runs of other harnesses."""
        return Follower(root, self.live_files, redactor=self.redactor, take_in=self.take_in)
