"""What one attempt came to: the whole outcome, as it stands in its `attempt_finished` event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from benchgen.record import Record, field
from benchgen.records.status import Category

Phase = Literal["prompting", "waiting", "applying", "testing"]


class Usage(Record):
    """Tokens as the provider counts them; `cached` is a part of `input`, `reasoning` a part of `output`."""

    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0


class CaseResult(Record):
    """One case of the judge. `message` is the judge's own words on a failure, cut to 500 bytes."""

    id: str
    status: Literal["passed", "failed", "missing", "skipped"]
    seconds: float | None = None
    message: str = ""


class Artifact(Record):
    """A file of the attempt's folder."""

    name: str
    sha256: str
    bytes: int


class PatchReport(Record):
    """How the answer became a change: its format, the step of the repair order that worked, the files it touched."""

    edit_format: str
    step: str
    files: tuple[str, ...] = ()
    added: int = 0
    removed: int = 0


class JudgeReport(Record):
    """The judging command and how it ended; seconds are measured where it ran, memory is its peak in bytes."""

    command: tuple[str, ...]
    ended: str
    exit_code: int | None
    wall_seconds: float | None
    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None
    sandbox: str = ""
    timeout_seconds: float | None = None


class Attempt(Record):
    """One execution of one task by one model; without a category it passed, unless nobody scored it (`is_scored`).

    `score` is in [0, 1]. `message` is one line for people. Excerpts are at most 500 bytes; the whole text is in the
    artifacts. `phases` are seconds by phase. Times are monotonic durations in seconds. The category is that of the
    first turn, for no rate counts what feedback helped to; `passed_at_turn` counts from 1, None: it never passed.
    """

    attempt: str
    task: str
    model: str
    sample: int
    category: Category | None
    started_at: str
    finished_at: str
    duration_seconds: float
    folder: str = ""
    worker: str = ""
    score: float | None = None
    message: str = ""
    cases: tuple[CaseResult, ...] = ()
    stdout_excerpt: str = ""
    stderr_excerpt: str = ""
    usage: Usage | None = None
    turns: int = 1
    steps: int | None = None
    first_action_correct: bool | None = None
    api_latency_seconds: float | None = None
    first_token_seconds: float | None = None
    phases: Mapping[str, float] = field(default_factory=dict)
    patch: PatchReport | None = None
    judge: JudgeReport | None = None
    artifacts: tuple[Artifact, ...] = ()
    replaces: str | None = None
    from_cache: bool = False
    is_mock: bool = False
    error_type: str | None = None
    passed_at_turn: int | None = None
    is_scored: bool = True
