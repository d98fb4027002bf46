"""One attempt: its verdict in a sentence, cases, answer, diff, prompt, logs, and what it took."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from benchgen import paths
from benchgen.formats.inspect_sample import Sample
from benchgen.panels import links
from benchgen.panels.costs import Money
from benchgen.panels.diff import Diff, diff
from benchgen.panels.episode import Episode, LogLine, episode
from benchgen.panels.log_text import ALWAYS_WHOLE, LogText, RawText, clean, log_text
from benchgen.panels.sample import SamplePanel, sample_panel
from benchgen.record import Record
from benchgen.records.attempt import Artifact, Attempt, CaseResult, JudgeReport, PatchReport, Usage
from benchgen.records.events import StepRecorded
from benchgen.records.run import RunConfig, folder_of
from benchgen.records.state import AttemptRow
from benchgen.records.status import AttemptStatus, Category, is_evaluated, status_of

LONG_TEXT = 2_000
"""Lines of a prompt or an answer shown from each end: more than of a log, for they are what one comes to read."""
TEXTS = (paths.PROMPT, paths.RESPONSE, paths.PATCH)
LOGS = (paths.STDOUT, paths.STDERR, paths.ERROR_LOG)
MOST_TURNS = 10
"""Further turns shown on the page; the folder holds all."""
SHOWN = frozenset(paths.of_turn(name, turn) for name in TEXTS + LOGS for turn in range(1, MOST_TURNS + 1))
SOLUTION = frozenset(
    paths.of_turn(name, turn) for name in (paths.RESPONSE, paths.PATCH) for turn in range(1, MOST_TURNS + 1)
)


class Neighbour(Record):
    attempt: str
    href: str


class Image(Record):
    name: str
    href: str
    bytes: int


class PhaseTime(Record):
    name: str
    seconds: float


class Turn(Record):
    """A further turn, that saw what failed in the one before: its files, as far as there are any."""

    number: int
    passed: bool
    prompt: LogText | None
    answer: LogText | None
    diff: Diff | None
    logs: tuple[LogText, ...]


class AttemptPanel(Record):
    """Everything of one attempt. Texts are None when there is no such file; `counts`: it is part of the rate.

    `is_withheld`: its answer would give the task's solution away.
    """

    attempt: str
    run_id: str
    run_href: str
    run_name: str
    task: str
    task_href: str | None
    title: str
    model: str
    model_href: str
    sample: int
    status: AttemptStatus
    category: Category | None
    counts: bool
    is_scored: bool
    headline: str
    message: str
    mark: str | None
    is_mock: bool
    from_cache: bool
    replaced_by: Neighbour | None
    replaces: Neighbour | None
    previous: Neighbour | None
    next: Neighbour | None
    next_failure: Neighbour | None
    started_at: str
    finished_at: str
    seconds: float
    api_latency_seconds: float | None
    first_token_seconds: float | None
    phases: tuple[PhaseTime, ...]
    usage: Usage | None
    money: Money
    score: float | None
    turns: int
    steps: int | None
    worker: str
    cases: tuple[CaseResult, ...]
    cases_passed: int
    patch: PatchReport | None
    judge: JudgeReport | None
    command: str
    prompt: LogText | None
    answer: LogText | None
    diff: Diff | None
    logs: tuple[LogText, ...]
    images: tuple[Image, ...]
    episode: Episode | None
    sample_record: SamplePanel | None
    passed_at_turn: int | None
    later_turns: tuple[Turn, ...]
    is_withheld: bool = False


class Around(Record):
    """What stands around an attempt, as far as it has finished: neighbours in the plan, retries; its steps and log; a
    mark; and what an engine's log says of it. `next_failure` stands beside one that did not pass itself."""

    previous: str | None = None
    next: str | None = None
    next_failure: str | None = None
    replaces: str | None = None
    replaced_by: str | None = None
    mark: str | None = None
    recorded: Sequence[StepRecorded] = ()
    sample: Sample | None = None
    log: Sequence[LogLine] = ()


