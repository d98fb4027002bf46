"""What BenchExec and the container tools lack: a mark that the command ran, and an end when benchgen was killed."""

from __future__ import annotations

import math
import secrets
import signal
from pathlib import Path

from benchgen.sandbox import inside
from benchgen.sandbox.arguments import all_seeds
from benchgen.sandbox.process import Run
from benchgen.sandbox.spec import Job, Limits, Outcome

_GRACE_SECONDS = 10


def new_mark(box: Path) -> Path:
    """A name that nothing in the box has."""
    return box / f".benchgen-{secrets.token_hex(8)}"


def bounded(limits: Limits) -> tuple[str, ...]:
    """The words before a command that end it inside, soon after we would have, should we be gone by then."""
    return ("/usr/bin/timeout", "-s", "KILL", str(math.ceil(limits.wall_seconds) + _GRACE_SECONDS))


def preparation(job: Job) -> str:
    """What a shell does before the command: set the mark, its $0, and make what no option of the tool makes."""
    steps = [': >"$0"', f"mkdir -p {inside.HOME} {inside.PROGRAMS}"]
    for chain in job.toolchains:
        steps += [f"ln -s {target} {inside.PROGRAMS}/{name}" for name, target in chain.links.items()]
    steps += [f"mkdir -p {seed.destination}" for seed in all_seeds(job)]
    return " && ".join(steps)


def marked_outcome(run: Run, mark: Path) -> Outcome:
    """What a run means; the mark is taken away."""
    ran, code = mark.exists(), run.ending.code
    mark.unlink(missing_ok=True)
    if not ran or code < 0:
        lines = run.stderr.capture.captured().text().strip().splitlines()
        return run.outcome("broken", None, lines[-1] if lines else f"its tool ended with {code}")
    if 128 < code <= 128 + signal.NSIG:
        return run.outcome("signaled", code, f"ended by signal {code - 128}")
    return run.outcome("exited", code)
