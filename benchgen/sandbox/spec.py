"""What a sandbox is asked to run and what it answers: limits, jobs, outcomes, toolchains."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Protocol

from benchgen.errors import BenchgenError
from benchgen.record import Record, field

MIB = 1024 * 1024
GIB = 1024 * MIB

Ended = Literal["exited", "signaled", "timeout", "memory", "disk", "output", "enough", "broken"]


class SandboxUnavailable(BenchgenError):
    """No sandbox of the asked kind works here, or the one at hand cannot keep what a job needs."""

    code = "sandbox_unavailable"


class Limits(Record):
    """What one job may use; the wall clock is the only one without a default."""

    wall_seconds: float
    cpu_seconds: int = 60
    """For each process."""
    memory_bytes: int = 4 * GIB
    """Private data of each process, and resident memory of all together."""
    file_bytes: int = 512 * MIB
    """The longest file."""
    processes: int = 512
    """Processes and threads together."""
    open_files: int = 1024
    tmp_bytes: int = 1536 * MIB
    disk_bytes: int = GIB
    """By how much the box may grow (looked at now and then, so overshoot is possible)."""
    disk_files: int = 100_000
    """How many files the box may gain, likewise."""
    output_bytes: int = 64 * MIB
    """Stdout and stderr together; beyond it the job is ended."""
    kept_bytes: int = 256 * 1024
    """Of each stream: one half from its start, one half from its end."""


class Captured(Record):
    """One output stream: its first and last bytes, and how many between them were left out."""

    head: bytes = b""
    tail: bytes = b""
    dropped: int = 0

    def text(self) -> str:
        """The stream as text; undecodable bytes become U+FFFD, a gap is named."""
        if not self.dropped:
            return (self.head + self.tail).decode("utf-8", "replace")
        gap = f"\n[{self.dropped} bytes left out]\n"
        return self.head.decode("utf-8", "replace") + gap + self.tail.decode("utf-8", "replace")


class Outcome(Record):
    """How a job ended. Only `exited` and `signaled` speak of the command; `broken` is the sandbox's own fault."""

    ended: Ended
    exit_code: int | None
    stdout: Captured
    stderr: Captured
    wall_seconds: float
    cpu_seconds: float
    """As last seen, which is some hundredths of a second before the end; so is the peak."""
    peak_memory_bytes: int
    detail: str = ""


class Seed(Record):
    """A read-only host folder whose files show up as links in a writable folder of the sandbox."""

    source: Path
    destination: str


class Toolchain(Record):
    """One language's tools on this machine and what a sandbox must show for them to run."""

    name: str
    version: str
    binds: tuple[Path, ...] = ()
    path_entries: tuple[Path, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    seeds: tuple[Seed, ...] = ()
    links: Mapping[str, Path] = field(default_factory=dict)
    """Names on the PATH of the sandbox for programs that are called otherwise on this machine."""
    judge_only: tuple[str, ...] = ()
    """Folders of the sandbox, a `*` allowed, where the judge's compiled files land; hidden from the candidate."""


class Missing(Record):
    """A toolchain that this machine lacks, and what to install."""

    name: str
    install: str


class Job(Record):
    """One command to run on untrusted files. Relative paths start at the box, which the command sees as /box."""

    argv: tuple[str, ...]
    box: Path
    limits: Limits
    cwd: str = "."
    env: Mapping[str, str] = field(default_factory=dict)
    read_only: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    """What the candidate must not see."""
    visible: tuple[str, ...] = ()
    """What the candidate may read all the same, inside of `hidden`."""
    secret: tuple[Path, ...] = ()
    """Host folders of which the job sees nothing, should a toolchain lie around them."""
    candidate_cwd: str = "."
    nested: bool = False
    """The command is a trusted judge which starts the candidate behind the words of BENCHGEN_CANDIDATE."""
    toolchains: tuple[Toolchain, ...] = ()
    enough: re.Pattern[bytes] | None = None
    """Once this is found in the lines of stdout, the job is ended: whoever asked knows all that they wanted."""


def refuse_candidate(job: Job, name: str) -> None:
    """For a sandbox that has no second one inside: rather no result than an unprotected judge."""
    if job.nested:
        raise SandboxUnavailable(
            f"sandbox {name} cannot keep the candidate apart from its judge, as this task asks",
            hint="Tasks with process isolation need bubblewrap: apt install bubblewrap",
        )


class Sandbox(Protocol):
    """Something that runs jobs."""

    @property
    def name(self) -> str:
        """The word by which it is chosen and recorded."""
        ...

    @property
    def keeps_candidates(self) -> bool:
        """Whether it can keep a candidate apart from its judge, as nested jobs ask."""
        ...

    async def run(self, job: Job) -> Outcome:
        """Run one job to its end. Never raises for what the job does; cancelling it kills the job."""
        ...

    def describe(self) -> str:
        """A sentence or two for people: what holds and what does not."""
        ...