def attempt(
    config: RunConfig, row: AttemptRow, outcome: Attempt, texts: Mapping[str, RawText], around: Around
) -> AttemptPanel:
    """The panel of one attempt. `texts` holds its files by name, as far as they exist."""
    run_id, card = config.run_id, config.tasks.get(outcome.task)
    local = any(model.model_id == outcome.model and model.is_local for model in config.models)
    folder = folder_of(config, outcome.attempt)
    passed = sum(case.status == "passed" for case in outcome.cases)
    sample = sample_panel(around.sample) if around.sample else None
    return AttemptPanel(
        attempt=outcome.attempt,
        run_id=run_id,
        run_href=links.run(run_id),
        run_name=config.run_name,
        task=outcome.task,
        task_href=links.task_of(config.kind, outcome.task),
        title=card.title if card else "",
        model=outcome.model,
        model_href=links.model(outcome.model),
        sample=outcome.sample,
        status=status_of(outcome.category),
        category=outcome.category,
        counts=outcome.is_scored and is_evaluated(outcome.category),
        is_scored=outcome.is_scored or outcome.category is not None,
        headline=headline(outcome),
        message=clean(outcome.message),
        mark=around.mark,
        is_mock=outcome.is_mock,
        from_cache=outcome.from_cache,
        replaced_by=_named(run_id, around.replaced_by),
        replaces=_named(run_id, around.replaces),
        previous=_named(run_id, around.previous),
        next=_named(run_id, around.next),
        next_failure=_named(run_id, around.next_failure),
        started_at=outcome.started_at,
        finished_at=outcome.finished_at,
        seconds=outcome.duration_seconds,
        api_latency_seconds=outcome.api_latency_seconds,
        first_token_seconds=outcome.first_token_seconds,
        phases=tuple(PhaseTime(name, seconds) for name, seconds in outcome.phases.items()),
        usage=outcome.usage,
        money=Money(row.cost_nanousd, is_local=local),
        score=outcome.score,
        turns=outcome.turns,
        steps=outcome.steps,
        worker=outcome.worker,
        cases=tuple(_clean_case(case) for case in outcome.cases),
        cases_passed=passed,
        patch=outcome.patch,
        judge=outcome.judge,
        command=shlex.join(outcome.judge.command) if outcome.judge else "",
        prompt=sample.question if sample else _text(run_id, folder, paths.PROMPT, texts, LONG_TEXT),
        answer=sample.answer if sample else _text(run_id, folder, paths.RESPONSE, texts, LONG_TEXT),
        diff=_diff(run_id, folder, paths.PATCH, texts),
        logs=tuple(text for name in LOGS if (text := _text(run_id, folder, name, texts)) is not None),
        images=_images(run_id, folder, outcome),
        episode=episode(run_id, folder, around.recorded, around.log),
        sample_record=sample,
        passed_at_turn=outcome.passed_at_turn if outcome.category else None,
        later_turns=tuple(
            _turn(number, outcome, run_id, folder, texts) for number in range(2, min(outcome.turns, MOST_TURNS) + 1)
        ),
    )


def _turn(number: int, outcome: Attempt, run_id: str, folder: str, texts: Mapping[str, RawText]) -> Turn:
    logs = (_text(run_id, folder, paths.of_turn(name, number), texts) for name in LOGS)
    return Turn(
        number=number,
        passed=outcome.passed_at_turn == number,
        prompt=_text(run_id, folder, paths.of_turn(paths.PROMPT, number), texts, LONG_TEXT),
        answer=_text(run_id, folder, paths.of_turn(paths.RESPONSE, number), texts, LONG_TEXT),
        diff=_diff(run_id, folder, paths.of_turn(paths.PATCH, number), texts),
        logs=tuple(text for text in logs if text is not None),
    )


def headline(outcome: Attempt) -> str:
    """`failed, 9 of 12 tests passed`; without cases, the message says why."""
    status = status_of(outcome.category).replace("_", " ")
    if outcome.cases and outcome.category in (None, "tests_failed"):
        passed = sum(case.status == "passed" for case in outcome.cases)
        return f"{status}, {passed} of {len(outcome.cases)} tests passed"
    reason = clean(outcome.message).split("\n", 1)[0]
    return f"{status}, {reason}" if reason and outcome.category is not None else status


def is_published(artifact: Artifact) -> bool:
    """Whether the site carries a file besides the attempt's page: a picture, or a text too long to stand in it."""
    return links.is_picture(artifact.name) or (artifact.name in SHOWN and artifact.bytes > ALWAYS_WHOLE)


def _text(
    run_id: str, folder: str, name: str, texts: Mapping[str, RawText], lines: int | None = None
) -> LogText | None:
    raw = texts.get(name)
    if raw is None:
        return None
    href = links.artifact(run_id, f"{folder}/{name}") if raw.total_bytes > ALWAYS_WHOLE else None
    return log_text(name, raw, href, lines) if lines else log_text(name, raw, href)


def _diff(run_id: str, folder: str, name: str, texts: Mapping[str, RawText]) -> Diff | None:
    raw = texts.get(name)
    if raw is None or raw.is_binary:
        return None
    href = links.artifact(run_id, f"{folder}/{name}") if raw.total_bytes > ALWAYS_WHOLE else None
    return diff(raw, href)


def _images(run_id: str, folder: str, outcome: Attempt) -> tuple[Image, ...]:
    pictures = (artifact for artifact in outcome.artifacts if links.is_picture(artifact.name))
    return tuple(Image(one.name, links.artifact(run_id, f"{folder}/{one.name}"), one.bytes) for one in pictures)


def _named(run_id: str, attempt_id: str | None) -> Neighbour | None:
    return Neighbour(attempt_id, links.attempt(run_id, attempt_id)) if attempt_id else None


def _clean_case(case: CaseResult) -> CaseResult:
    return CaseResult(clean(case.id), case.status, case.seconds, clean(case.message))
